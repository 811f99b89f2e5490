/**
 * Scoring: how interesting is this lead, and why?
 *
 * A score is never a bare number: it travels with its ledger, pairs of (rule number, hundredths of a point) that add up to
 * it exactly. Rule numbers are places in the model; negative ones are bounds: -1 … -5 the cap of a section (in the order
 * of SECTIONS), -9 the floor or ceiling of the total. Nothing here depends on the order in which touches arrived.
 */
import { SECTIONS, type ScoreModel, type ScoreRule, type Section } from "../config/config.ts";
import { compileFilter, type Filter, type Predicate, type Subject, type TouchWindow, windowsOf } from "../filter/filter.ts";
import { subjectOf } from "../flow/subject.ts";
import type { Heat, LeadState, Scores, Signal } from "../flow/state.ts";
import { dayOf, startOfDay } from "../time.ts";
import { SIGNAL_DAYS } from "./signals.ts";

export const BOUND_TOTAL = -9;

type Rule = {
  readonly section: number;
  /** Hundredths on a day, before any bound. */
  readonly points: (state: LeadState, today: number, now: number, subject: Subject) => number;
  /**
   * How time alone changes the points: never; as touches that count grow old (`ageing`: what has come to nothing stays
   * nothing); or even from nothing (`restless`).
   */
  readonly time: "never" | "ageing" | "restless";
  /** The only days on which they can change; without it they may change on any day. */
  readonly turns?: (state: LeadState) => readonly number[];
};

export type CompiledModel = {
  readonly model: ScoreModel;
  readonly rules: readonly Rule[];
  readonly caps: readonly (number | null)[];
  /** Rules that time can move even from nothing. */
  readonly restless: readonly Rule[];
  /** So many days after capture and the last touch, time changes nothing any more. */
  readonly memoryDays: number;
};

export function compileModel(model: ScoreModel): CompiledModel {
  const rules = model.rules.map(compileRule);
  return {
    model,
    rules,
    restless: rules.filter(({ time }) => time === "restless"),
    caps: SECTIONS.map((section) => model.caps[section] ?? null),
    memoryDays: Math.max(
      SIGNAL_DAYS,
      model.heat.hot.withinDays,
      model.heat.warm.withinDays,
      ...model.rules.flatMap((rule) => (rule.kind === "age" ? rule.steps.map((step) => step.days) : [])),
    ),
  };
}

/** Scores a lead as of `now` (ms). `configNumber` names the model in the answer. */
export function scoreLead(compiled: CompiledModel, configNumber: number, state: LeadState, now: number): Scores {
  const ledger: number[] = [];
  const sums = [0, 0, 0, 0, 0];
  const today = dayOf(now);
  const subject = subjectOf(state);
  for (let number = 0; number < compiled.rules.length; number++) {
    const rule = compiled.rules[number] as Rule;
    const points = rule.points(state, today, now, subject);
    if (points === 0) continue;
    ledger.push(number, points);
    sums[rule.section] = (sums[rule.section] as number) + points;
  }
  return finish(compiled, configNumber, sums, ledger, now);
}

type Outlook = { readonly total: number; readonly engagement: number };

type Future = {
  readonly on: (day: number) => Outlook;
  /** The only days on which anything can change, when that can be said. */ readonly turns: readonly number[] | null;
};

/** What becomes of a lead that has just been scored, if nothing happens. What time cannot change is taken from the ledger. */
export function outlook(compiled: CompiledModel, state: LeadState, { ledger }: Scores): Future {
  const still = [0, 0, 0, 0, 0];
  const moving = [...compiled.restless];
  for (let i = 0; i < ledger.length; i += 2) {
    const rule = compiled.rules[ledger[i] as number];
    if (rule?.time === "never") still[rule.section] = (still[rule.section] as number) + (ledger[i + 1] as number);
    else if (rule?.time === "ageing") moving.push(rule);
  }
  const subject = subjectOf(state);
  const on = (day: number): Outlook => {
    const sums = [...still];
    for (const rule of moving) sums[rule.section] = (sums[rule.section] as number) + rule.points(state, day, startOfDay(day), subject);
    let total = 0;
    for (let i = 0; i < sums.length; i++) total += bounded(sums[i] as number, compiled.caps[i] ?? null);
    return { total: Math.min(compiled.model.ceiling, Math.max(compiled.model.floor, total)), engagement: bounded(sums[1] as number, compiled.caps[1] ?? null) };
  };
  const known = moving.every(({ turns }) => turns !== undefined);
  return { on, turns: known ? moving.flatMap(({ turns }) => turns?.(state) ?? []) : null };
}

function bounded(sum: number, cap: number | null): number {
  return cap !== null && sum > cap ? cap : sum;
}

function finish({ model, caps }: CompiledModel, configNumber: number, sums: number[], ledger: number[], now: number): Scores {
  let total = 0;
  for (let i = 0; i < sums.length; i++) {
    const sum = sums[i] as number;
    const kept = bounded(sum, caps[i] ?? null);
    if (kept !== sum) ledger.push(-1 - i, kept - sum);
    sums[i] = kept;
    total += kept;
  }
  const clamped = Math.min(model.ceiling, Math.max(model.floor, total));
  if (clamped !== total) ledger.push(BOUND_TOTAL, clamped - total);
  const [fit = 0, engagement = 0, bant = 0, quality = 0, freshness = 0] = sums;
  return { total: clamped, fit, engagement, bant, quality, freshness, ledger, model: configNumber, at: now };
}

function compileRule(rule: ScoreRule): Rule {
  const section = SECTIONS.indexOf(rule.section);
  switch (rule.kind) {
    case "field": {
      const when = compileFilter(rule.when);
      const windows = windowsOf(rule.when);
      return {
        section,
        points: (_state, _today, now, subject) => (when(subject, now) ? rule.points : 0),
        ...(windows.length === 0 ? { time: "never" } : { time: "restless", turns: (state) => daysOut(windows, state) }),
      };
    }
    case "signal":
      return {
        section,
        points: (state, today) => signalPoints(rule, state.signals[rule.facet], today),
        time: rule.windowDays !== null || rule.halfLifeDays !== null ? "ageing" : "never",
        ...(rule.halfLifeDays === null && rule.windowDays !== null
          ? { turns: (state) => daysOut([{ facet: rule.facet, withinDays: rule.windowDays as number }], state) }
          : {}),
      };
    case "filled":
      return { section, points: (_state, _today, _now, subject) => filledPoints(rule, subject), time: "never" };
    case "age":
      return {
        section,
        points: (state, today) => agePoints(rule, state, today),
        time: "restless",
        turns: (state) => rule.steps.map((step) => dayOf(ageFrom(rule, state)) + step.days + 1),
      };
  }
}

/** The days on which touches leave a window. */
function daysOut(windows: readonly TouchWindow[], state: LeadState): readonly number[] {
  const days: number[] = [];
  for (const { facet, withinDays } of windows) {
    const signal = Object.hasOwn(state.signals, facet) ? state.signals[facet] : undefined;
    if (signal !== undefined) for (let i = 0; i < signal.days.length; i += 2) days.push((signal.days[i] as number) + withinDays);
  }
  return days;
}

type SignalRule = Extract<ScoreRule, { kind: "signal" }>;

/** Points of a signal rule on a day: each touch in the window (or only the latest day's one) times its decay, then the cap. */
export function signalPoints(rule: SignalRule, signal: Signal | undefined, today: number): number {
  if (signal === undefined) return 0;
  const sum = signalSum(rule, signal, today);
  if (rule.cap === null) return sum;
  return rule.points >= 0 ? Math.min(sum, rule.cap) : Math.max(sum, -rule.cap);
}

/** The same before the cap. */
export function signalSum(rule: SignalRule, signal: Signal, today: number): number {
  const from = rule.windowDays === null ? Number.NEGATIVE_INFINITY : today - rule.windowDays + 1;
  const decay = rule.halfLifeDays === null ? null : decayTable(rule.halfLifeDays);
  let sum = 0;
  for (let i = signal.days.length - 2; i >= 0; i -= 2) {
    const day = signal.days[i] as number;
    if (day > today) continue;
    if (day < from) break;
    const factor = decay === null ? 1_000_000 : (decay[today - day] ?? 0);
    sum += Math.round((rule.points * (rule.each ? (signal.days[i + 1] as number) : 1) * factor) / 1_000_000);
    if (!rule.each) break;
  }
  return sum;
}

const tables = new Map<number, readonly number[]>();

/** Millionths that are left after 0, 1, 2 … days: 2^(−days ÷ half-life), to the nearest millionth. */
export function decayTable(halfLifeDays: number): readonly number[] {
  let table = tables.get(halfLifeDays);
  if (table === undefined) {
    table = Array.from({ length: 401 }, (_, days) => Math.round(1_000_000 * 2 ** (-days / halfLifeDays)));
    tables.set(halfLifeDays, table);
  }
  return table;
}

function filledPoints(rule: Extract<ScoreRule, { kind: "filled" }>, subject: Subject): number {
  let filled = 0;
  for (const field of rule.fields) {
    const value = subject.read(field);
    if (value !== null && value !== "") filled++;
  }
  return rule.fields.length === 0 ? 0 : Math.round((rule.points * filled) / rule.fields.length);
}

function agePoints(rule: Extract<ScoreRule, { kind: "age" }>, state: LeadState, today: number): number {
  const age = Math.max(0, today - dayOf(ageFrom(rule, state)));
  for (const step of rule.steps) if (age <= step.days) return step.points;
  return 0;
}

function ageFrom(rule: Extract<ScoreRule, { kind: "age" }>, state: LeadState): number {
  return rule.since === "touch" ? (lastTouch(state) ?? state.capturedAt) : state.capturedAt;
}

export function lastTouch(state: LeadState): number | null {
  let last: number | null = null;
  for (const facet in state.signals) {
    const at = (state.signals[facet] as Signal).last;
    if (last === null || at > last) last = at;
  }
  return last;
}

/** Hot, warm or cold by strength and recency of engagement (SCO-10). */
export function heatOf(model: ScoreModel, state: LeadState, engagement: number, today: number): Heat {
  const last = lastTouch(state);
  if (last === null) return "cold";
  const age = today - dayOf(last);
  const fits = (bound: ScoreModel["heat"]["hot"]) => engagement >= bound.engagement && age < bound.withinDays;
  return fits(model.heat.hot) ? "hot" : fits(model.heat.warm) ? "warm" : "cold";
}

/** A definition whose answer time alone can change. */
export type Watch = { readonly when: Predicate; readonly windows: readonly TouchWindow[] };

export function compileWatch(criteria: Filter): Watch {
  return { when: compileFilter(criteria), windows: windowsOf(criteria) };
}

/** How many days ahead a timer looks for a change. */
const HORIZON_DAYS = 400;

/**
 * The start of the first day on which, if nothing happens, the score has moved a whole point, crosses one of `bounds`
 * (hundredths), the heat changes or one of `watched` answers differently. Null when that is not within 400 days. Only where
 * a half-life is at work is every day looked at; everything else changes on days that can be told.
 */
export function nextScoreChange(compiled: CompiledModel, state: LeadState, now: number, bounds: readonly number[], watched: readonly Watch[]): number | null {
  const today = dayOf(now);
  const { on, turns } = outlook(compiled, state, state.scores);
  const watchDays = new Set(watched.flatMap(({ windows }) => daysOut(windows, state)));
  const changes = changeOf(compiled, state, now, bounds, watched, watchDays);
  if (turns === null) {
    const newest = dayOf(Math.max(lastTouch(state) ?? state.capturedAt, state.capturedAt));
    for (let day = today + 1; day <= today + HORIZON_DAYS; day++) {
      if (changes(day, on(day))) return startOfDay(day);
      if (day - newest > compiled.memoryDays) return null;
    }
    return null;
  }
  let first: number | null = null;
  for (const day of [...turns, ...watchDays, ...heatTurns(compiled.model, state)])
    if (day > today && day <= today + HORIZON_DAYS && (first === null || day < first) && changes(day, on(day))) first = day;
  return first === null ? null : startOfDay(first);
}

/** The days on which the last touch becomes too old for hot or warm. */
function heatTurns({ heat }: ScoreModel, state: LeadState): readonly number[] {
  const last = lastTouch(state);
  return last === null ? [] : [dayOf(last) + heat.hot.withinDays, dayOf(last) + heat.warm.withinDays];
}

/** Whether a day to come differs from now in a way that matters. A watched answer can only differ on a day a touch leaves its window, or with another score. */
function changeOf(
  compiled: CompiledModel,
  state: LeadState,
  now: number,
  bounds: readonly number[],
  watched: readonly Watch[],
  watchDays: ReadonlySet<number>,
): (day: number, then: Outlook) => boolean {
  const { total } = state.scores;
  const answers = watched.map(({ when }) => when(subjectOf(state), now));
  return (day, then) =>
    Math.abs(then.total - total) >= 100 ||
    bounds.some((bound) => total >= bound !== then.total >= bound) ||
    heatOf(compiled.model, state, then.engagement, day) !== state.heat ||
    ((then.total !== total || watchDays.has(day)) && watched.some(({ when }, i) => when(subjectOf(state, then.total), startOfDay(day)) !== answers[i]));
}

export function sectionOf(rule: number, model: ScoreModel): Section | "total" {
  if (rule === BOUND_TOTAL) return "total";
  if (rule < 0) return SECTIONS[-1 - rule] as Section;
  return (model.rules[rule] as ScoreRule).section;
}
