/** The same configuration in the two units of points: hundredths inside, points with two decimals where people and files see it. */
import type { Config, ScoreModel, ScoreRule } from "./config.ts";

export function inPoints(config: Config): Config {
  return { ...config, model: convert(config.model, (hundredths) => hundredths / 100) };
}

/** Rounds to whole hundredths. */
export function inHundredths(config: Config): Config {
  return { ...config, model: convert(config.model, (points) => Math.round(points * 100)) };
}

function convert(model: ScoreModel, unit: (points: number) => number): ScoreModel {
  const { hot, warm } = model.heat;
  return {
    ...model,
    rules: model.rules.map((rule) => convertRule(rule, unit)),
    caps: Object.fromEntries(Object.entries(model.caps).map(([section, points]) => [section, unit(points)])),
    floor: unit(model.floor),
    ceiling: unit(model.ceiling),
    heat: { hot: { ...hot, engagement: unit(hot.engagement) }, warm: { ...warm, engagement: unit(warm.engagement) } },
  };
}

function convertRule(rule: ScoreRule, unit: (points: number) => number): ScoreRule {
  switch (rule.kind) {
    case "age":
      return { ...rule, steps: rule.steps.map((step) => ({ ...step, points: unit(step.points) })) };
    case "signal":
      return { ...rule, points: unit(rule.points), cap: rule.cap === null ? null : unit(rule.cap) };
    default:
      return { ...rule, points: unit(rule.points) };
  }
}
