/** A configuration made ready for many reactions: predicates compiled, stages and fields found by name. */
import { asksOf } from "../definitions/definition.ts";
import { compileFilter, type Predicate, scoreBoundsOf } from "../filter/filter.ts";
import { type CompiledRouting, compileRouting } from "../routing/routing.ts";
import { type CompiledModel, compileModel, compileWatch, type Watch } from "../scoring/scoring.ts";
import type { Config, FieldDef, StageDef, TaskDef } from "./config.ts";

export type CompiledDefinition = { readonly stage: string; readonly version: number; readonly when: Predicate; readonly moves: boolean };

export type CompiledConfig = {
  readonly number: number;
  readonly config: Config;
  readonly model: CompiledModel;
  readonly routing: CompiledRouting;
  readonly definitions: readonly CompiledDefinition[];
  readonly stages: ReadonlyMap<string, StageDef>;
  /** Place on the main line; exits are not in it. */
  readonly order: ReadonlyMap<string, number>;
  readonly fields: ReadonlyMap<string, FieldDef>;
  readonly tasks: readonly TaskDef[];
  /** Scores (hundredths) at which something happens, and predicates that time alone can flip. */
  readonly bounds: readonly number[];
  readonly watched: readonly Watch[];
};

export function compileConfig(config: Config, number: number): CompiledConfig {
  const stages = new Map(config.stages.map((stage) => [stage.id, stage]));
  const definitions = config.definitions.map((definition) => ({
    stage: definition.stage,
    version: definition.version,
    when: compileFilter(asksOf(definition)),
    moves: stages.get(definition.stage)?.entry === "definition",
  }));
  return {
    number,
    config,
    model: compileModel(config.model),
    routing: compileRouting(config),
    definitions,
    stages,
    order: new Map(config.stages.filter((stage) => stage.line === "main").map((stage, i) => [stage.id, i])),
    fields: new Map(config.fields.map((field) => [field.key, field])),
    tasks: config.process.tasks,
    bounds: [...new Set(config.definitions.flatMap((definition) => scoreBoundsOf(asksOf(definition)).map((points) => Math.round(points * 100))))],
    watched: config.definitions
      .filter(({ stage }) => stages.get(stage)?.entry === "definition")
      .map((definition) => compileWatch(asksOf(definition)))
      .filter(({ windows }) => windows.length > 0),
  };
}

/** The stages a person sees: `sal` is hidden while acceptance is off. */
export function stageHidden(config: Config, stage: StageDef): boolean {
  return stage.entry === "acceptance" && !config.acceptance;
}
