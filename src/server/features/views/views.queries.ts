/** Saved views and each person's order of them. */
import { type Db, sql, workspace } from "../../db/db.ts";

export type ViewRow = {
  readonly id: string;
  readonly kind: string;
  readonly layout: string;
  readonly name: string;
  readonly filter: unknown;
  readonly sort: string | null;
  readonly columns: readonly string[];
  readonly scope: string;
  readonly team: string | null;
  readonly owner_id: string | null;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Those of a user, of his teams, and of everybody. */
export async function listViewRows(db: Db, kind: string, user: string | null, teams: readonly string[], everyTeam: boolean): Promise<readonly ViewRow[]> {
  return db.query<ViewRow>(sql`
    select * from saved_view where workspace_id = ${workspace} and kind = ${kind}
      and (scope = 'workspace' or (scope = 'private' and owner_id = ${user}::uuid) or (scope = 'team' and (${everyTeam} or owner_id = ${user}::uuid or team = any(${teams}::text[]))))
    order by case scope when 'workspace' then 0 when 'team' then 1 else 2 end, created_at, id`);
}

export async function findOrder(db: Db, user: string): Promise<readonly string[]> {
  const [row] = await db.query<{ view_ids: string[] }>(sql`select view_ids from view_order where workspace_id = ${workspace} and user_id = ${user}`);
  return row?.view_ids ?? [];
}

export async function writeOrder(db: Db, user: string, ids: readonly string[]): Promise<void> {
  await db.execute(sql`
    insert into view_order (workspace_id, user_id, view_ids) values (${workspace}, ${user}, ${ids}::uuid[])
    on conflict (workspace_id, user_id) do update set view_ids = excluded.view_ids`);
}

export async function lockView(db: Db, id: string): Promise<ViewRow | null> {
  const rows = await db.query<ViewRow>(sql`select * from saved_view where workspace_id = ${workspace} and id = ${id} for update`);
  return rows[0] ?? null;
}

export async function countViewsOf(db: Db, user: string | null): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select count(*)::int as n from saved_view where workspace_id = ${workspace} and owner_id is not distinct from ${user}::uuid`,
  );
  return row?.n ?? 0;
}

export async function writeView(db: Db, view: ViewRow): Promise<void> {
  const filter = view.filter === null || view.filter === undefined ? null : JSON.stringify(view.filter);
  await db.execute(sql`
    insert into saved_view as v (workspace_id, id, kind, layout, name, filter, sort, columns, scope, team, owner_id, version, created_at, updated_at)
    values (${workspace}, ${view.id}, ${view.kind}, ${view.layout}, ${view.name}, ${filter}::jsonb, ${view.sort}, ${view.columns}::text[], ${view.scope}, ${view.team}, ${view.owner_id}, ${view.version}, ${view.created_at}, ${view.updated_at})
    on conflict (workspace_id, id) do update set layout = excluded.layout, name = excluded.name, filter = excluded.filter, sort = excluded.sort, columns = excluded.columns, scope = excluded.scope,
      team = excluded.team, version = excluded.version, updated_at = excluded.updated_at`);
}

export async function deleteViewRow(db: Db, id: string): Promise<void> {
  await db.execute(sql`delete from saved_view where workspace_id = ${workspace} and id = ${id}`);
}
