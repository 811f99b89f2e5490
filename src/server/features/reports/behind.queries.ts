/** The lines behind a number of a report: what was counted, one by one, by the same conditions. */
import { composedSql, type Db } from "../../db/db.ts";
import { type Parameters, parameters } from "../../db/filter-sql.ts";
import { daysSql, entriesSql, leadSql, type Of, staysSql, untilSql, WON, wonSql } from "./report.queries.ts";

export type Counted =
  /** Leads that entered one of the stages. */
  | { readonly kind: "reached"; readonly stages: readonly string[] }
  | { readonly kind: "stays"; readonly stage: string }
  | { readonly kind: "way"; readonly start: string; readonly end: string }
  | { readonly kind: "won" };

/** A row of the report: a condition on `lead l`, or null for all rows. */
export type RowSql = (params: Parameters) => string | null;

export type Place = { readonly order: number; readonly leadId: string; readonly line: string };

export type BehindRow = {
  readonly lead_id: string;
  readonly line: string;
  /** What the order goes by: days where there are any, else the moment. */
  readonly order: number;
  readonly at: Date;
  readonly days: number | null;
  readonly deal: { readonly id: string; readonly name: string; readonly amount: number | null; readonly currency: string | null } | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly company: string | null;
  readonly job_title: string | null;
  readonly stage: string;
  readonly heat: string;
  readonly score: number;
  readonly owner_id: string | null;
  readonly source: string | null;
};

export async function listBehind(
  db: Db,
  what: Counted,
  of: Of,
  row: RowSql,
  { after, limit }: { readonly after: Place | null; readonly limit: number },
): Promise<readonly BehindRow[]> {
  const params = parameters();
  const lines = linesSql(what, of, row, params);
  const beyond =
    after === null
      ? ""
      : `where (b."order", b.lead_id, b.line) < (${params.bind(after.order, "float8")}, ${params.bind(after.leadId, "uuid")}, ${params.bind(after.line, "text")} collate "C")`;
  const text = `
    select b.*, l.first_name, l.last_name, l.email, l.phone, l.company, l.job_title, l.stage, l.heat, l.score, l.owner_id, l.source
    from (select * from (${lines}) b ${beyond} order by b."order" desc, b.lead_id desc, b.line desc limit ${params.bind(limit, "int")}) b
    join lead l on l.workspace_id = $1 and l.id = b.lead_id order by b."order" desc, b.lead_id desc, b.line desc`;
  return db.query<BehindRow>(composedSql(text, params.values));
}

export async function countBehind(db: Db, what: Counted, of: Of, row: RowSql): Promise<number> {
  const params = parameters();
  const [counted] = await db.query<{ count: number }>(composedSql(`select count(*)::int as count from (${linesSql(what, of, row, params)}) b`, params.values));
  return counted?.count ?? 0;
}

function linesSql(what: Counted, of: Of, row: RowSql, params: Parameters): string {
  const inRow: Of = { ...of, where: (bound) => [of.where(bound), row(bound)].filter((part) => part !== null).join(" and ") || null };
  switch (what.kind) {
    case "reached":
      return `
        select r.lead_id, ''::text collate "C" as line, extract(epoch from r.at)::float8 as "order", r.at, null::float8 as days, null::json as deal
        from (select f.lead_id, min(f.at) as at from fact f where f.workspace_id = $1 and f.stage = any (${params.bind(what.stages, "text[]")})${untilSql("f.at", of, params)} group by f.lead_id) r
        join lead l on l.id = r.lead_id where ${leadSql(inRow, params)}`;
    case "stays":
      return `
        select s.lead_id, lpad(s.number::text, 12, '0') || '.' || lpad(s.ordinal::text, 6, '0') collate "C" as line, s.days as "order", s.at, s.days, null::json as deal
        from (${staysSql(inRow, params)}) s where s.stage = ${params.bind(what.stage, "text")} and s.days is not null`;
    case "way":
      return `
        select s.lead_id, ''::text collate "C" as line, ${daysSql("s.e0", "s.e1")} as "order", s.e1 as at, ${daysSql("s.e0", "s.e1")} as days, null::json as deal
        from (${entriesSql([what.start, what.end], inRow, params)}) s where s.e1 - s.e0 is not null`;
    default:
      return `
        select o.lead_id, o.id::text collate "C" as line, extract(epoch from o.won_at)::float8 as "order", o.won_at as at, null::float8 as days,
          json_build_object('id', o.id, 'name', o.name, 'amount', o.amount, 'currency', o.currency) as deal
        from ${WON} where ${wonSql(inRow, params)}`;
  }
}
