/** How filters read a lead: the names of `interface` fields over a state. */
import type { Scalar, Subject } from "../filter/filter.ts";
import { countTouches } from "../scoring/signals.ts";
import type { BantPart, LeadState, ProfileKey } from "./state.ts";

/** `total` replaces the stored score, so that a day to come can be asked about. */
export function subjectOf(state: LeadState, total: number = state.scores.total): Subject {
  return {
    read: (field) => readField(state, total, field),
    touches: (facet, withinDays, today) => countTouches(Object.hasOwn(state.signals, facet) ? state.signals[facet] : undefined, withinDays, today),
  };
}

function readField(state: LeadState, total: number, field: string): Scalar | readonly string[] | null {
  switch (field) {
    case "score":
      return total / 100;
    case "stage":
      return state.stage;
    case "status":
      return state.status;
    case "heat":
      return state.heat;
    case "owner":
      return state.ownerId;
    case "team":
      return state.team;
    case "tags":
      return state.tags;
    case "capturedAt":
      return state.capturedAt;
    case "createdAt":
      return state.createdAt;
    case "updatedAt":
      return state.updatedAt;
    case "stageAt":
      return state.stageAt;
    default:
      return readPart(state, field);
  }
}

function readPart(state: LeadState, field: string): Scalar | null {
  const dot = field.indexOf(".");
  if (dot < 0) return state[field as ProfileKey] ?? null;
  const key = field.slice(dot + 1);
  switch (field.slice(0, dot)) {
    case "fields":
      return state.fields[key] ?? null;
    case "bant":
      return state.bant[key as BantPart] ?? null;
    case "consent":
      return state.consent[key]?.given ?? null;
    case "scores":
      return (state.scores[key as "fit"] ?? 0) / 100;
    default:
      return null;
  }
}
