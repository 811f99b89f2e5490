/** Handing one input about a lead to the door, and what became of it in words a caller knows. */
import { bearerOf } from "../../../core/access/door.ts";
import type { Input, Refusal } from "../../../core/flow/input.ts";
import { isUndoable } from "../../../core/flow/undo.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import type { Outcome, Target } from "../../flow/item.ts";
import { notFound, Problem } from "../../problems.ts";
import { type LeadJson, leadView } from "./lead-view.ts";

export type Idempotency = { readonly key: string; readonly hash: string } | null;

export type Write =
  | { readonly outcome: "created" | "updated" | "unchanged"; readonly lead: LeadJson; readonly undo: number | null; readonly replayed: boolean }
  | { readonly outcome: "held"; readonly intakeId: string };

/** Answered after COMMIT. @throws Problem when the input is refused */
export async function write(deps: Deps, input: Input, target: Target, idempotency: Idempotency): Promise<Write> {
  return writeOf(await submit(deps, input, target, idempotency), input);
}

/** The same with the lead's whole state, for those who show a part of it. */
export async function submit(deps: Deps, input: Input, target: Target, idempotency: Idempotency): Promise<Outcome> {
  return deps.door.submit(deps.db.workspaceId, { inputId: deps.newId(), actor: deps.actor, bearer: bearerOf(deps.viewer), input, target, idempotency });
}

/** @throws Problem when the input was refused */
export function writeOf(outcome: Outcome, input: Input | null = null): Write {
  switch (outcome.kind) {
    case "done":
      return {
        outcome: outcome.outcome,
        lead: leadView(outcome.lead, outcome.config),
        undo: input === null ? null : undoOf(outcome, input),
        replayed: outcome.replayed,
      };
    case "held":
      return { outcome: "held", intakeId: outcome.id };
    case "refused":
      throw problemOf(outcome);
  }
}

/** The number by which this can be taken back, or null. */
export function undoOf(outcome: Extract<Outcome, { kind: "done" }>, input: Input): number | null {
  return isUndoable(input.kind) && outcome.outcome === "updated" && !outcome.replayed ? outcome.lead.number : null;
}

export function problemOf({ status, type, detail, errors }: Refusal): Problem {
  return new Problem(status, type, detail, errors, type === "idempotency-in-flight" ? 1 : null);
}

/** Something named by its id in a path. @throws Problem 404 for text that can be no id */
export function named(by: "lead" | "task" | "opportunity", id: string): Target {
  return { by, id: idOf(by, id) };
}

export function idOf(what: string, text: string): string {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw notFound(what, text);
  return id;
}
