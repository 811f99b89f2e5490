/**
 * What would raise a score most: fields that are not known yet and touches that would count. What each would give is found
 * by scoring the lead as it would be, so caps, bounds and what a touch does to other rules are in the figure.
 */
import type { Config, Facet } from "../config/config.ts";
import type { Condition, Op, Scalar, TouchCount } from "../filter/filter.ts";
import { subjectOf } from "../flow/subject.ts";
import { BANT_PARTS, type FieldValue, type LeadState, PROFILE_KEYS } from "../flow/state.ts";
import { gapsOf, leavesOf } from "../qualification/missing.ts";
import { dayOf } from "../time.ts";
import { type CompiledModel, scoreLead } from "./scoring.ts";
import { addTouch } from "./signals.ts";

/** One thing that could become so: a field holds something (`known`: whatever it is), or further touches of a facet come today. */
export type RaiseStep =
  | { readonly kind: "field"; readonly field: string; readonly op: "known" | Op; readonly value: Scalar | null }
  | { readonly kind: "touch"; readonly facet: string; readonly count: number };

/** `points` in hundredths: what the score would be higher, now. */
export type Raise = { readonly steps: readonly RaiseStep[]; readonly points: number };

/** So many things to ask for, and so many to happen. */
const MOST = 5;
/** More values than so many are not tried for one field. */
const VALUES = 24;

export function raiseMost(compiled: CompiledModel, facets: Config["facets"], state: LeadState, now: number): readonly Raise[] {
  const total = scoreLead(compiled, 0, state, now).total;
  const gain = (steps: readonly RaiseStep[]): Raise => ({ steps, points: scoreLead(compiled, 0, withSteps(state, steps, facets, now), now).total - total });
  const single = [...bestFields(compiled, state, gain), ...facetsOf(compiled).map((facet) => gain([{ kind: "touch", facet, count: 1 }]))];
  const joint = jointSteps(compiled, state, now)
    .map(gain)
    .filter(({ steps, points }) => !single.some((one) => one.points >= points && steps.some((step) => same(step, one.steps[0]))));
  const found = [...single, ...joint].filter(({ points }) => points > 0);
  return [...best(found.filter((one) => rank(one) === 0)), ...best(found.filter((one) => rank(one) === 1))].sort(byGain);
}

function best(found: readonly Raise[]): readonly Raise[] {
  return found.toSorted(byGain).slice(0, MOST);
}

/** Of two that give the same, the one that a question answers comes first. */
function byGain(a: Raise, b: Raise): number {
  return b.points - a.points || a.steps.length - b.steps.length || rank(a) - rank(b);
}

/** Whether it is a matter of asking only. */
function rank({ steps }: Raise): number {
  return steps.every(({ kind }) => kind === "field") ? 0 : 1;
}

function same(a: RaiseStep, b: RaiseStep | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false;
  return a.kind === "field" ? a.field === (b as typeof a).field : a.facet === (b as typeof a).facet;
}

type Gain = (steps: readonly RaiseStep[]) => Raise;

/** For each field that is not known, the value that would give most; where it does not matter which, that it is known. */
function bestFields(compiled: CompiledModel, state: LeadState, gain: Gain): readonly Raise[] {
  const values = new Map<string, Map<string, RaiseStep>>();
  const note = (field: string, step: RaiseStep | null): void => {
    if (!isOpen(state, field)) return;
    const mine = values.get(field) ?? new Map<string, RaiseStep>();
    values.set(field, mine);
    if (step !== null && mine.size < VALUES) mine.set(JSON.stringify(step), step);
  };
  for (const rule of compiled.model.rules) {
    if (rule.kind === "filled") for (const field of rule.fields) note(field, null);
    if (rule.kind === "field") for (const leaf of leavesOf(rule.when)) note(leaf.field, fieldStep(leaf));
  }
  return [...values].map(([field, steps]) => {
    const known = gain([{ kind: "field", field, op: "known", value: null }]);
    return [...steps.values()].map((step) => gain([step])).reduce((best, one) => (one.points > best.points ? one : best), known);
  });
}

/** Whether people can still fill it in. */
function isOpen(state: LeadState, field: string): boolean {
  const value = subjectOf(state).read(field);
  return isSettable(field) && (value === null || value === "");
}

/** Whether people fill it in on a lead. */
export function isSettable(field: string): boolean {
  const [group, key = ""] = field.split(/\.(.*)/s);
  if (group === "fields" || group === "consent") return key !== "";
  if (group === "bant") return (BANT_PARTS as readonly string[]).includes(key);
  return key === "" && (PROFILE_KEYS as readonly string[]).includes(field);
}

/** How the condition would be met by an empty field, or null where that is no plain answer. */
function fieldStep({ field, op, value }: Condition): RaiseStep | null {
  const [first] = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
  if (op === "ne" || first === undefined || first === null || typeof first === "object") return null;
  if (op === "isEmpty") return value === false ? { kind: "field", field, op: "known", value: null } : null;
  return { kind: "field", field, op, value: first };
}

/** Facets that the model looks at. */
function facetsOf({ model }: CompiledModel): readonly string[] {
  const found = model.rules.flatMap((rule) => {
    if (rule.kind === "signal") return [rule.facet];
    return rule.kind === "field" ? leavesOf(rule.when).flatMap(({ field }) => (field.startsWith("touches.") ? [field.slice(8)] : [])) : [];
  });
  return [...new Set(found)];
}

/** Rules that take several things at once: all that is missing, where all of it could come to be. */
function jointSteps(compiled: CompiledModel, state: LeadState, now: number): readonly (readonly RaiseStep[])[] {
  const subject = subjectOf(state);
  return compiled.model.rules.flatMap((rule) => {
    if (rule.kind !== "field" || rule.points <= 0) return [];
    const steps = gapsOf(rule.when, subject, now).map(({ condition, not }) => {
      if (not) return null;
      if (condition.field.startsWith("touches.")) return touchStep(condition, (facet, within) => subject.touches(facet, within, dayOf(now)));
      return isOpen(state, condition.field) ? fieldStep(condition) : null;
    });
    const whole = steps.filter((step) => step !== null);
    const names = new Set(whole.map((step) => (step.kind === "field" ? step.field : `touches.${step.facet}`)));
    if (whole.length !== steps.length || names.size !== whole.length) return [];
    const [first] = whole;
    const several = whole.length > 1 || (first?.kind === "touch" && first.count > 1);
    return several ? [whole] : [];
  });
}

function touchStep({ field, op, value }: Condition, count: (facet: string, within: number | null) => number): RaiseStep | null {
  const facet = field.slice(8);
  const wanted = value as TouchCount;
  const lacking = wanted.count - count(facet, wanted.withinDays ?? null) + (op === "gt" ? 1 : 0);
  return ["gte", "gt", "eq"].includes(op) && lacking > 0 && lacking <= 100 ? { kind: "touch", facet, count: lacking } : null;
}

/** The lead as it would be. */
export function withSteps(state: LeadState, steps: readonly RaiseStep[], facets: readonly Facet[], now: number): LeadState {
  return steps.reduce((lead, step) => (step.kind === "field" ? withField(lead, step, now) : withTouches(lead, step, facets, now)), state);
}

/** Known, but nothing in particular: not empty, and no comparison holds. */
const SOMETHING = Number.NaN;

function withField(lead: LeadState, { field, op, value }: Extract<RaiseStep, { kind: "field" }>, now: number): LeadState {
  return withValue(lead, field, (op === "known" ? SOMETHING : op === "gt" ? beyond(value, 1) : op === "lt" ? beyond(value, -1) : value) as FieldValue, now);
}

/** A lead that holds this, too; `field` is one that can be set. */
export function withValue(lead: LeadState, field: string, content: FieldValue, now: number): LeadState {
  const [group, key = ""] = field.split(/\.(.*)/s);
  if (group === "fields") return { ...lead, fields: { ...lead.fields, [key]: content } };
  if (group === "bant") return { ...lead, bant: { ...lead.bant, [key]: content } };
  if (group === "consent") return { ...lead, consent: { ...lead.consent, [key]: { given: content !== false, at: now } } };
  return { ...lead, [field]: content };
}

/** The next value above or below; texts have one above only. */
function beyond(value: Scalar | null, by: 1 | -1): Scalar | null {
  if (typeof value === "number") return value + by;
  return typeof value === "string" && by === 1 ? `${value} ` : SOMETHING;
}

/** A touch of a facet is one of its kind, too. */
function withTouches(lead: LeadState, { facet, count }: Extract<RaiseStep, { kind: "touch" }>, facets: readonly Facet[], now: number): LeadState {
  const kind = facet.startsWith("form:") ? "formSubmit" : (facets.find(({ id }) => id === facet)?.kind ?? facet);
  const signals = { ...lead.signals };
  for (const name of new Set([kind, facet])) for (let i = 0; i < count; i++) signals[name] = addTouch(signals[name], now);
  return { ...lead, signals };
}
