/**
 * Replay: a lead's recorded past, fed through `react` again. Whatever was looked up outside the lead at the time was recorded
 * with the input and is answered from there, so nothing is asked of the world.
 */
import type { CompiledConfig } from "../config/compile.ts";
import { hashState } from "./hash.ts";
import type { Answer, Contested, Input } from "./input.ts";
import { react, rescoreOnly } from "./react.ts";
import type { LeadState } from "./state.ts";

/** One number of a lead. A rescoring has no input of its own and no hash; its score is compared instead. */
export type Recorded = { readonly number: number; readonly now: number; readonly config: CompiledConfig } & (
  | {
      readonly kind: "input";
      readonly inputId: string;
      readonly actor: string;
      readonly input: Input;
      readonly answers: readonly Answer[];
      readonly contested: readonly Contested[];
      readonly hash: number;
    }
  | { readonly kind: "rescore"; readonly score: number }
);

export type Replayed = { readonly state: LeadState | null; readonly mismatches: readonly string[] };

/** Replays a lead from its first number, and goes on behind a number that comes out differently, so that the end can be compared too. */
export function replay(leadId: string, past: readonly Recorded[]): Replayed {
  let state: LeadState | null = null;
  const mismatches: string[] = [];
  for (const recorded of past) {
    const expected: number = (state?.number ?? 0) + 1;
    if (recorded.number !== expected)
      return { state, mismatches: [...mismatches, `number ${expected} is not recorded; the next recorded one is ${recorded.number}`] };
    const next: LeadState | string = recorded.kind === "rescore" ? rescored(recorded, state) : reacted(recorded, leadId, state);
    if (typeof next === "string") return { state, mismatches: [...mismatches, `number ${recorded.number}: ${next}`] };
    state = next;
    if (recorded.kind === "input" && hashState(state) !== recorded.hash)
      mismatches.push(`number ${recorded.number}: ${recorded.input.kind} leads to another state than at the time`);
  }
  return { state, mismatches };
}

function rescored(recorded: Extract<Recorded, { kind: "rescore" }>, state: LeadState | null): LeadState | string {
  const next = state === null ? null : rescoreOnly(recorded.config, state, recorded.now);
  if (next === null) return "the rescoring would now move the lead";
  return next.scores.total === recorded.score ? next : `rescored to ${next.scores.total} hundredths instead of ${recorded.score}`;
}

function reacted(recorded: Extract<Recorded, { kind: "input" }>, leadId: string, state: LeadState | null): LeadState | string {
  const { inputId, actor, input, contested, now } = recorded;
  const program = react(recorded.config, state, input, { leadId, inputId, now, actor, contested });
  let step = program.next();
  for (const answer of recorded.answers) {
    if (step.done === true) return `${input.kind} asked for less than it was answered at the time`;
    step = program.next(answer);
  }
  if (step.done !== true) return `${input.kind} asks for a ${step.value.kind} that was not recorded`;
  if (step.value.kind === "refused") return `${input.kind} is refused now: ${step.value.detail}`;
  return step.value.state;
}
