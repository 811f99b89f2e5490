/**
 * Signals: what a lead's touches of one facet add up to, by UTC day. Scoring reads only these, so a new window or model
 * needs no raw touch. Adding touches in any order gives the same signals.
 */
import type { Facet } from "../config/config.ts";
import type { Signal } from "../flow/state.ts";
import { isUuid } from "../ids.ts";
import { dayOf } from "../time.ts";

/** Days of behaviour a signal keeps, counted back from its newest touch. */
export const SIGNAL_DAYS = 400;

export function addTouch(signal: Signal | undefined, at: number): Signal {
  const day = dayOf(at);
  if (signal === undefined) return { first: at, last: at, total: 1, days: [day, 1] };
  return {
    first: Math.min(signal.first, at),
    last: Math.max(signal.last, at),
    total: signal.total + 1,
    days: countDay(signal.days, day, dayOf(Math.max(signal.last, at)) - SIGNAL_DAYS),
  };
}

/** Puts one more touch on `day`; days at or before `cutoff` are dropped. */
function countDay(days: readonly number[], day: number, cutoff: number): readonly number[] {
  const next: number[] = [];
  let placed = day <= cutoff;
  for (let i = 0; i < days.length; i += 2) {
    const at = days[i] as number;
    const count = days[i + 1] as number;
    if (at <= cutoff) continue;
    if (!placed && at >= day) {
      placed = true;
      if (at === day) {
        next.push(at, count + 1);
        continue;
      }
      next.push(day, 1);
    }
    next.push(at, count);
  }
  if (!placed) next.push(day, 1);
  return next;
}

/** Touches within the last `windowDays` UTC days, `today` included; null counts everything, also what is older than 400 days. Days after today do not count. */
export function countTouches(signal: Signal | undefined, windowDays: number | null, today: number): number {
  if (signal === undefined) return 0;
  if (windowDays === null) return signal.total;
  const from = today - windowDays + 1;
  let sum = 0;
  for (let i = 0; i < signal.days.length; i += 2) {
    const day = signal.days[i] as number;
    if (day >= from && day <= today) sum += signal.days[i + 1] as number;
  }
  return sum;
}

/** Under which submissions of one form add up. No configured facet is called so: they have no colon. */
export function formFacet(formId: string): string {
  return `form:${formId}`;
}

/** The facets a touch counts for: its kind, its form, and those configured whose property matches. */
export function facetsOf(facets: readonly Facet[], kind: string, props: Readonly<Record<string, unknown>> | null): readonly string[] {
  const found = [kind];
  const form = kind === "formSubmit" ? props?.["formId"] : undefined;
  if (typeof form === "string" && isUuid(form)) found.push(formFacet(form));
  for (const facet of facets) {
    if (facet.kind !== kind || props === null || !Object.hasOwn(props, facet.property)) continue;
    const value = props[facet.property];
    if (typeof value === "string" && matchesPattern(facet.pattern, value)) found.push(facet.id);
  }
  return found;
}

/** Whether text fits a pattern in which `*` stands for any text; upper and lower case are the same. Linear in the text. */
export function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const subject = text.toLowerCase();
  const first = parts[0] as string;
  if (parts.length === 1) return subject === first;
  if (!subject.startsWith(first)) return false;
  const last = parts[parts.length - 1] as string;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = subject.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return subject.length - last.length >= at && subject.endsWith(last);
}
