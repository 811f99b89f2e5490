/**
 * The definition of a stage: what it asks of a lead, as one filter; the text that people sign; and a configuration with a
 * text in force.
 */
import type { Config, Definition, DefinitionExit } from "../config/config.ts";
import type { Filter } from "../filter/filter.ts";

/** What the system executes: the criteria, and that every required answer is known. */
export function asksOf({ criteria, answers = [] }: Pick<Definition, "criteria" | "answers">): Filter {
  if (answers.length === 0) return criteria;
  return { and: [criteria, ...answers.map((field): Filter => ({ field, op: "isEmpty", value: false }))] };
}

/** All that a signature stands under. */
export type DefinitionText = {
  readonly label: string;
  readonly meaning: string;
  readonly owner: string;
  readonly criteria: Filter;
  readonly answers: readonly string[];
  readonly exits: readonly DefinitionExit[];
};

/** The text of a definition; `label` is the stage's where the definition has none of its own. */
export function textOf(definition: Definition, label: string): DefinitionText {
  const { meaning = "", owner = "", criteria, answers = [], exits = [] } = definition;
  return { label: definition.label ?? label, meaning, owner, criteria, answers, exits };
}

/** What is in force for the stage, under the label it has today; null when it has no definition. */
export function liveText(config: Config, stageId: string): DefinitionText | null {
  const stage = config.stages.find(({ id }) => id === stageId);
  const definition = config.definitions.find(({ stage: id }) => id === stageId);
  return stage === undefined || definition === undefined ? null : { ...textOf(definition, stage.label), label: stage.label };
}

export function sameText(a: DefinitionText | null, b: DefinitionText | null): boolean {
  return stableText(a) === stableText(b);
}

/** The configuration with the text in force for its stage, which takes the label. A definition that is new stands last. */
export function withDefinition(config: Config, stageId: string, version: number, text: DefinitionText): Config {
  const { label, meaning, owner, criteria, answers, exits } = text;
  const definition: Definition = {
    stage: stageId,
    version,
    criteria,
    label,
    meaning,
    owner,
    ...(answers.length === 0 ? {} : { answers }),
    ...(exits.length === 0 ? {} : { exits }),
  };
  const at = config.definitions.findIndex(({ stage }) => stage === stageId);
  return {
    ...config,
    stages: config.stages.map((stage) => (stage.id === stageId ? { ...stage, label } : stage)),
    definitions: at === -1 ? [...config.definitions, definition] : config.definitions.with(at, definition),
  };
}

/** Stages whose definition one configuration has otherwise than the other. One that goes together with its stage does not count. */
export function definitionsChanged(from: Config, to: Config): readonly string[] {
  const stages = new Set([...from.definitions, ...to.definitions].map(({ stage }) => stage));
  const of = ({ definitions }: Config, id: string) => definitions.find(({ stage }) => stage === id) ?? null;
  return [...stages].filter((id) => to.stages.some((stage) => stage.id === id) && stableText(of(from, id)) !== stableText(of(to, id)));
}

/** As text in which the order of keys does not matter. */
function stableText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
