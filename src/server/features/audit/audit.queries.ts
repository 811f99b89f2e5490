/** The audit table: rows are added, never changed. */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";

export type NewEntry = {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly aboutType: string | null;
  readonly aboutId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly why: string | null;
  readonly address: string | null;
};

export async function insertEntry(db: Db, { id, at, actor, action, aboutType, aboutId, detail, why, address }: NewEntry): Promise<void> {
  await db.execute(sql`
    insert into audit (workspace_id, id, at, actor, action, about_type, about_id, detail, why, address)
    values (${workspace}, ${id}, ${at}, ${actor}, ${action}, ${aboutType}, ${aboutId}, ${JSON.stringify(detail)}::jsonb, ${why}, ${address})`);
}

export type EntryRow = {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly by: string | null;
  readonly action: string;
  readonly about_type: string | null;
  readonly about_id: string | null;
  readonly about_name: string | null;
  readonly detail: Record<string, unknown>;
  readonly why: string | null;
  readonly address: string | null;
};

export type EntryFilter = {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly about?: string | undefined;
  /** A field that the entry has the old and the new value of, or a part that it names as changed. */
  readonly changed?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** The last entry of the page before. */
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
};

const NAMES = `
  select e.*,
    case
      when e.actor like 'user:%' then (select name from app_user u where u.workspace_id = $1 and u.id::text = substr(e.actor, 6))
      when e.actor like 'key:%' then (select name from api_key k where k.workspace_id = $1 and k.id::text = substr(e.actor, 5))
    end as by,
    case e.about_type
      when 'user' then (select name from app_user u where u.workspace_id = $1 and u.id::text = e.about_id)
      when 'key' then (select name from api_key k where k.workspace_id = $1 and k.id::text = e.about_id)
    end as about_name`;

/** Newest first. */
export async function listEntries(db: Db, { actor, action, about, changed, from, to, after, limit }: EntryFilter): Promise<readonly EntryRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value) + 1}`;
  const conditions = ["workspace_id = $1"];
  if (actor !== undefined) conditions.push(`actor = ${bind(actor)}`);
  if (action !== undefined) conditions.push(action.includes(".") ? `action = ${bind(action)}` : `split_part(action, '.', 1) = ${bind(action)}`);
  if (about !== undefined) conditions.push(`about_id = ${bind(about)}`);
  if (changed !== undefined) {
    const name = bind(changed);
    conditions.push(`(jsonb_exists(detail, ${name}) or jsonb_exists(detail->'changed', ${name}))`);
  }
  if (from !== undefined) conditions.push(`at >= ${bind(from)}`);
  if (to !== undefined) conditions.push(`at < ${bind(to)}`);
  if (after !== undefined) conditions.push(`(at, id) < (${bind(after.at)}, ${bind(after.id)}::uuid)`);
  const page = `select id, at, actor, action, about_type, about_id, detail, why, address from audit
    where ${conditions.join(" and ")} order by at desc, id desc limit ${bind(limit)}`;
  return db.query<EntryRow>(composedSql(`${NAMES} from (${page}) e order by e.at desc, e.id desc`, values));
}
