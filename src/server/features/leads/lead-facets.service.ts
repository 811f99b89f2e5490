/** Use cases of the filter builder: what leads can be filtered by, and how the leads of a filter are spread. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { stageHidden } from "../../../core/config/compile.ts";
import { STATUSES, TOUCH_KINDS } from "../../../core/config/config.ts";
import { type FilterField, OPS } from "../../../core/filter/filter.ts";
import { SORT_FIELDS } from "../../../core/filter/sort.ts";
import { formFacet } from "../../../core/scoring/signals.ts";
import type { Deps } from "../../deps.ts";
import { sightOf } from "../access/access.service.ts";
import { formNames } from "../forms/forms.service.ts";
import { importNames } from "../imports/import-view.service.ts";
import { labelOf } from "./labels.service.ts";
import { countFacets, type FacetRow, listValues } from "./lead-facets.queries.ts";
import { kindOfCustomField, leadFilter } from "./lead-filter.service.ts";
import { estimateLeads } from "./lead-jump.queries.ts";

type FacetCount = { readonly value: string | null; readonly label: string; readonly count: number };

/** So many leads are counted one by one; more are projected from a sample of them. */
const MOST_LOOKED_AT = 20_000;

export async function listFacets(deps: Deps, filter: unknown) {
  const config = await deps.configs.get(deps.db);
  const { where } = leadFilter(deps, config, filter, await sightOf(deps));
  const estimate = await estimateLeads(deps.db, where);
  const sampled = estimate > 2 * MOST_LOOKED_AT ? await countFacets(deps.db, where, MOST_LOOKED_AT, (100 * MOST_LOOKED_AT) / 2 / estimate) : null;
  const rows = sampled ?? (await countFacets(deps.db, where, MOST_LOOKED_AT + 1, null));
  const looked = rows.find(({ facet }) => facet === "leads")?.n ?? 0;
  const exact = sampled === null && looked <= MOST_LOOKED_AT;
  const leads = exact ? looked : Math.max(estimate, looked);
  const factor = looked === 0 ? 0 : leads / looked;
  const of = (facet: string, label: (value: string) => string): readonly FacetCount[] =>
    rows.filter((row) => row.facet === facet).map((row) => countOf(row, factor, label));
  const users = new Map(config.config.users.map(({ id, name }) => [id, name]));
  const teams = new Map(config.config.teams.map(({ id, name }) => [id, name]));
  const same = (value: string): string => value;
  return {
    exact,
    leads,
    stages: inOrder(
      of("stage", (stage) => config.stages.get(stage)?.label ?? stage),
      config,
    ),
    owners: of("owner", (owner) => users.get(owner) ?? owner),
    teams: of("team", (team) => teams.get(team) ?? team),
    sources: of("source", same),
    heats: of("heat", same),
    tags: of("tag", same),
  };
}

function countOf({ value, n }: FacetRow, factor: number, label: (value: string) => string): FacetCount {
  return { value, label: value === null ? "None" : label(value), count: Math.round(n * factor) };
}

/** Stages stand as the workspace has them. */
function inOrder(stages: readonly FacetCount[], { config }: CompiledConfig): readonly FacetCount[] {
  const place = (stage: FacetCount): number => config.stages.findIndex(({ id }) => id === stage.value);
  return [...stages].sort((a, b) => place(a) - place(b));
}

type Group = "lead" | "person" | "company" | "origin" | "score" | "qualification" | "times" | "fields" | "behaviour" | "consent";
type Type =
  | "text"
  | "number"
  | "boolean"
  | "date"
  | "tags"
  | "touches"
  | "stage"
  | "status"
  | "heat"
  | "user"
  | "team"
  | "source"
  | "select"
  | "country"
  | "import";
type Option = { readonly value: string; readonly label: string };

const BUILT_IN: readonly (readonly [field: string, group: Group, kind: FilterField, type?: Type])[] = [
  ["stage", "lead", "text", "stage"],
  ["status", "lead", "text", "status"],
  ["heat", "lead", "text", "heat"],
  ["owner", "lead", "text", "user"],
  ["team", "lead", "text", "team"],
  ["tags", "lead", "tags"],
  ["firstName", "person", "text"],
  ["lastName", "person", "text"],
  ["email", "person", "text"],
  ["phone", "person", "text"],
  ["jobTitle", "person", "text"],
  ["country", "person", "text", "country"],
  ["city", "person", "text"],
  ["externalId", "person", "text"],
  ["company", "company", "text"],
  ["website", "company", "text"],
  ["source", "origin", "text", "source"],
  ["campaign", "origin", "text"],
  ["import", "origin", "text", "import"],
  ["score", "score", "number"],
  ["scores.fit", "score", "number"],
  ["scores.engagement", "score", "number"],
  ["scores.bant", "score", "number"],
  ["scores.quality", "score", "number"],
  ["scores.freshness", "score", "number"],
  ["bant.budget", "qualification", "text"],
  ["bant.authority", "qualification", "text"],
  ["bant.need", "qualification", "text"],
  ["bant.timeline", "qualification", "text"],
  ["capturedAt", "times", "date"],
  ["createdAt", "times", "date"],
  ["updatedAt", "times", "date"],
  ["stageAt", "times", "date"],
];

/** So many of the newest leads tell which countries and sources are worth listing. */
const RECENT = 20_000;

export async function listFields(deps: Deps) {
  const config = await deps.configs.get(deps.db);
  const [sources, countries, imports, forms] = await Promise.all([
    listValues(deps.db, "source", RECENT),
    listValues(deps.db, "country", RECENT),
    importNames(deps),
    formNames(deps),
  ]);
  const options: ReturnType<typeof optionsOf> = {
    ...optionsOf(config, sources, countries),
    import: imports.map(({ id, name }) => ({ value: id, label: name })),
  };
  const builtIn = BUILT_IN.map(([field, group, kind, type]) => ({
    field,
    label: labelOf(field, config),
    group,
    type: type ?? (kind as Type),
    operators: OPS[kind],
    options: options[type ?? kind] ?? null,
    sortable: (SORT_FIELDS as readonly string[]).includes(field),
  }));
  const custom = config.config.fields.map((def) => ({
    field: `fields.${def.key}`,
    label: def.label,
    group: "fields" as const,
    type: def.type,
    operators: OPS[kindOfCustomField(config, def.key) ?? "text"],
    options: def.options?.map(asIs) ?? null,
    sortable: true,
  }));
  const facets = [...TOUCH_KINDS.map((kind) => ({ id: kind })), ...config.config.facets];
  const behaviour = facets.map(({ id }) => ({
    field: `touches.${id}`,
    label: labelOf(`touches.${id}`, config),
    group: "behaviour" as const,
    type: "touches" as const,
    operators: OPS.touches,
    options: null,
    sortable: false,
  }));
  const submitted = forms.map(({ id, name }) => ({
    field: `touches.${formFacet(id)}`,
    label: `Submitted “${name}”`,
    group: "behaviour" as const,
    type: "touches" as const,
    operators: OPS.touches,
    options: null,
    sortable: false,
  }));
  return [...builtIn, ...custom, ...behaviour, ...submitted];
}

function optionsOf({ config }: CompiledConfig, sources: readonly string[], countries: readonly string[]): Readonly<Partial<Record<string, readonly Option[]>>> {
  return {
    stage: config.stages.filter((stage) => !stageHidden(config, stage)).map(({ id, label }) => ({ value: id, label })),
    status: STATUSES.map(asIs),
    heat: ["hot", "warm", "cold"].map(asIs),
    user: [{ value: "me", label: "Me" }, ...config.users.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name }))],
    team: config.teams.map(({ id, name }) => ({ value: id, label: name })),
    source: sources.map(asIs),
    country: countries.map(asIs),
  };
}

function asIs(value: string): Option {
  return { value, label: value };
}
