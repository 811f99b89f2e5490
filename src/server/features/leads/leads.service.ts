/** Use cases of a lead that is there: edit it, move it, give it away, convert it. */
import type { Status } from "../../../core/config/config.ts";
import type { FormAnswers } from "../../../core/flow/state.ts";
import type { Deps } from "../../deps.ts";
import { invalid } from "../../problems.ts";
import { needsCountry, patchOf, type ProfileInput } from "./lead-patch.ts";
import { type Idempotency, named, type Write, write } from "./write.service.ts";

export async function editLead(
  deps: Deps,
  id: string,
  edit: ProfileInput,
  options: { readonly ifVersion: number | undefined; readonly idempotency: Idempotency },
): Promise<Write> {
  const target = named("lead", id);
  const country = needsCountry(edit) ? (await deps.configs.get(deps.db)).config.defaultCountry : null;
  return write(deps, { kind: "edit", patch: patchOf(edit, "clears", country), ifVersion: options.ifVersion }, target, options.idempotency);
}

export type StageMove = { readonly stage: string; readonly status?: Status | undefined; readonly reason?: string | undefined };

export async function moveLead(deps: Deps, id: string, move: StageMove, idempotency: Idempotency): Promise<Write> {
  return write(deps, { kind: "stage", ...move }, named("lead", id), idempotency);
}

export async function acceptLead(deps: Deps, id: string, idempotency: Idempotency): Promise<Write> {
  return write(deps, { kind: "accept" }, named("lead", id), idempotency);
}

export async function rejectLead(
  deps: Deps,
  id: string,
  { reason, status }: { readonly reason: string; readonly status?: Status | undefined },
  idempotency: Idempotency,
): Promise<Write> {
  if (reason.trim() === "") throw invalid("Returning a lead needs a reason: marketing learns from it.", [{ path: "reason", message: "is required" }]);
  return write(deps, { kind: "reject", reason: reason.trim(), status }, named("lead", id), idempotency);
}

export async function assignLead(
  deps: Deps,
  id: string,
  { owner, reason }: { readonly owner: string; readonly reason?: string | undefined },
  idempotency: Idempotency,
): Promise<Write> {
  return write(deps, { kind: "assign", owner, reason }, named("lead", id), idempotency);
}

export async function convertLead(
  deps: Deps,
  id: string,
  { form, name }: { readonly form?: FormAnswers | undefined; readonly name?: string | undefined },
  idempotency: Idempotency,
): Promise<Write> {
  const given = name?.trim();
  return write(deps, { kind: "convert", form: form ?? {}, name: given === "" ? undefined : given }, named("lead", id), idempotency);
}
