/**
 * The ledger, line by line: which rule gave what, from which touches or values, what a half-life has taken and a cap cut off,
 * and when it changes by itself. All points are hundredths. Every figure is asked of the model's own rules.
 */
import { SECTIONS, type ScoreModel, type ScoreRule, type Section } from "../config/config.ts";
import type { FieldContent } from "../filter/filter.ts";
import { subjectOf } from "../flow/subject.ts";
import type { LeadState, Scores, Signal } from "../flow/state.ts";
import { leavesOf } from "../qualification/missing.ts";
import { dayOf, startOfDay } from "../time.ts";
import { BOUND_TOTAL, type CompiledModel, lastTouch, sectionOf, signalPoints, signalSum } from "./scoring.ts";

/** Touches of one day, and what they give today before the rule's cap. `at` is the start of the day. */
export type TouchDay = { readonly at: number; readonly touches: number; readonly points: number };

/** What a line stands on: touches of a facet, or what fields hold. */
export type Behind = {
  readonly facet: string | null;
  /** The newest day first; they add up to `before`. */
  readonly days: readonly TouchDay[];
  readonly fields: readonly { readonly field: string; readonly value: FieldContent }[];
};

export type LedgerLine = {
  readonly rule: string;
  readonly label: string;
  readonly kind: ScoreRule["kind"] | "bound";
  readonly section: Section | "total";
  readonly points: number;
  /** What the rule gives today before its cap. */
  readonly before: number;
  readonly cap: number | null;
  /** What its half-life has taken from it by now, its cap included: without one it would give `points + idle`. */
  readonly idle: number;
  /** The first day on which it gives something else, and what. */
  readonly next: { readonly at: number; readonly points: number } | null;
  /** From when on it gives nothing any more. */
  readonly expiresAt: number | null;
  readonly behind: Behind;
};

/** `earned − idle − cut = points`, the sum of the section. */
export type SectionSum = {
  readonly section: Section;
  readonly earned: number;
  readonly idle: number;
  /** What the section's cap cuts off. */
  readonly cut: number;
  readonly cap: number | null;
  readonly points: number;
};

const NOTHING: Behind = { facet: null, days: [], fields: [] };

/** The lines of a score that has just been taken as of `now`, in the order of the model, bounds last. Their points add up to it. */
export function ledgerLines(compiled: CompiledModel, state: LeadState, { ledger }: Scores, now: number): readonly LedgerLine[] {
  const lines: LedgerLine[] = [];
  for (let i = 0; i < ledger.length; i += 2) {
    const [number, points] = [ledger[i] as number, ledger[i + 1] as number];
    lines.push(number < 0 ? boundLine(compiled.model, number, points) : ruleLine(compiled, state, number, points, now));
  }
  return lines;
}

function boundLine(model: ScoreModel, number: number, points: number): LedgerLine {
  const section = sectionOf(number, model);
  const total = number === BOUND_TOTAL;
  return {
    rule: total ? "bound" : `cap-${section}`,
    label: total ? (points < 0 ? "Ceiling of the score" : "Floor of the score") : `Cap of ${SECTION_NAMES[section as Section]}`,
    kind: "bound",
    section,
    points,
    before: points,
    cap: total ? (points < 0 ? model.ceiling : model.floor) : (model.caps[section as Section] ?? 0),
    idle: 0,
    next: null,
    expiresAt: null,
    behind: NOTHING,
  };
}

function ruleLine(compiled: CompiledModel, state: LeadState, number: number, points: number, now: number): LedgerLine {
  const rule = compiled.model.rules[number] as ScoreRule;
  const today = dayOf(now);
  const signal = rule.kind === "signal" ? state.signals[rule.facet] : undefined;
  const counted = rule.kind === "signal" && signal !== undefined;
  return {
    rule: rule.id,
    label: rule.label,
    kind: rule.kind,
    section: rule.section,
    points,
    before: counted ? signalSum(rule, signal, today) : points,
    cap: rule.kind === "signal" ? rule.cap : null,
    idle: counted ? signalPoints({ ...rule, halfLifeDays: null }, signal, today) - points : 0,
    ...futureOf(compiled, state, number, points, today),
    behind: behind(rule, state, now),
  };
}

/** A half-life moves a rule every day until its table ends. */
const DECAY_DAYS = 401;

function futureOf(compiled: CompiledModel, state: LeadState, number: number, points: number, today: number): Pick<LedgerLine, "next" | "expiresAt"> {
  const rule = compiled.rules[number] as CompiledModel["rules"][number];
  if (rule.time === "never") return { next: null, expiresAt: null };
  const known = rule.turns?.(state);
  const days = known === undefined ? Array.from({ length: DECAY_DAYS }, (_, i) => today + 1 + i) : [...new Set(known)].sort((a, b) => a - b);
  const subject = subjectOf(state);
  let next: LedgerLine["next"] = null;
  let expiresAt: number | null = null;
  for (const day of days) {
    if (day <= today) continue;
    const then = rule.points(state, day, startOfDay(day), subject);
    if (next === null && then !== points) next = { at: startOfDay(day), points: then };
    if (then !== 0) expiresAt = null;
    else expiresAt ??= startOfDay(day);
  }
  return { next, expiresAt };
}

function behind(rule: ScoreRule, state: LeadState, now: number): Behind {
  const subject = subjectOf(state);
  switch (rule.kind) {
    case "signal": {
      const signal = state.signals[rule.facet];
      return { facet: rule.facet, days: signal === undefined ? [] : touchDays(rule, signal, dayOf(now)), fields: [] };
    }
    case "filled":
      return { ...NOTHING, fields: rule.fields.map((field) => ({ field, value: subject.read(field) })) };
    case "age": {
      const last = rule.since === "touch" ? lastTouch(state) : null;
      return { ...NOTHING, fields: [last === null ? { field: "capturedAt", value: state.capturedAt } : { field: "lastTouch", value: last }] };
    }
    case "field": {
      const fields = new Map<string, FieldContent>();
      for (const { field, value } of leavesOf(rule.when)) {
        const touches = field.startsWith("touches.") ? (value as { readonly withinDays?: number }) : null;
        fields.set(field, touches === null ? subject.read(field) : subject.touches(field.slice(8), touches.withinDays ?? null, dayOf(now)));
      }
      return { ...NOTHING, fields: [...fields].map(([field, value]) => ({ field, value })) };
    }
  }
}

/** What each day gives is asked of the rule with that day alone. */
function touchDays(rule: Extract<ScoreRule, { kind: "signal" }>, signal: Signal, today: number): readonly TouchDay[] {
  const days: TouchDay[] = [];
  const from = rule.windowDays === null ? Number.NEGATIVE_INFINITY : today - rule.windowDays + 1;
  for (let i = signal.days.length - 2; i >= 0; i -= 2) {
    const [day, touches] = [signal.days[i] as number, signal.days[i + 1] as number];
    if (day > today) continue;
    if (day < from) break;
    days.push({ at: startOfDay(day), touches, points: signalSum(rule, { ...signal, days: [day, touches] }, today) });
    if (!rule.each) break;
  }
  return days;
}

/** The sections that the model uses. What a negative rule has lost to time is no loss, and stands in `earned`. */
export function sectionSums(model: ScoreModel, lines: readonly LedgerLine[], scores: Scores): readonly SectionSum[] {
  return SECTIONS.filter((section) => model.rules.some((rule) => rule.section === section)).map((section) => {
    const mine = lines.filter((line) => line.section === section && line.kind !== "bound");
    const idle = mine.reduce((sum, line) => sum + Math.max(0, line.idle), 0);
    const before = mine.reduce((sum, line) => sum + line.points, 0);
    return { section, earned: before + idle, idle, cut: before - scores[section], cap: model.caps[section] ?? null, points: scores[section] };
  });
}

/** A part of a score in whole points. `bound`: what floor or ceiling changed. */
export type ScorePart = { readonly of: Section | "idle" | "caps" | "bound"; readonly points: number };

/** The score as a sum of few whole numbers that come out at the score as it is shown. Parts of nothing are left out. */
export function scoreParts(sections: readonly SectionSum[], total: number): readonly ScorePart[] {
  const sum = (read: (section: SectionSum) => number): number => sections.reduce((all, section) => all + read(section), 0);
  const exact: readonly ScorePart[] = [
    ...sections.map(({ section, earned }) => ({ of: section, points: earned })),
    { of: "idle", points: -sum(({ idle }) => idle) },
    { of: "caps", points: -sum(({ cut }) => cut) },
    { of: "bound", points: total - sum(({ points }) => points) },
  ];
  return wholePoints(exact, Math.round(total / 100)).filter(({ points }) => points !== 0);
}

/** Rounds so that the sum is `target`: who was rounded furthest the other way gives in first. */
function wholePoints(parts: readonly ScorePart[], target: number): readonly ScorePart[] {
  const rounded = parts.map(({ of, points }) => ({ of, points: Math.round(points / 100), error: Math.round(points / 100) - points / 100 }));
  let off = target - rounded.reduce((sum, { points }) => sum + points, 0);
  const order = rounded.toSorted((a, b) => (off > 0 ? a.error - b.error : b.error - a.error));
  for (const part of order) {
    if (off === 0) break;
    part.points += Math.sign(off);
    off -= Math.sign(off);
  }
  return rounded.map(({ of, points }) => ({ of, points: points === 0 ? 0 : points }));
}

export const SECTION_NAMES: Readonly<Record<Section, string>> = {
  fit: "fit",
  engagement: "engagement",
  bant: "BANT",
  quality: "data quality",
  freshness: "freshness",
};

/** "73 = 40 fit + 48 engagement − 15 idle". */
export function scoreSentence(total: number, parts: readonly ScorePart[]): string {
  const whole = Math.round(total / 100);
  const shown = whole < 0 ? `−${-whole}` : `${Math.abs(whole)}`;
  if (parts.length === 0) return `${shown}: nothing counts yet`;
  const words = parts.map(({ of, points }, i) => `${points < 0 ? (i === 0 ? "−" : "− ") : i === 0 ? "" : "+ "}${Math.abs(points)} ${partName(of, points)}`);
  return `${shown} = ${words.join(" ")}`;
}

export function partName(of: ScorePart["of"], points: number): string {
  if (of === "idle") return "idle";
  if (of === "caps") return "over a cap";
  if (of === "bound") return points < 0 ? "over the ceiling" : "up to the floor";
  return SECTION_NAMES[of];
}
