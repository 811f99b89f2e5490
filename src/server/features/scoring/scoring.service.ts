/** Use case: what a persona must do to reach a score. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { personaOf, reachOf } from "../../../core/scoring/personas.ts";
import { isSettable } from "../../../core/scoring/raise.ts";
import type { Deps } from "../../deps.ts";
import { invalid, type ProblemError } from "../../problems.ts";
import { oneTouch } from "../leads/labels.service.ts";

type Value = string | number | boolean;

export async function whatItTakes(deps: Deps, { score, values }: { readonly score: number; readonly values?: string | undefined }) {
  const config = await deps.configs.get(deps.db);
  const now = deps.now();
  const threshold = Math.round(score * 100);
  const found = reachOf(config.model, config.config.facets, personaOf(valuesOf(values, config), now), threshold, now);
  return {
    score: found.score / 100,
    threshold: threshold / 100,
    touches: found.touches,
    exact: found.exact,
    sets: found.sets.map(({ touches, score: total }) => ({
      touches: Object.entries(touches).map(([facet, count]) => ({ facet, what: oneTouch(facet, count), count })),
      score: total / 100,
    })),
    more: found.more,
  };
}

function valuesOf(text: string | undefined, config: CompiledConfig): Readonly<Record<string, Value>> {
  if (text === undefined) return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid("The values are not JSON.", [{ path: "values", message: "must be a JSON object of values by field" }]);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw invalid("The values are no object.", [{ path: "values", message: "must be a JSON object of values by field" }]);
  const errors = Object.entries(json).flatMap(([field, value]) => problemsOf(field, value, config));
  if (errors.length > 0) throw invalid("Some values are none a lead could have.", errors);
  return json as Readonly<Record<string, Value>>;
}

function problemsOf(field: string, value: unknown, config: CompiledConfig): readonly ProblemError[] {
  const path = `values.${field}`;
  const own = field.startsWith("fields.") ? config.fields.get(field.slice("fields.".length)) : null;
  if (!isSettable(field) || own === undefined) return [{ path, message: "is no field of a lead that people fill in" }];
  const wanted = own === null ? (field.startsWith("consent.") ? "boolean" : "string") : own.type === "number" || own.type === "boolean" ? own.type : "string";
  return typeof value === wanted
    ? []
    : [{ path, message: `must be a ${wanted === "string" ? "text" : wanted === "number" ? "number" : "yes or no (true, false)"}` }];
}
