/** Companies as lists and pages read them, and what people change of them. */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { escapeLike, type Parameters, parameters } from "../../db/filter-sql.ts";
import { type Sight, sightOfCompanySql, sightSql } from "../../db/sight-sql.ts";

export type CompanyRow = {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly domain: string | null;
  readonly parent_id: string | null;
  readonly parent: string | null;
  readonly created_at: Date;
  readonly leads: number;
  /** Pairs of state (open, won) and currency with sum and count. */
  readonly sums: readonly { readonly state: "open" | "won"; readonly currency: string | null; readonly amount: number; readonly n: number }[] | null;
};

const COUNTED = 1000;

/** Leads and sums are of what is seen: the others would be told by them. */
function columnsOf(sight: Sight, params: Parameters): string {
  const condition = sightSql(sight, params);
  const seen = condition === null ? "" : ` and ${condition}`;
  return `c.id, c.version, c.name, c.domain, c.parent_id, p.name as parent, c.created_at,
  (select count(*)::int from (select 1 from lead l where l.workspace_id = $1 and l.company_id = c.id and l.deleted_at is null${seen} limit ${COUNTED}) counted) as leads,
  (select json_agg(s) from (
    select case when o.won_at is null then 'open' else 'won' end as state, o.currency, coalesce(sum(o.amount), 0) as amount, count(*)::int as n
    from opportunity o join lead l on l.workspace_id = o.workspace_id and l.id = o.lead_id
    where o.workspace_id = $1 and o.company_id = c.id and o.lost_at is null and l.deleted_at is null${seen} group by 1, 2 order by 1, 2) s) as sums`;
}
const SOURCE = "company c left join company p on p.workspace_id = c.workspace_id and p.id = c.parent_id";

export type Place = { readonly key: string; readonly id: string };

export type CompanyOrder = { readonly by: "name" | "createdAt"; readonly descending: boolean };

const ORDERS = { name: ['lower(c.name) collate "C"', "text"], createdAt: ["c.created_at at time zone 'UTC'", "timestamp"] } as const;

export async function listCompanyRows(
  db: Db,
  {
    q,
    order,
    after,
    limit,
    sight,
  }: { readonly q: string | null; readonly order: CompanyOrder; readonly after: Place | null; readonly limit: number; readonly sight: Sight },
): Promise<readonly (CompanyRow & { readonly key: string })[]> {
  const params = parameters();
  const seen = sightOfCompanySql(sight, "c.id", params);
  const [column, type] = ORDERS[order.by];
  const [sign, direction] = order.descending ? ["<", "desc"] : [">", "asc"];
  const pattern = q === null ? "" : params.bind(`%${escapeLike(q)}%`, "text");
  const conditions = [
    "c.workspace_id = $1",
    ...(q === null ? [] : [`c.id in (select s.id from search_entry s where s.workspace_id = $1 and s.type = 'company' and s.text like ${pattern})`]),
    ...(after === null ? [] : [`(${column}, c.id) ${sign} (${params.bind(after.key, type)}, ${params.bind(after.id, "uuid")})`]),
    ...(seen === null ? [] : [seen]),
  ];
  const text = `select ${columnsOf(sight, params)}, (${column})::text as key from ${SOURCE} where ${conditions.join(" and ")} order by ${column} ${direction}, c.id ${direction} limit ${params.bind(limit, "int")}`;
  return db.query(composedSql(text, params.values, q === null && sight === null));
}

export async function findCompany(db: Db, id: string, sight: Sight): Promise<CompanyRow | null> {
  const params = parameters();
  const wanted = params.bind(id, "uuid");
  const seen = sightOfCompanySql(sight, "c.id", params);
  const rows = await db.query<CompanyRow>(
    composedSql(
      `select ${columnsOf(sight, params)} from ${SOURCE} where c.workspace_id = $1 and c.id = ${wanted}${seen === null ? "" : ` and ${seen}`}`,
      params.values,
    ),
  );
  return rows[0] ?? null;
}

export type ContactRow = {
  readonly id: string;
  readonly role: string;
  readonly created_at: Date;
  readonly opportunity_id: string | null;
  readonly opportunity: string | null;
  readonly lead: {
    readonly id: string;
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly company: string | null;
    readonly job_title: string | null;
    readonly email: string | null;
    readonly phone: string | null;
    readonly stage: string;
    readonly heat: string;
    readonly score: number;
    readonly owner_id: string | null;
  };
};

/** People with a role at the company or in one of its opportunities, and leads linked to it. */
export async function listCompanyContacts(db: Db, companyId: string, sight: Sight, limit: number): Promise<readonly ContactRow[]> {
  const params = parameters();
  const company = params.bind(companyId, "uuid");
  const seen = sightSql(sight, params);
  const text = `
    select k.id, k.role, k.created_at, k.opportunity_id, o.name as opportunity,
      json_build_object('id', l.id, 'first_name', l.first_name, 'last_name', l.last_name, 'company', l.company, 'job_title', l.job_title, 'email', l.email, 'phone', l.phone,
        'stage', l.stage, 'heat', l.heat, 'score', l.score, 'owner_id', l.owner_id) as lead
    from contact k join lead l on l.workspace_id = k.workspace_id and l.id = k.lead_id left join opportunity o on o.workspace_id = k.workspace_id and o.id = k.opportunity_id
    where k.workspace_id = $1 and (k.company_id = ${company} or k.opportunity_id in (select id from opportunity where workspace_id = $1 and company_id = ${company})) and l.deleted_at is null${seen === null ? "" : ` and ${seen}`}
    order by k.created_at desc, k.id limit ${params.bind(limit, "int")}`;
  return db.query<ContactRow>(composedSql(text, params.values));
}

export type OwnContactRow = {
  readonly id: string;
  readonly role: string;
  readonly created_at: Date;
  readonly company_id: string | null;
  readonly company: string | null;
  readonly opportunity_id: string | null;
  readonly opportunity: string | null;
};

export async function listLeadContacts(db: Db, leadId: string): Promise<readonly OwnContactRow[]> {
  return db.query<OwnContactRow>(sql`
    select k.id, k.role, k.created_at, k.company_id, c.name as company, k.opportunity_id, o.name as opportunity
    from contact k left join company c on c.workspace_id = k.workspace_id and c.id = k.company_id left join opportunity o on o.workspace_id = k.workspace_id and o.id = k.opportunity_id
    where k.workspace_id = ${workspace} and k.lead_id = ${leadId} order by k.created_at, k.id`);
}

export async function listChildren(db: Db, companyId: string, sight: Sight, limit: number): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const params = parameters();
  const seen = sightOfCompanySql(sight, "c.id", params);
  const text = `
    select c.id, c.name from company c where c.workspace_id = $1 and c.parent_id = ${params.bind(companyId, "uuid")}${seen === null ? "" : ` and ${seen}`}
    order by c.name, c.id limit ${params.bind(limit, "int")}`;
  return db.query(composedSql(text, params.values));
}

export type CompanyFactRow = { readonly id: string; readonly at: Date; readonly type: string; readonly actor: string; readonly data: Record<string, unknown> };

export async function listCompanyFacts(db: Db, companyId: string, limit: number): Promise<readonly CompanyFactRow[]> {
  return db.query<CompanyFactRow>(
    sql`select id, at, type, actor, data from company_fact where workspace_id = ${workspace} and company_id = ${companyId} order by at desc, id desc limit ${limit}`,
  );
}

export async function insertCompanyFact(
  db: Db,
  companyId: string,
  fact: { readonly id: string; readonly at: Date; readonly type: string; readonly actor: string; readonly data: object },
): Promise<void> {
  await db.execute(
    sql`insert into company_fact (workspace_id, company_id, id, at, type, actor, data) values (${workspace}, ${companyId}, ${fact.id}, ${fact.at}, ${fact.type}, ${fact.actor}, ${JSON.stringify(fact.data)}::jsonb)`,
  );
}

export type StoredCompany = {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly domain: string | null;
  readonly parent_id: string | null;
};

export async function lockCompany(db: Db, id: string): Promise<StoredCompany | null> {
  const rows = await db.query<StoredCompany>(
    sql`select id, version, name, domain, parent_id from company where workspace_id = ${workspace} and id = ${id} for update`,
  );
  return rows[0] ?? null;
}

export async function findByDomain(db: Db, domain: string, except: string): Promise<string | null> {
  const rows = await db.query<{ name: string }>(
    sql`select name from company where workspace_id = ${workspace} and domain = ${domain} and id <> ${except} limit 1`,
  );
  return rows[0]?.name ?? null;
}

/** The ids above a company, nearest first. */
export async function listAncestors(db: Db, id: string): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(sql`
    with recursive above as (
      select c.id, c.parent_id, 1 as step from company c where c.workspace_id = ${workspace} and c.id = ${id}
      union all
      select c.id, c.parent_id, a.step + 1 from above a join company c on c.workspace_id = ${workspace} and c.id = a.parent_id where a.step < 100)
    select id from above order by step`);
  return rows.map((row) => row.id);
}

export type Searchable = { readonly nameKey: string; readonly text: string };

export async function updateCompany(db: Db, company: StoredCompany, { nameKey, text }: Searchable): Promise<void> {
  await db.execute(sql`
    update company set name = ${company.name}, name_key = ${nameKey}, domain = ${company.domain}, parent_id = ${company.parent_id}, version = version + 1
    where workspace_id = ${workspace} and id = ${company.id}`);
  await db.execute(sql`
    update search_entry set title = ${company.name}, detail = ${company.domain ?? ""}, text = ${text} where workspace_id = ${workspace} and type = 'company' and id = ${company.id}`);
}

export type StoredNote = { readonly id: string; readonly text: string; readonly pinned: boolean; readonly by: string };

export async function lockCompanyNote(db: Db, companyId: string, id: string): Promise<StoredNote | null> {
  const rows = await db.query<StoredNote>(
    sql`select id, text, pinned, by from note where workspace_id = ${workspace} and company_id = ${companyId} and id = ${id} and deleted_at is null for update`,
  );
  return rows[0] ?? null;
}

export async function insertCompanyNote(db: Db, companyId: string, note: StoredNote, at: Date): Promise<void> {
  await db.execute(
    sql`insert into note (workspace_id, id, company_id, text, pinned, by, at) values (${workspace}, ${note.id}, ${companyId}, ${note.text}, ${note.pinned}, ${note.by}, ${at})`,
  );
}

export async function updateCompanyNote(db: Db, note: StoredNote, editedAt: Date | null, deletedAt: Date | null): Promise<void> {
  await db.execute(sql`
    update note set text = ${note.text}, pinned = ${note.pinned}, edited_at = coalesce(${editedAt}::timestamptz, edited_at), deleted_at = ${deletedAt}
    where workspace_id = ${workspace} and id = ${note.id}`);
}
