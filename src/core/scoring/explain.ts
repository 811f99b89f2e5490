/** The ledger in words: which rule gave what, when a score falls below a threshold by itself, and what would raise it most. */
import type { ScoreModel, ScoreRule } from "../config/config.ts";
import type { LeadState, Scores } from "../flow/state.ts";
import { dayOf, startOfDay } from "../time.ts";
import { BOUND_TOTAL, type CompiledModel, outlook, scoreLead, sectionOf, signalSum } from "./scoring.ts";

/** Points with two decimals. `before` is what the rule gives before its cap; `expiresAt` (ms) is when it gives nothing any more. */
export type LedgerLine = {
  readonly rule: string;
  readonly label: string;
  readonly section: string;
  readonly points: number;
  readonly before: number;
  readonly cap: number | null;
  readonly expiresAt: number | null;
};

export type Explanation = {
  readonly score: number;
  readonly asOf: number;
  readonly lines: readonly LedgerLine[];
  readonly below: readonly { readonly threshold: number; readonly at: number }[];
  readonly raise: readonly { readonly what: string; readonly points: number }[];
};

/** Explains the score of a lead as of `now`. `thresholds` are points. The points of the lines add up to the score. */
export function explainScore(compiled: CompiledModel, configNumber: number, state: LeadState, now: number, thresholds: readonly number[]): Explanation {
  const scores = scoreLead(compiled, configNumber, state, now);
  const lines: LedgerLine[] = [];
  for (let i = 0; i < scores.ledger.length; i += 2)
    lines.push(line(compiled.model, state, scores.ledger[i] as number, scores.ledger[i + 1] as number, dayOf(now)));
  return {
    score: scores.total / 100,
    asOf: now,
    lines,
    below: below(compiled, state, scores, now, thresholds),
    raise: raise(compiled.model, state, scores.ledger),
  };
}

function line(model: ScoreModel, state: LeadState, number: number, points: number, today: number): LedgerLine {
  const section = sectionOf(number, model);
  if (number < 0) {
    const total = number === BOUND_TOTAL;
    const cap = total ? (points < 0 ? model.ceiling : model.floor) : (model.caps[section as "fit"] ?? 0);
    return {
      rule: total ? "bound" : `cap-${section}`,
      label: total ? "Bound of the score" : `Cap of ${section}`,
      section,
      points: points / 100,
      before: points / 100,
      cap: cap / 100,
      expiresAt: null,
    };
  }
  const rule = model.rules[number] as ScoreRule;
  const signal = rule.kind === "signal" ? state.signals[rule.facet] : undefined;
  const before = rule.kind === "signal" && signal !== undefined ? signalSum(rule, signal, today) : points;
  const last = signal?.days.at(-2);
  const expiresAt = rule.kind === "signal" && rule.windowDays !== null && last !== undefined ? startOfDay(last + rule.windowDays) : null;
  return {
    rule: rule.id,
    label: rule.label,
    section,
    points: points / 100,
    before: before / 100,
    cap: rule.kind === "signal" && rule.cap !== null ? rule.cap / 100 : null,
    expiresAt,
  };
}

function below(compiled: CompiledModel, state: LeadState, scores: Scores, now: number, thresholds: readonly number[]): Explanation["below"] {
  const open = thresholds.filter((threshold) => scores.total >= threshold * 100);
  const found: { threshold: number; at: number }[] = [];
  const today = dayOf(now);
  const { on } = outlook(compiled, state, scores);
  for (let day = today + 1; day <= today + 401 && open.length > 0; day++) {
    const then = on(day).total;
    for (const threshold of [...open]) {
      if (then >= threshold * 100) continue;
      found.push({ threshold, at: startOfDay(day) });
      open.splice(open.indexOf(threshold), 1);
    }
  }
  return found;
}

/** The five rules that would add most if they held; rules that hold already are left out. */
function raise(model: ScoreModel, state: LeadState, ledger: readonly number[]): Explanation["raise"] {
  const held = new Set(ledger.filter((_, i) => i % 2 === 0));
  const wishes: { what: string; points: number }[] = [];
  model.rules.forEach((rule, number) => {
    if (rule.kind === "filled") {
      const missing = rule.fields.filter((field) => (state as unknown as Record<string, unknown>)[field] === null);
      const each = Math.round(rule.points / Math.max(1, rule.fields.length)) / 100;
      for (const field of missing) wishes.push({ what: `${field} were known`, points: each });
    } else if (rule.kind !== "age" && rule.points > 0 && !held.has(number)) {
      wishes.push({ what: rule.label, points: rule.points / 100 });
    }
  });
  return wishes.sort((a, b) => b.points - a.points).slice(0, 5);
}
