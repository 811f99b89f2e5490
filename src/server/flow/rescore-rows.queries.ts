/**
 * The part of a lead that scoring reads: the columns its configuration names and no others. Reading whole rows took 25 of the
 * 60 microseconds a lead that rescoring has.
 */
import type { CompiledConfig } from "../../core/config/compile.ts";
import { asksOf } from "../../core/definitions/definition.ts";
import { fieldsOf } from "../../core/filter/filter.ts";
import { blankLead } from "../../core/flow/draft.ts";
import type { Heat, LeadState, ProfileKey } from "../../core/flow/state.ts";
import { composedSql, type Db, sql, workspace } from "../db/db.ts";
import { DATE_COLUMNS, TEXT_COLUMNS } from "../db/filter-sql.ts";

/** Moments as seconds: a number is written and read in a tenth of the time of a date. */
const seconds = (column: string): string => `date_part('epoch', ${column})`;

/** What is read of every lead: identity, score, and what a timer depends on. */
const ALWAYS = `l.id, l.number, l.heat, l.score, l.resting, l.stage, l.status, ${seconds("l.deleted_at")} as deleted_at, ${seconds("l.scored_at")} as scored_at, ${seconds("l.captured_at")} as captured_at, l.state->'met' as met`;

/** Where the fields of filters stand that are neither text of the profile nor moments, and what a state calls them. */
const OTHER_COLUMNS: Readonly<Record<string, readonly [column: string, key: keyof LeadState]>> = {
  owner: ["l.owner_id", "ownerId"],
  team: ["l.team", "team"],
  import: ["l.import_id", "importId"],
  tags: ["l.tags", "tags"],
};

type ScoringRow = {
  readonly id: string;
  readonly number: number;
  readonly heat: string;
  readonly score: number;
  readonly resting: boolean;
  readonly stage: string;
  readonly status: string;
  readonly deleted_at: number | null;
  readonly scored_at: number;
  readonly captured_at: number;
  readonly met: readonly string[] | null;
  readonly fields?: LeadState["fields"];
  readonly bant_answers?: Partial<LeadState["bant"]>;
  readonly consent?: LeadState["consent"] | null;
} & Readonly<Record<string, unknown>>;

/** Leads of a chunk not yet scored with the configuration. Parts it does not name are blank: such a state is for scoring only. */
export async function listScoringLeads(db: Db, ids: readonly string[], config: CompiledConfig): Promise<readonly LeadState[]> {
  const { columns, named } = columnsOf(config);
  const text = `select ${columns} from unnest($2::uuid[]) k (id) join lead l on l.workspace_id = $1 and l.id = k.id and l.scored_with <> $3`;
  const [rows, signals, timers] = await Promise.all([
    db.query<ScoringRow>(composedSql(text, [ids, config.number], true)),
    db.query<ScoringSignal>(sql`
      select lead_id, facet, date_part('epoch', first_at) as first_at, date_part('epoch', last_at) as last_at, total, days
      from signal where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`),
    db.query<ScoringTimer>(
      sql`select lead_id, purpose, date_part('epoch', due_at) as due_at from timer where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`,
    ),
  ]);
  const states = new Map<string, Mutable<LeadState>>();
  for (const row of rows) states.set(row.id, stateOf(row, named));
  for (const { lead_id, facet, first_at, last_at, total, days } of signals) {
    const state = states.get(lead_id);
    if (state !== undefined) state.signals = { ...state.signals, [facet]: { first: msOf(first_at), last: msOf(last_at), total, days } };
  }
  for (const { lead_id, purpose, due_at } of timers) {
    const state = states.get(lead_id);
    if (state !== undefined) state.timers = { ...state.timers, [purpose]: msOf(due_at) };
  }
  return [...states.values()];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type ScoringSignal = {
  readonly lead_id: string;
  readonly facet: string;
  readonly first_at: number;
  readonly last_at: number;
  readonly total: number;
  readonly days: number[];
};
type ScoringTimer = { readonly lead_id: string; readonly purpose: string; readonly due_at: number };

function msOf(seconds: number): number {
  return Math.round(seconds * 1000);
}

type Named = { readonly key: keyof LeadState; readonly column: string; readonly moment: boolean };
type Columns = { readonly columns: string; readonly named: readonly Named[] };

const known = new WeakMap<CompiledConfig, Columns>();

function columnsOf(config: CompiledConfig): Columns {
  const found = known.get(config);
  if (found !== undefined) return found;
  const fields = new Set([
    ...config.config.model.rules.flatMap((rule) => (rule.kind === "field" ? fieldsOf(rule.when) : rule.kind === "filled" ? rule.fields : [])),
    ...config.config.definitions.flatMap((definition) => fieldsOf(asksOf(definition))),
  ]);
  const named = [...fields].flatMap((field): readonly Named[] => {
    if (["stage", "status", "heat", "capturedAt"].includes(field)) return [];
    const [column, key] = OTHER_COLUMNS[field] ?? [TEXT_COLUMNS[field] ?? DATE_COLUMNS[field], field as ProfileKey];
    return column === undefined ? [] : [{ key, column, moment: DATE_COLUMNS[field] !== undefined }];
  });
  const has = (prefix: string) => [...fields].some((field) => field.startsWith(prefix));
  const columns = [
    ALWAYS,
    ...named.map(({ key, column, moment }) => `${moment ? seconds(column) : column} as "n_${key}"`),
    ...(has("fields.") ? ["l.fields"] : []),
    ...(has("bant.") ? ["l.bant_answers"] : []),
    ...(has("consent.") ? ["l.state->'consent' as consent"] : []),
  ].join(", ");
  const made = { columns, named };
  known.set(config, made);
  return made;
}

/** What no column fills; its parts are shared by all leads and never changed in place. */
const BLANK = blankLead({ leadId: "", inputId: "", now: 0, actor: "", contested: [] }, 0);

/** One object a lead, made once: copies of copies were a third of the time of a rescoring. */
function stateOf(row: ScoringRow, named: Columns["named"]): Mutable<LeadState> {
  const state: Mutable<LeadState> = { ...BLANK };
  const at = msOf(row.scored_at);
  for (const { key, moment } of named) {
    const value = row[`n_${key}`];
    (state as Record<string, unknown>)[key] = moment ? msOf(value as number) : value;
  }
  state.id = row.id;
  state.number = row.number;
  state.stage = row.stage;
  state.status = row.status as LeadState["status"];
  state.heat = row.heat as Heat;
  state.resting = row.resting;
  state.deletedAt = row.deleted_at === null ? null : msOf(row.deleted_at);
  state.capturedAt = msOf(row.captured_at);
  if (row.met !== null) state.met = row.met;
  if (row.fields !== undefined) state.fields = row.fields;
  if (row.bant_answers !== undefined) state.bant = { ...BLANK.bant, ...row.bant_answers };
  if (row.consent !== undefined && row.consent !== null) state.consent = row.consent;
  state.scores = { ...BLANK.scores, total: row.score, at };
  return state;
}
