/**
 * What does it take? For a lead of certain values that has done nothing yet, the smallest sets of touches that bring its score
 * to a threshold if they all come today. All sets of the smallest size are found, and none smaller exists.
 *
 * What a number of touches gives is asked of the model's own rules. A rule that looks at one facet is a table of counts;
 * from these tables comes a bound that no set can exceed, so that only what can still reach the threshold is tried. Touches of
 * a facet count for its kind, too: facets stand in groups by kind.
 */
import { SECTIONS, type Config, type Facet, type ScoreRule } from "../config/config.ts";
import { subjectOf } from "../flow/subject.ts";
import { blankLead } from "../flow/draft.ts";
import type { FieldValue, LeadState, Signal } from "../flow/state.ts";
import { leavesOf } from "../qualification/missing.ts";
import { dayOf } from "../time.ts";
import { withValue } from "./raise.ts";
import { type CompiledModel, scoreLead } from "./scoring.ts";

/** A lead that holds these values, came today and has done nothing. Fields are those that can be set. */
export function personaOf(values: Readonly<Record<string, FieldValue>>, now: number): LeadState {
  const blank = blankLead({ leadId: "", inputId: "", now, actor: "persona", contested: [] }, now);
  return Object.entries(values).reduce((lead, [field, value]) => withValue(lead, field, value, now), { ...blank, stage: "inquiry" });
}

/** How often each facet is touched; those that are not are left out. */
export type TouchSet = { readonly touches: Readonly<Record<string, number>>; readonly score: number };

export type Reach = {
  /** Null: not with as many touches as were tried. */
  readonly touches: number | null;
  readonly sets: readonly TouchSet[];
  /** There are further sets of this size than those listed. */
  readonly more: boolean;
  /** What the lead has before it does anything, in hundredths. */
  readonly score: number;
  /** False: the search was given up, so nothing is said. */
  readonly exact: boolean;
};

export type ReachLimits = { readonly touches: number; readonly sets: number; readonly steps: number };
export const REACH_LIMITS: ReachLimits = { touches: 40, sets: 100, steps: 100_000 };

/** @param threshold hundredths */
export function reachOf(
  compiled: CompiledModel,
  facets: Config["facets"],
  persona: LeadState,
  threshold: number,
  now: number,
  limits: ReachLimits = REACH_LIMITS,
): Reach {
  const lead = { ...persona, signals: {} };
  const score = scoreLead(compiled, 0, lead, now).total;
  const world = worldOf(compiled, facets, lead, now, limits.touches);
  const search: Search = { world, threshold, most: limits.sets, steps: limits.steps, found: [], more: false };
  for (let size = 0; size <= limits.touches; size++) {
    visit(search, start(world), size);
    if (search.steps < 0) return { touches: null, sets: [], more: false, score, exact: false };
    if (search.found.length > 0) return { touches: size, sets: search.found.map((counts) => setOf(world, counts)), more: search.more, score, exact: true };
  }
  return { touches: null, sets: [], more: false, score, exact: true };
}

/** Hundredths by section, in the order of SECTIONS; the sixth is all of them. */
type Points = readonly number[];
const ALL = SECTIONS.length;

type Group = {
  readonly kind: string;
  /** The facets one can touch; the kind itself is one of them when rules look at it. */
  readonly actions: readonly string[];
  /** By touches of the kind, whatever their facet. */
  readonly shared: readonly Points[];
  /** By action, by touches. */
  readonly own: readonly (readonly Points[])[];
  /** By action, by touches left for it and those behind it in the group: the most that they can give, by section. */
  readonly rest: readonly (readonly Points[])[];
};

type World = {
  readonly compiled: CompiledModel;
  readonly lead: LeadState;
  readonly now: number;
  readonly groups: readonly Group[];
  /** By group, by touches left for it and those behind it: the most that they can give. */
  readonly behind: readonly (readonly Points[])[];
  /** What does not depend on touches. */
  readonly base: Points;
  /** Rules that look at several facets at once, and the most they could give. */
  readonly joint: readonly number[];
  readonly jointMost: Points;
};

function worldOf(compiled: CompiledModel, facets: readonly Facet[], lead: LeadState, now: number, most: number): World {
  const names = compiled.model.rules.map(facetsOfRule);
  const rulesOf = (facet: string): readonly number[] => names.flatMap((some, i) => (some.length === 1 && some[0] === facet ? [i] : []));
  const table = (facet: string): readonly Points[] => {
    const rules = rulesOf(facet);
    return Array.from({ length: most + 1 }, (_, count) => pointsOf(compiled, rules, withTouches(lead, { [facet]: count }, now), now));
  };
  const used = [...new Set(names.flat())];
  const kindOf = (facet: string): string => (facet.startsWith("form:") ? "formSubmit" : (facets.find(({ id }) => id === facet)?.kind ?? facet));
  const nothing = Array.from({ length: most + 1 }, () => NO_POINTS);
  const groups = [...Map.groupBy(used, kindOf)].map(([kind, actions]): Group => {
    const own = actions.map((action) => (action === kind ? nothing : table(action)));
    return { kind, actions, shared: table(kind), own, rest: restOf(own, most) };
  });
  const joint = names.flatMap((some, i) => (some.length > 1 ? [i] : []));
  return {
    compiled,
    lead,
    now,
    groups,
    behind: behindOf(groups, most),
    base: pointsOf(
      compiled,
      names.flatMap((some, i) => (some.length === 0 ? [i] : [])),
      lead,
      now,
    ),
    joint,
    jointMost: jointMost(compiled, joint),
  };
}

function facetsOfRule(rule: ScoreRule): readonly string[] {
  if (rule.kind === "signal") return [rule.facet];
  if (rule.kind !== "field") return [];
  return [...new Set(leavesOf(rule.when).flatMap(({ field }) => (field.startsWith("touches.") ? [field.slice(8)] : [])))];
}

const NO_POINTS: Points = Array.from({ length: ALL + 1 }, () => 0);

function pointsOf({ rules }: CompiledModel, which: readonly number[], lead: LeadState, now: number): Points {
  const sums = [...NO_POINTS];
  const subject = subjectOf(lead);
  for (const number of which) {
    const rule = rules[number] as CompiledModel["rules"][number];
    const points = rule.points(lead, dayOf(now), now, subject);
    sums[rule.section] = (sums[rule.section] as number) + points;
    sums[ALL] = (sums[ALL] as number) + points;
  }
  return sums;
}

function jointMost({ model }: CompiledModel, joint: readonly number[]): Points {
  const sums = [...NO_POINTS];
  for (const number of joint) {
    const rule = model.rules[number] as ScoreRule;
    const most = rule.kind === "field" ? Math.max(0, rule.points) : 0;
    const section = SECTIONS.indexOf(rule.section);
    sums[section] = (sums[section] as number) + most;
    sums[ALL] = (sums[ALL] as number) + most;
  }
  return sums;
}

/** A signal of so many touches now. */
function withTouches(lead: LeadState, counts: Readonly<Record<string, number>>, now: number): LeadState {
  const signal = (count: number): Signal => ({ first: now, last: now, total: count, days: [dayOf(now), count] });
  return {
    ...lead,
    signals: Object.fromEntries(
      Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([facet, count]) => [facet, signal(count)]),
    ),
  };
}

const NEVER: Points = Array.from({ length: ALL + 1 }, () => Number.NEGATIVE_INFINITY);

/** The most that exactly `j` touches of the actions from `i` on can give, apart from what their kind gives. */
function restOf(own: Group["own"], most: number): Group["rest"] {
  const rest: (readonly Points[])[] = [Array.from({ length: most + 1 }, (_, j) => (j === 0 ? NO_POINTS : NEVER))];
  for (const mine of own.toReversed()) rest.unshift(combined(mine, rest[0] as readonly Points[], most));
  return rest;
}

function behindOf(groups: readonly Group[], most: number): World["behind"] {
  const behind: (readonly Points[])[] = [Array.from({ length: most + 1 }, (_, j) => (j === 0 ? NO_POINTS : NEVER))];
  for (const { shared, rest } of groups.toReversed()) {
    const mine = (rest[0] as readonly Points[]).map((points, j) => added(points, shared[j] as Points));
    behind.unshift(combined(mine, behind[0] as readonly Points[], most));
  }
  return behind;
}

/** Dealing `j` touches out between two, each section and the sum looked at by itself. */
function combined(one: readonly Points[], other: readonly Points[], most: number): readonly Points[] {
  return Array.from({ length: most + 1 }, (_, j) => {
    const best = [...NEVER];
    for (let n = 0; n <= j; n++)
      for (let s = 0; s <= ALL; s++) {
        const sum = ((one[n] as Points)[s] as number) + ((other[j - n] as Points)[s] as number);
        if (sum > (best[s] as number)) best[s] = sum;
      }
    return best;
  });
}

function added(a: Points, b: Points): Points {
  return a.map((value, i) => value + (b[i] as number));
}

type Search = {
  readonly world: World;
  readonly threshold: number;
  readonly most: number;
  steps: number;
  readonly found: (readonly number[])[];
  more: boolean;
};

/** Where the search stands: in which group, before which of its actions, with what so far. `counts` follow the order of the actions. */
type Place = { readonly group: number; readonly action: number; readonly ofKind: number; readonly counts: readonly number[]; readonly sum: Points };

function start({ base }: World): Place {
  return { group: 0, action: 0, ofKind: 0, counts: [], sum: base };
}

function visit(search: Search, place: Place, left: number): void {
  if (search.more || --search.steps < 0) return;
  const { world, threshold } = search;
  const group = world.groups[place.group];
  if (group === undefined) {
    if (left > 0 || exactly(world, place) < threshold) return;
    if (search.found.length < search.most) search.found.push(place.counts);
    else search.more = true;
    return;
  }
  if (!mayReach(world, place, left, threshold)) return;
  if (place.action === group.actions.length) {
    const sum = added(place.sum, group.shared[place.ofKind] as Points);
    return visit(search, { group: place.group + 1, action: 0, ofKind: 0, counts: place.counts, sum }, left);
  }
  for (let n = left; n >= 0; n--) {
    const sum = added(place.sum, (group.own[place.action] as readonly Points[])[n] as Points);
    visit(search, { ...place, action: place.action + 1, ofKind: place.ofKind + n, counts: [...place.counts, n], sum }, left - n);
  }
}

/** Whether the bound, by the sum and by sections under their caps, leaves it open. */
function mayReach(world: World, { group, action, ofKind, sum }: Place, left: number, threshold: number): boolean {
  const { shared, rest } = world.groups[group] as Group;
  const best = [...NEVER];
  for (let n = 0; n <= left; n++) {
    const here = (rest[action] as readonly Points[])[n] as Points;
    const kind = shared[ofKind + n] as Points;
    const after = (world.behind[group + 1] as readonly Points[])[left - n] as Points;
    for (let s = 0; s <= ALL; s++) {
      const points = (here[s] as number) + (kind[s] as number) + (after[s] as number);
      if (points > (best[s] as number)) best[s] = points;
    }
  }
  const at = (s: number): number => (sum[s] as number) + (best[s] as number) + (world.jointMost[s] as number);
  const bySection = SECTIONS.reduce((total, _, s) => total + Math.min(world.compiled.caps[s] ?? Number.POSITIVE_INFINITY, at(s)), 0);
  return bounded(world, Math.min(at(ALL), bySection)) >= threshold;
}

function exactly(world: World, { sum, counts }: Place): number {
  const { compiled, joint, now } = world;
  const all = joint.length === 0 ? sum : added(sum, pointsOf(compiled, joint, withTouches(world.lead, signalsOf(world, counts), now), now));
  return bounded(
    world,
    SECTIONS.reduce((total, _, s) => total + Math.min(compiled.caps[s] ?? Number.POSITIVE_INFINITY, all[s] as number), 0),
  );
}

function bounded({ compiled: { model } }: World, total: number): number {
  return Math.min(model.ceiling, Math.max(model.floor, total));
}

/** What is counted: touches by facet, and those of a kind together. */
function signalsOf({ groups }: World, counts: readonly number[]): Readonly<Record<string, number>> {
  const signals: Record<string, number> = {};
  let i = 0;
  for (const { kind, actions } of groups)
    for (const action of actions) {
      const n = counts[i++] as number;
      if (action !== kind) signals[action] = n;
      signals[kind] = (signals[kind] ?? 0) + n;
    }
  return signals;
}

function setOf(world: World, counts: readonly number[]): TouchSet {
  const names = world.groups.flatMap(({ actions }) => actions);
  const lead = withTouches(world.lead, signalsOf(world, counts), world.now);
  return {
    touches: Object.fromEntries(names.map((name, i) => [name, counts[i] as number] as const).filter(([, n]) => n > 0)),
    score: scoreLead(world.compiled, 0, lead, world.now).total,
  };
}
