/**
 * The working copy of a lead inside one reaction: fields are replaced, never changed in place, so that the state that came
 * in stays what it was and the caller can tell by identity what is new.
 */
import type { CompiledConfig } from "../config/compile.ts";
import { deriveId } from "../ids.ts";
import type { NewEffect } from "../mail/effects.ts";
import type { Note } from "../notes/notes.ts";
import type { AcceptedTouch, Fact, Input, Meta, NewCompany, Refusal } from "./input.ts";
import type { LeadState } from "./state.ts";

export type Draft = { -readonly [K in keyof LeadState]: LeadState[K] };

export type Work = {
  readonly config: CompiledConfig;
  readonly meta: Meta;
  readonly input: Input;
  readonly lead: Draft;
  readonly isNew: boolean;
  readonly wasResting: boolean;
  readonly facts: Fact[];
  readonly touches: AcceptedTouch[];
  readonly companies: NewCompany[];
  readonly notes: Note[];
  undoes: number | null;
  readonly effects: NewEffect[];
  /** Profile, stage or owner changed: the version rises. */
  versioned: boolean;
  /** Anything at all changed that a person would call a change. */
  changed: boolean;
  nextOrdinal: number;
};

export function newId(work: Work): string {
  return deriveId(work.meta.inputId, work.nextOrdinal++);
}

/** Adds a thing where it will stand when the lead is read back: by creation and, within one moment, by id. */
export function added<T extends { readonly id: string; readonly createdAt: number }>(things: readonly T[], thing: T): readonly T[] {
  let place = things.length;
  for (let before = things[place - 1]; before !== undefined && before.createdAt === thing.createdAt && before.id > thing.id; before = things[place - 1])
    place--;
  return [...things.slice(0, place), thing, ...things.slice(place)];
}

export function note(work: Work, type: string, data: Readonly<Record<string, unknown>>, at: number = work.meta.now, stage: string | null = null): void {
  work.facts.push({ type, at, stage, data });
}

export function refuse(status: Refusal["status"], type: string, detail: string, errors: Refusal["errors"] = []): Refusal {
  return { kind: "refused", status, type, detail, errors };
}

/** Thrown inside a reaction to leave it from any depth; `react` turns it into its answer. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

const NOTHING: Readonly<Record<string, never>> = {};

/** A lead before anything happened to it. */
export function blankLead(meta: Meta, capturedAt: number): LeadState {
  return {
    id: meta.leadId,
    number: 0,
    version: 0,
    email: null,
    phone: null,
    externalId: null,
    firstName: null,
    lastName: null,
    company: null,
    jobTitle: null,
    country: null,
    city: null,
    website: null,
    source: null,
    campaign: null,
    companyId: null,
    fields: NOTHING,
    bant: { budget: null, authority: null, need: null, timeline: null },
    consent: NOTHING,
    tags: [],
    provenance: NOTHING,
    stage: "",
    status: "new",
    stageAt: capturedAt,
    passes: NOTHING,
    met: [],
    resting: false,
    ownerId: null,
    team: null,
    heat: "cold",
    scores: { total: 0, fit: 0, engagement: 0, bant: 0, quality: 0, freshness: 0, ledger: [], model: 0, at: meta.now },
    signals: NOTHING,
    tasks: [],
    opportunities: [],
    contacts: [],
    timers: NOTHING,
    importId: null,
    deletedAt: null,
    capturedAt,
    createdAt: meta.now,
    updatedAt: meta.now,
  };
}
