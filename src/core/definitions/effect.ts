/**
 * What a definition would do to a lead, asked of the very code that will do it: `rescoreOnly` and `react`, as publishing calls
 * them. Nothing is written, and what a reaction asks of the world is answered with the first there is: whose turn it is does
 * not decide how far a lead goes.
 */
import type { CompiledConfig } from "../config/compile.ts";
import type { Answer, Meta, Need } from "../flow/input.ts";
import { react, rescoreOnly } from "../flow/react.ts";
import type { LeadState } from "../flow/state.ts";
import { subjectOf } from "../flow/subject.ts";
import { scoreLead } from "../scoring/scoring.ts";

/** Whether the lead would have to look again. Takes a state with what scoring reads; `entersWith` needs the whole. */
export function wouldLook(next: CompiledConfig, lead: LeadState, now: number): boolean {
  return rescoreOnly(next, lead, now) === null;
}

/** The stages the lead would enter by itself. */
export function entersWith(next: CompiledConfig, lead: LeadState, now: number): readonly string[] {
  const meta: Meta = { leadId: lead.id, inputId: lead.id, now, actor: "publish", contested: [] };
  const reaction = react(next, lead, { kind: "look" }, meta);
  for (let step = reaction.next(); ;) {
    if (step.done === true) return step.value.kind === "done" ? step.value.facts.flatMap(({ stage }) => (stage === null ? [] : [stage])) : [];
    step = reaction.next(answerTo(step.value));
  }
}

function answerTo(need: Need): Answer {
  switch (need.kind) {
    case "deal":
      return { kind: "deal", index: 0 };
    case "company":
      return { kind: "company", id: need.candidate };
    case "former":
      return { kind: "former", former: null };
    case "changedSince":
      return { kind: "changedSince", fields: [] };
    case "note":
      return { kind: "note", note: null };
    case "exists":
      return { kind: "exists", name: null };
  }
}

/** Whether the lead, scored today, meets what the stage asks. True where nothing is asked. */
export function meets(next: CompiledConfig, stageId: string, lead: LeadState, now: number): boolean {
  const definition = next.definitions.find(({ stage }) => stage === stageId);
  const at = Math.max(now, lead.scores.at);
  return definition === undefined || definition.when(subjectOf({ ...lead, scores: scoreLead(next.model, next.number, lead, at) }), at);
}
