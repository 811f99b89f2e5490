/** A score explained: the sum in one sentence, its lines, when it falls by itself, and what would raise it most. */
import type { CompiledConfig } from "../config/compile.ts";
import { scoreBoundsOf } from "../filter/filter.ts";
import type { Heat, LeadState, Scores } from "../flow/state.ts";
import { dayOf, startOfDay } from "../time.ts";
import { type LedgerLine, ledgerLines, type ScorePart, scoreParts, scoreSentence, type SectionSum, sectionSums } from "./ledger.ts";
import { type Raise, raiseMost } from "./raise.ts";
import { type CompiledModel, heatOf, outlook, scoreLead } from "./scoring.ts";

/** All points are hundredths, all times milliseconds. */
export type Explanation = {
  readonly score: number;
  readonly asOf: number;
  readonly sentence: string;
  readonly parts: readonly ScorePart[];
  readonly sections: readonly SectionSum[];
  readonly lines: readonly LedgerLine[];
  /** When the score falls below a threshold if nothing happens; `stages` are those whose definitions ask for it. */
  readonly below: readonly { readonly threshold: number; readonly at: number; readonly stages: readonly string[] }[];
  readonly heat: Heat;
  /** When the lead becomes less hot if nothing happens. */
  readonly cools: readonly { readonly to: Heat; readonly at: number }[];
  readonly raise: readonly Raise[];
};

/** Explains the score of a lead as of `now`, under the live model. The points of the lines add up to the score. */
export function explainScore(config: CompiledConfig, state: LeadState, now: number): Explanation {
  const compiled = config.model;
  const scores = scoreLead(compiled, config.number, state, now);
  const lines = ledgerLines(compiled, state, scores, now);
  const sections = sectionSums(compiled.model, lines, scores);
  const parts = scoreParts(sections, scores.total);
  return {
    score: scores.total,
    asOf: now,
    sentence: scoreSentence(scores.total, parts),
    parts,
    sections,
    lines,
    ...falls(config, compiled, state, scores, now),
    raise: raiseMost(compiled, config.config.facets, state, now),
  };
}

/** Beyond so many days nothing is foretold. */
const HORIZON_DAYS = 401;
const HEATS: readonly Heat[] = ["cold", "warm", "hot"];

function falls(config: CompiledConfig, compiled: CompiledModel, state: LeadState, scores: Scores, now: number): Pick<Explanation, "below" | "heat" | "cools"> {
  const open = new Set(config.bounds.filter((bound) => scores.total >= bound));
  const heat = heatOf(compiled.model, state, scores.engagement, dayOf(now));
  const below: { threshold: number; at: number; stages: readonly string[] }[] = [];
  const cools: { to: Heat; at: number }[] = [];
  const { on } = outlook(compiled, state, scores);
  let lowest = HEATS.indexOf(heat);
  for (let day = dayOf(now) + 1; day <= dayOf(now) + HORIZON_DAYS && (open.size > 0 || lowest > 0); day++) {
    const { total, engagement } = on(day);
    for (const threshold of [...open].sort((a, b) => b - a)) {
      if (total >= threshold) continue;
      open.delete(threshold);
      below.push({ threshold, at: startOfDay(day), stages: stagesAt(config, threshold) });
    }
    const to = heatOf(compiled.model, state, engagement, day);
    if (HEATS.indexOf(to) >= lowest) continue;
    lowest = HEATS.indexOf(to);
    cools.push({ to, at: startOfDay(day) });
  }
  return { below, heat, cools };
}

function stagesAt({ config }: CompiledConfig, threshold: number): readonly string[] {
  return config.definitions
    .filter(({ criteria }) => scoreBoundsOf(criteria).some((points) => Math.round(points * 100) === threshold))
    .map(({ stage }) => stage);
}
