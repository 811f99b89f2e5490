/** How filters read a lead: the names of `interface` fields over a state. */
import { type FieldContent, foldContent, type Subject } from "../filter/filter.ts";
import { countTouches } from "../scoring/signals.ts";
import type { BantPart, LeadState, ProfileKey } from "./state.ts";

/** `total` replaces the stored score, so that a day to come can be asked about. Many rules ask for the same few fields, so what was folded once is kept. */
export function subjectOf(state: LeadState, total: number = state.scores.total): Subject {
  const folded = new Map<string, FieldContent>();
  return {
    read: (field) => readerOf(field)(state, total),
    folded: (field) => {
      let content = folded.get(field);
      if (content === undefined) {
        content = foldContent(readerOf(field)(state, total));
        folded.set(field, content);
      }
      return content;
    },
    touches: (facet, withinDays, today) => countTouches(Object.hasOwn(state.signals, facet) ? state.signals[facet] : undefined, withinDays, today),
  };
}

type Reader = (state: LeadState, total: number) => FieldContent;

const READERS = new Map<string, Reader>(
  Object.entries({
    score: (_state, total) => total / 100,
    stage: (state) => state.stage,
    status: (state) => state.status,
    heat: (state) => state.heat,
    owner: (state) => state.ownerId,
    team: (state) => state.team,
    import: (state) => state.importId,
    tags: (state) => state.tags,
    capturedAt: (state) => state.capturedAt,
    createdAt: (state) => state.createdAt,
    updatedAt: (state) => state.updatedAt,
    stageAt: (state) => state.stageAt,
  } satisfies Record<string, Reader>),
);

/** How many readers of custom names are kept; configurations name far fewer. */
const KEPT = 10_000;

function readerOf(field: string): Reader {
  let reader = READERS.get(field);
  if (reader === undefined) {
    reader = makeReader(field);
    if (READERS.size < KEPT) READERS.set(field, reader);
  }
  return reader;
}

function makeReader(field: string): Reader {
  const dot = field.indexOf(".");
  if (dot < 0) return (state) => state[field as ProfileKey] ?? null;
  const key = field.slice(dot + 1);
  switch (field.slice(0, dot)) {
    case "fields":
      return (state) => state.fields[key] ?? null;
    case "bant":
      return (state) => state.bant[key as BantPart] ?? null;
    case "consent":
      return (state) => state.consent[key]?.given ?? null;
    case "scores":
      return (state) => (state.scores[key as "fit"] ?? 0) / 100;
    default:
      return () => null;
  }
}
