/**
 * The story of the demo workspace as a row of happenings in the order of time. The teller asks `first` for what is known from
 * the start and, whenever a lead has entered a stage, `next` for what people do about it. Pure: time and chance come in.
 */
import type { Input } from "../flow/input.ts";
import type { LeadState } from "../flow/state.ts";
import { type Identities, keysOf } from "../identity/identity.ts";
import { firstVisit, laterBehaviour, profileOf } from "./behaviour.ts";
import { dayOf, MINUTE_MS, startOfDay } from "./calendar.ts";
import { makePlan, DAYS, type Planned } from "./plan.ts";
import { seeded } from "./random.ts";
import { type Deed, type Desk, movesOf } from "./sales.ts";

/** `plan` says whom it concerns. What makes a lead says by which identities it is known. */
export type Happening = { readonly at: number; readonly plan: number } & (
  | { readonly kind: "arrives"; readonly input: Input; readonly keys: ReturnType<typeof keysOf> }
  | { readonly kind: "done"; readonly does: (lead: LeadState) => readonly Deed[] }
);

export type Story = {
  /** When the workspace was set up: some days before the first lead. */
  readonly begins: number;
  readonly first: readonly Happening[];
  /** What follows from a lead having entered a stage. */
  readonly next: (plan: number, before: LeadState | null, after: LeadState) => readonly Happening[];
  readonly plans: readonly Planned[];
};

export const SEED = "hallvik";

/** @param end the last moment of the story, "now" */
export function makeStory(end: number, desk: Desk, seed: string = SEED): Story {
  const lastDay = dayOf(end);
  const { leads, market } = makePlan(seeded(seed), lastDay, end);
  const first = leads.flatMap((planned) => [
    arrival(planned, lastDay, firstVisit(planned, market)),
    ...laterBehaviour(planned, market, end).map((touches): Happening => {
      const at = Math.max(...touches.map((touch) => touch.at ?? 0)) + 1000;
      return { at, plan: planned.number, kind: "done", does: () => [{ by: byWhom(touches[0]?.kind), input: { kind: "touches", touches } }] };
    }),
  ]);
  return {
    begins: startOfDay(lastDay - DAYS - 12) + 9 * 60 * MINUTE_MS,
    first: first.filter(({ at }) => at < end),
    plans: leads,
    next: (plan, before, after) => {
      if (before !== null && before.stage === after.stage && before.passes[before.stage] === after.passes[after.stage]) return [];
      const moves = movesOf(leads[plan] as Planned, after, desk);
      return moves.filter(({ at }) => at < end).map(({ at, does }): Happening => ({ at: Math.max(Math.floor(at), after.stageAt), plan, kind: "done", does }));
    },
  };
}

function arrival(planned: Planned, lastDay: number, touches: ReturnType<typeof firstVisit>): Happening {
  const patch = profileOf(planned, lastDay);
  const known: Identities = { email: patch.email, phone: patch.phone };
  return { at: planned.at, plan: planned.number, kind: "arrives", input: { kind: "capture", patch, touches }, keys: keysOf(known) };
}

/** Behaviour is reported by the website and the mail system. */
function byWhom(kind: string | undefined): string {
  return kind?.startsWith("mail") === true ? "mail" : "website";
}
