/** What a change of many leads is for one of them, and in words. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { Status } from "../../../core/config/config.ts";
import { userRef } from "../../../core/config/people.ts";
import type { Input } from "../../../core/flow/input.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { invalid } from "../../problems.ts";

export type BulkChange =
  | { readonly action: "assign"; readonly owner: string; readonly reason?: string | undefined }
  | { readonly action: "stage"; readonly stage: string; readonly status?: Status | undefined; readonly reason?: string | undefined }
  | { readonly action: "tag"; readonly add?: string[] | undefined; readonly remove?: string[] | undefined }
  | { readonly action: "delete"; readonly reason?: string | undefined }
  | { readonly action: "restore" };

export function inputOf(change: BulkChange): Input {
  switch (change.action) {
    case "assign":
      return { kind: "assign", owner: change.owner, reason: change.reason };
    case "stage":
      return { kind: "stage", stage: change.stage, status: change.status, reason: change.reason };
    case "tag":
      return { kind: "tag", add: change.add ?? [], remove: change.remove ?? [] };
    case "delete":
      return { kind: "delete", reason: change.reason };
    case "restore":
      return { kind: "restore" };
  }
}

/** What every lead would be refused for is refused at once. @throws Problem 422 */
export function checkChange(change: BulkChange, { config, stages }: CompiledConfig): void {
  if (change.action === "tag" && (change.add ?? []).length + (change.remove ?? []).length === 0)
    throw invalid("This names no tag to add or to remove.", [{ path: "change.add", message: "or remove must name a tag" }]);
  if (change.action === "assign" && change.owner !== "route" && !config.users.some(({ id, active }) => id === change.owner && active))
    throw invalid(`There is no active user ${change.owner}.`, [{ path: "change.owner", message: 'must be the id of an active user, or "route"' }]);
  if (change.action !== "stage") return;
  const stage = stages.get(change.stage);
  if (stage === undefined)
    throw invalid(`There is no stage "${change.stage}".`, [{ path: "change.stage", message: `must be one of ${[...stages.keys()].join(", ")}` }]);
  if (stage.line === "exit" && (change.reason ?? "").trim() === "")
    throw invalid(`Moving leads to "${stage.label}" needs a reason.`, [{ path: "change.reason", message: "is required" }]);
}

/** Where a lead stands as far as the change is concerned. */
export function standing(change: BulkChange, lead: LeadState, config: CompiledConfig): string {
  switch (change.action) {
    case "assign":
      return userRef(config, lead.ownerId)?.name ?? lead.team ?? "Nobody";
    case "stage":
      return config.stages.get(lead.stage)?.label ?? lead.stage;
    case "tag":
      return lead.tags.join(", ");
    default:
      return lead.deletedAt === null ? "Leads" : "Bin";
  }
}
