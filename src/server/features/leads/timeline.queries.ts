/** A lead's facts and touches in one stream, and the facts that explain it. */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { type Parameters, parameters } from "../../db/filter-sql.ts";

export type TimelineRow = {
  /** 0 for facts, 1 for touches. */
  readonly source: number;
  readonly at: Date;
  readonly number: number;
  readonly ordinal: number;
  readonly input_id: string | null;
  readonly type: string;
  readonly actor: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly undone: boolean;
};

export type TimelinePlace = { readonly at: number; readonly number: number; readonly ordinal: number; readonly source: number };

/** Touches of a kind, or those whose property matches a pattern in which `*` stands for any text. */
export type TouchFacet = { readonly kind: string; readonly property: string | null; readonly pattern: string };

export type TimelineRequest = {
  readonly leadId: string;
  /** Groups that are shown; null: all. */
  readonly groups: ReadonlySet<string> | null;
  /** Only touches that count for it; null: everything. */
  readonly facet: TouchFacet | null;
  readonly from: TimelinePlace | null;
  /** Towards what is newer. */
  readonly newer: boolean;
  readonly limit: number;
};

const MAIL = "('mailSent', 'mailOpen', 'mailClick', 'mailReply')";
const CALLS = "('call', 'meeting', 'message')";

/** In the order in which they are read: the newest first, or, towards what is newer, the oldest first. */
export async function listTimeline(db: Db, { leadId, groups, facet, from, newer, limit }: TimelineRequest): Promise<readonly TimelineRow[]> {
  const params = parameters();
  const lead = params.bind(leadId, "uuid");
  const most = params.bind(limit, "int");
  const order = newer ? "at, number, ordinal, source" : "at desc, number desc, ordinal desc, source desc";
  const part = (select: string, source: number, chosen: string | null): string | null =>
    chosen === "false"
      ? null
      : `(select * from (${select}) s${source} where true${from === null ? "" : ` and (at, number, ordinal, source) ${newer ? ">" : "<"} (${placeOf(from, params)})`}${chosen === null ? "" : ` and ${chosen}`} order by ${order} limit ${most})`;
  const facts = `select 0 as source, f.at, f.number, f.ordinal::int, f.input_id, f.type, f.actor, f.data, f.undone_by is not null as undone from fact f where f.workspace_id = $1 and f.lead_id = ${lead}`;
  const touches = `select 1 as source, t.at, t.number, t.ordinal::int, null::uuid as input_id, t.kind as type, null::text as actor, coalesce(t.props, '{}') as data, false as undone from touch t where t.workspace_id = $1 and t.lead_id = ${lead}`;
  const chosen = facet === null ? chosenTouches(groups) : [chosenTouches(groups), ofFacet(facet, params)].filter((one) => one !== null).join(" and ");
  const parts = [part(facts, 0, facet === null ? chosenFacts(groups) : "false"), part(touches, 1, chosen)].filter((one) => one !== null);
  if (parts.length === 0) return [];
  return db.query<TimelineRow>(composedSql(`select * from (${parts.join(" union all ")}) stream order by ${order} limit ${most}`, params.values));
}

function placeOf({ at, number, ordinal, source }: TimelinePlace, params: Parameters): string {
  return [params.bind(new Date(at), "timestamptz"), params.bind(number, "int"), params.bind(ordinal, "int"), params.bind(source, "int")].join(", ");
}

function chosenFacts(groups: ReadonlySet<string> | null): string | null {
  if (groups === null) return null;
  const prefix = "split_part(type, '.', 1)";
  const named = [
    ["notes", "note"],
    ["tasks", "task"],
    ["mail", "mail"],
  ].flatMap(([group, word]) => (groups.has(group as string) ? [`${prefix} = '${word}'`] : []));
  if (groups.has("changes")) named.push(`${prefix} not in ('note', 'task', 'mail')`);
  return named.length === 0 ? "false" : `(${named.join(" or ")})`;
}

function chosenTouches(groups: ReadonlySet<string> | null): string | null {
  if (groups === null) return null;
  const named = [
    ...(groups.has("mail") ? [`type in ${MAIL}`] : []),
    ...(groups.has("calls") ? [`type in ${CALLS}`] : []),
    ...(groups.has("web") ? [`type not in ${MAIL} and type not in ${CALLS}`] : []),
  ];
  return named.length === 0 ? "false" : `(${named.join(" or ")})`;
}

function ofFacet({ kind, property, pattern }: TouchFacet, params: Parameters): string {
  const ofKind = `type = ${params.bind(kind, "text")}`;
  if (property === null) return ofKind;
  const key = params.bind(property, "text");
  const like = pattern.replaceAll(/[\\%_]/g, String.raw`\$&`).replaceAll("*", "%");
  return `${ofKind} and jsonb_typeof(data -> ${key}) = 'string' and data ->> ${key} ilike ${params.bind(like, "text")}`;
}

export type DecisionRow = { readonly at: Date; readonly actor: string; readonly data: Readonly<Record<string, unknown>> };

export async function findAssignment(db: Db, leadId: string): Promise<DecisionRow | null> {
  const [row] = await db.query<DecisionRow>(sql`
    select at, actor, data from fact where workspace_id = ${workspace} and lead_id = ${leadId} and type = 'lead.assigned' order by number desc, ordinal desc limit 1`);
  return row ?? null;
}

export type SuspicionRow = { readonly at: Date; readonly other: string; readonly kind: string; readonly value: string };

/** The leads that inputs of this one matched too, the latest first; those in the bin are settled. */
export async function listSuspicions(db: Db, leadId: string): Promise<readonly SuspicionRow[]> {
  return db.query<SuspicionRow>(sql`
    select * from (
      select distinct on (f.data->>'other') f.at, f.data->>'other' as other, f.data->>'kind' as kind, f.data->>'value' as value
      from fact f join lead l on l.workspace_id = ${workspace} and l.id = (f.data->>'other')::uuid and l.deleted_at is null
      where f.workspace_id = ${workspace} and f.lead_id = ${leadId} and f.type = 'lead.duplicateSuspected' and f.undone_by is null
      order by f.data->>'other', f.number desc) found
    order by at desc limit 20`);
}

export type EntryRow = DecisionRow & { readonly stage: string };

/** The stage chain, oldest first. */
export async function listEntries(db: Db, leadId: string): Promise<readonly EntryRow[]> {
  return db.query<EntryRow>(sql`
    select at, actor, data, stage from fact where workspace_id = ${workspace} and lead_id = ${leadId} and stage is not null order by at, number, ordinal`);
}

export type BinRow = { readonly id: string; readonly deleted_at: Date; readonly actor: string | null; readonly reason: string | null };

/** The latest deleted first, with who and why. */
export async function listBinRows(
  db: Db,
  after: { readonly at: Date; readonly id: string } | null,
  limit: number,
  seen: { readonly text: string | null; readonly params: Parameters },
): Promise<readonly BinRow[]> {
  const { text, params } = seen;
  const behind = after === null ? "" : ` and (l.deleted_at, l.id) < (${params.bind(after.at, "timestamptz")}, ${params.bind(after.id, "uuid")})`;
  return db.query<BinRow>(
    composedSql(
      `select l.id, l.deleted_at, d.actor, d.data->>'reason' as reason from lead l
       left join lateral (select f.actor, f.data from fact f where f.workspace_id = $1 and f.lead_id = l.id and f.type = 'lead.deleted' order by f.number desc limit 1) d on true
       where l.workspace_id = $1 and l.deleted_at is not null${behind}${text === null ? "" : ` and ${text}`} order by l.deleted_at desc, l.id desc limit ${params.bind(limit, "int")}`,
      params.values,
    ),
  );
}

export type NoteRow = {
  readonly id: string;
  readonly lead_id: string | null;
  readonly opportunity_id: string | null;
  readonly company_id: string | null;
  readonly text: string;
  readonly pinned: boolean;
  readonly by: string;
  readonly at: Date;
  readonly edited_at: Date | null;
};

export async function listNotes(db: Db, of: "lead" | "company", id: string, most: number): Promise<readonly NoteRow[]> {
  return db.query<NoteRow>(
    composedSql(
      `select id, lead_id, opportunity_id, company_id, text, pinned, by, at, edited_at from note where workspace_id = $1 and ${of}_id = $2 and deleted_at is null order by pinned desc, at desc, id limit $3`,
      [id, most],
      true,
    ),
  );
}

/** The latest note with this text by this actor, or the one with this id. */
export async function findNoteOf(
  db: Db,
  leadId: string,
  wanted: { readonly id: string } | { readonly by: string; readonly text: string },
): Promise<NoteRow | null> {
  const rows =
    "id" in wanted
      ? await db.query<NoteRow>(
          sql`select id, lead_id, opportunity_id, company_id, text, pinned, by, at, edited_at from note where workspace_id = ${workspace} and lead_id = ${leadId} and id = ${wanted.id}`,
        )
      : await db.query<NoteRow>(
          sql`select id, lead_id, opportunity_id, company_id, text, pinned, by, at, edited_at from note where workspace_id = ${workspace} and lead_id = ${leadId} and by = ${wanted.by} and text = ${wanted.text} order by at desc limit 1`,
        );
  return rows[0] ?? null;
}
