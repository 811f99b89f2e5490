/** The report on a definition: who met it and was rejected, who was accepted without, by version, source, person and reason. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import { type Decided, type Pattern, patternsIn } from "../../../core/definitions/patterns.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid } from "../../problems.ts";
import { whoReader } from "../leads/who.service.ts";
import { meantSql, type ReportRequest } from "../reports/report.service.ts";
import { mustBeStage } from "./definitions.service.ts";
import { namedView } from "./preview.service.ts";
import { type CountRow, countDecisions, countRow, type Dimension, type Line, listDecisions, type Outcome, type Place, type Row } from "./report.queries.ts";

const SHOWN = ["version", "source", "rep", "reason"] as const;
const LOOKED_AT = ["source", "campaign", "country", "jobTitle"] as const;
/** Values of a dimension that are listed; the sums hold all. */
const MOST_VALUES = 200;

const NONE = { metAccepted: 0, metRejected: 0, metOpen: 0, unmetAccepted: 0, unmetRejected: 0, unmetOpen: 0 };
type Outcomes = typeof NONE;
type Figure = keyof Outcomes;

/** @throws Problem 404 without such a stage, 422 when a filter or date is not as it should be */
export async function reportDefinition(deps: Deps, stageId: string, request: ReportRequest) {
  const config = await deps.configs.get(deps.db);
  const line = lineOf(config, stageId);
  const leads = await meantSql(deps, config, request);
  const rows = await countDecisions(deps.db, line, leads, [...new Set([...SHOWN, ...LOOKED_AT])]);
  const all = sumsOf(rows.filter(({ by }) => by === null));
  return {
    all,
    rows: SHOWN.flatMap((by) => rowsOf(config, by, rows)),
    patterns: patternsOf(rows, all).map(patternView),
  };
}

function rowsOf(config: CompiledConfig, by: (typeof SHOWN)[number], rows: readonly CountRow[]) {
  const groups = [...Map.groupBy(of(rows, by), ({ value }) => value)].map(([value, counted]) => ({
    by,
    value,
    label: labelOf(config, by, value),
    ...sumsOf(counted),
  }));
  const weight = (row: Outcomes): number => row.metRejected + row.unmetAccepted;
  return groups.sort((a, b) => (by === "version" ? Number(b.value) - Number(a.value) : weight(b) - weight(a))).slice(0, MOST_VALUES);
}

function of(rows: readonly CountRow[], by: Dimension): readonly CountRow[] {
  return rows.filter((row) => row.by === by);
}

function labelOf(config: CompiledConfig, by: Dimension, value: string | null): string {
  if (value === null) return by === "reason" ? "No reason given" : by === "rep" ? "Nobody" : "Not known";
  if (by === "version") return `Version ${value}`;
  return by === "rep" ? (userRef(config, value)?.name ?? value) : value;
}

function sumsOf(rows: readonly CountRow[]): Outcomes {
  const sums = { ...NONE };
  for (const { met, outcome, count } of rows) sums[nameOf(met, outcome)] += count;
  return sums;
}

function nameOf(met: boolean, outcome: Outcome): Figure {
  return `${met ? "met" : "unmet"}${outcome === "accepted" ? "Accepted" : outcome === "rejected" ? "Rejected" : "Open"}`;
}

function patternsOf(rows: readonly CountRow[], all: Outcomes): readonly Pattern[] {
  const decided = LOOKED_AT.flatMap((by) =>
    [...Map.groupBy(of(rows, by), ({ value }) => value)].flatMap(([value, counted]): readonly Decided[] => {
      const { metAccepted, metRejected } = sumsOf(counted);
      return value === null || value === "" ? [] : [{ of: by, value, rejected: metRejected, decided: metAccepted + metRejected }];
    }),
  );
  return patternsIn(decided, { rejected: all.metRejected, decided: all.metAccepted + all.metRejected }).slice(0, 5);
}

const FROM: Readonly<Record<string, (value: string) => string>> = {
  source: (value) => `from “${value}”`,
  campaign: (value) => `of the campaign “${value}”`,
  country: (value) => `from ${value}`,
  jobTitle: (value) => `with the title “${value}”`,
};

function patternView({ of: by, value, rejected, decided, othersRejected, othersDecided, chance }: Pattern) {
  const whose = FROM[by]?.(value) ?? value;
  const sentence = `${rejected} of ${decided} ${whose} met the definition and were rejected; of all others ${othersRejected} of ${othersDecided}.`;
  return { by, value, sentence, rejected, decided, othersRejected, othersDecided, chance };
}

/** Where the stage stands: what comes after it is accepted, exits are rejected. */
function lineOf(config: CompiledConfig, stageId: string): Line {
  const stage = mustBeStage(config, stageId);
  const place = config.order.get(stage.id);
  return {
    stage: stage.id,
    later: [...config.order].flatMap(([id, at]) => (place === undefined || at > place ? [id] : [])),
    exits: config.config.stages.flatMap(({ id, line }) => (line === "exit" && id !== stage.id ? [id] : [])),
  };
}

export type BehindRequest = ReportRequest & {
  readonly of: Figure;
  readonly by?: Dimension | undefined;
  readonly value?: string | undefined;
  readonly none?: "true" | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** The leads behind one number, the latest entry first. */
export async function listDefinitionLeads(deps: Deps, stageId: string, request: BehindRequest) {
  const config = await deps.configs.get(deps.db);
  const line = lineOf(config, stageId);
  const row = rowOf(request);
  const after = request.cursor === undefined ? null : placeOf(request.cursor);
  const leads = await meantSql(deps, config, request);
  const [rows, count, who] = await Promise.all([
    listDecisions(deps.db, line, leads, row, after, request.limit + 1),
    after === null ? countRow(deps.db, line, leads, row) : null,
    whoReader(deps),
  ]);
  const page = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? page.at(-1) : undefined;
  return {
    count,
    items: page.map((one) => ({
      id: `${one.lead_id}.${one.number}.${one.ordinal}`,
      lead: namedView(config, { ...one, id: one.lead_id }),
      version: one.version,
      met: one.met,
      enteredAt: one.at.toISOString(),
      decidedAt: one.decided_at?.toISOString() ?? null,
      to: one.to_stage,
      by: one.actor === null ? null : who(one.actor).name,
      reason: one.reason,
    })),
    nextCursor: last === undefined ? null : Buffer.from(JSON.stringify([last.at.toISOString(), last.lead_id, last.number, last.ordinal])).toString("base64url"),
  };
}

function rowOf({ of: number, by, value, none }: BehindRequest): Row {
  const met = number.startsWith("met");
  const outcome = number.slice(met ? 3 : 5).toLowerCase() as Outcome;
  const named = by !== undefined && (none === "true" || (value !== undefined && !value.includes("\0")));
  if (by !== undefined && !named) throw invalid("Name the row: its value, or none.", [{ path: "value", message: "is required beside by" }]);
  return { met, outcome, by: by ?? null, value: none === "true" ? null : (value ?? null) };
}

/** "2026-03-01T09:30:00.000Z": other texts that are a date to JavaScript need not be one to PostgreSQL. */
const ISO_LENGTH = 24;

function placeOf(cursor: string): Place {
  try {
    const [at, leadId, number, ordinal] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as readonly unknown[];
    const sound = typeof at === "string" && at.length === ISO_LENGTH && new Date(at).toISOString() === at && typeof leadId === "string" && isUuid(leadId);
    if (sound && isSmall(number) && isSmall(ordinal)) return { at, leadId, number, ordinal };
  } catch {
    // Answered below, as any other text that is no cursor.
  }
  throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
}

function isSmall(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}
