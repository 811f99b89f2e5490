/** Saved views: whose they are, who sees them, and how many leads each means. */
import { may } from "../../../core/access/access.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { countMeant, readableBy } from "../leads/lead-list.service.ts";
import { type Idempotency, idOf } from "../leads/write.service.ts";
import { once } from "../workspaces/once.service.ts";
import { countViewsOf, deleteViewRow, findOrder, listViewRows, lockView, type ViewRow, writeOrder, writeView } from "./views.queries.ts";

export type Kind = "leads" | "opportunities" | "companies";
export type Scope = "private" | "team" | "workspace";
export type ViewView = ReturnType<typeof viewOf>;

/** So many views somebody may have; more are no help to anybody. */
const MOST_VIEWS = 200;
const MOST_COUNTED = 1000;

export async function listViews(deps: Deps, kind: Kind): Promise<readonly ViewView[]> {
  const [rows, config] = await Promise.all([visible(deps, kind), deps.configs.get(deps.db)]);
  return rows.map((row) => viewOf(row, deps, config));
}

async function visible({ db, viewer }: Deps, kind: Kind): Promise<readonly ViewRow[]> {
  const [rows, order]: [readonly ViewRow[], readonly string[]] = await Promise.all([
    listViewRows(db, kind, viewer.userId, viewer.teams, viewer.role === null),
    viewer.userId === null ? [] : findOrder(db, viewer.userId),
  ]);
  const place = (row: ViewRow): number => (order.includes(row.id) ? order.indexOf(row.id) : order.length);
  return [...rows].sort((a, b) => place(a) - place(b));
}

/** Views that cannot be read just now count nothing. */
export async function countViews(deps: Deps) {
  const rows = await visible(deps, "leads");
  const items = await Promise.all(
    rows.slice(0, MOST_VIEWS).map(async (row) => {
      const count = await countMeant(deps, row.filter, MOST_COUNTED);
      return count === undefined ? [] : [{ id: row.id, count: count ?? MOST_COUNTED, more: count === null }];
    }),
  );
  return { items: items.flat() };
}

export type NewView = {
  readonly name: string;
  readonly kind: Kind;
  readonly layout: "table" | "board";
  readonly filter?: unknown;
  readonly sort?: string | null | undefined;
  readonly columns: readonly string[];
  readonly scope: Scope;
  readonly team?: string | undefined;
};

export async function createView(deps: Deps, view: NewView, idempotency: Idempotency): Promise<ViewView> {
  const config = await deps.configs.get(deps.db);
  checkShare(deps, config, view.scope, view.team);
  checkMeaning(deps, config, view.kind, view.filter ?? null, view.sort ?? null);
  const { kept } = await once(deps, idempotency, async (deps) => {
    if ((await countViewsOf(deps.db, deps.viewer.userId)) >= MOST_VIEWS)
      throw invalid(`Nobody may have more than ${MOST_VIEWS} views. Delete one first; nothing was written.`, [{ path: "", message: "too many views" }]);
    const at = new Date(deps.now());
    const { name, kind, layout, filter = null, sort = null, columns, scope } = view;
    const id = deps.newId();
    const team = scope === "team" ? (view.team as string) : null;
    await writeView(deps.db, {
      id,
      name,
      kind,
      layout,
      filter,
      sort,
      columns,
      scope,
      team,
      owner_id: deps.viewer.userId,
      version: 1,
      created_at: at,
      updated_at: at,
    });
    return { id, kind };
  });
  return readView(deps, kept.id, kept.kind);
}

export type ViewChange = {
  readonly name?: string | undefined;
  readonly layout?: "table" | "board" | undefined;
  readonly filter?: unknown;
  readonly sort?: string | null | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly scope?: Scope | undefined;
  readonly team?: string | undefined;
};

export async function changeView(
  deps: Deps,
  text: string,
  change: ViewChange,
  options: { readonly ifVersion: number | undefined; readonly idempotency: Idempotency },
): Promise<ViewView> {
  const id = idOf("view", text);
  const config = await deps.configs.get(deps.db);
  const { kept } = await once(deps, options.idempotency, async (deps) => {
    const was = await editable(deps, id, text);
    if (options.ifVersion !== undefined && options.ifVersion !== was.version)
      throw new Problem(
        412,
        "version-mismatch",
        `The view is at version ${was.version}, the change was made on version ${options.ifVersion}. Read it again and repeat the change.`,
      );
    const scope = change.scope ?? (was.scope as Scope);
    const team = scope === "team" ? (change.team ?? was.team ?? undefined) : undefined;
    if (change.scope !== undefined || change.team !== undefined) checkShare(deps, config, scope, team);
    const filter = change.filter === undefined ? was.filter : change.filter;
    const sort = change.sort === undefined ? was.sort : change.sort;
    checkMeaning(deps, config, was.kind as Kind, filter, sort);
    const { name = was.name, layout = was.layout, columns = was.columns } = change;
    await writeView(deps.db, {
      ...was,
      name,
      layout,
      filter,
      sort,
      columns,
      scope,
      team: team ?? null,
      version: was.version + 1,
      updated_at: new Date(deps.now()),
    });
    return { id, kind: was.kind as Kind };
  });
  return readView(deps, kept.id, kept.kind);
}

export async function deleteView(deps: Deps, text: string, idempotency: Idempotency): Promise<{ readonly outcome: "deleted"; readonly id: string }> {
  const id = idOf("view", text);
  await once(deps, idempotency, async (deps) => {
    await editable(deps, id, text);
    await deleteViewRow(deps.db, id);
    return { id };
  });
  return { outcome: "deleted", id };
}

export async function orderViews(deps: Deps, ids: readonly string[], idempotency: Idempotency): Promise<readonly ViewView[]> {
  const { userId } = deps.viewer;
  if (userId === null) throw invalid("This key belongs to nobody, so it has no order of its own.", [{ path: "ids", message: "need a user to be ordered for" }]);
  const known = ids.map((id) => id.toLowerCase()).filter(isUuid);
  await once(deps, idempotency, async (deps) => {
    await writeOrder(deps.db, userId, [...new Set(known)]);
    return {};
  });
  const kinds = await Promise.all((["leads", "opportunities", "companies"] as const).map((kind) => listViews(deps, kind)));
  return kinds.flat();
}

async function readView(deps: Deps, id: string, kind: Kind): Promise<ViewView> {
  const found = (await listViews(deps, kind)).find((view) => view.id === id);
  if (found === undefined) throw notFound("view", id);
  return found;
}

/** One's own, or a shared one for those who may share. What is not seen is not there. */
async function editable(deps: Deps, id: string, text: string): Promise<ViewRow> {
  const row = await lockView(deps.db, id);
  if (row === null || !isVisible(row, deps)) throw notFound("view", text);
  if (!mayEdit(row, deps)) throw new Problem(403, "forbidden", "This view belongs to others. Save it under a name of your own; nothing was written.");
  return row;
}

function isVisible(row: ViewRow, { viewer }: Deps): boolean {
  if (row.scope === "workspace") return true;
  if (row.scope === "team") return viewer.role === null || row.owner_id === viewer.userId || viewer.teams.includes(row.team ?? "");
  return row.owner_id !== null && row.owner_id === viewer.userId;
}

function mayEdit(row: ViewRow, { viewer }: Deps): boolean {
  return (row.owner_id !== null && row.owner_id === viewer.userId) || (row.scope !== "private" && may(viewer.role, "views.share"));
}

function checkShare({ viewer }: Deps, { config }: CompiledConfig, scope: Scope, team: string | undefined): void {
  if (scope === "private") {
    if (viewer.userId !== null) return;
    throw invalid("This key belongs to nobody, so it can only save views for the workspace or a team.", [
      { path: "scope", message: "must be team or workspace" },
    ]);
  }
  if (!may(viewer.role, "views.share")) throw new Problem(403, "forbidden", "You may not share views with others. Save it as your own; nothing was written.");
  if (scope === "team" && !config.teams.some(({ id }) => id === team))
    throw invalid("A view of a team names the team. Nothing was written.", [
      { path: "team", message: `must be one of ${config.teams.map(({ id }) => id).join(", ")}` },
    ]);
}

/** A view of leads must be one that the list of leads can show; those of other kinds hold what their screens put there. */
function checkMeaning(deps: Deps, config: CompiledConfig, kind: Kind, filter: unknown, sort: string | null): void {
  const wrong = kind === "leads" ? readableBy(deps, config, filter, sort) : null;
  if (wrong !== null) throw wrong;
  if (JSON.stringify(filter).length > 100_000)
    throw invalid("The filter is too large. Nothing was written.", [{ path: "filter", message: "must not be larger than 100 kB" }]);
}

function viewOf(row: ViewRow, deps: Deps, config: CompiledConfig) {
  const wrong = row.kind === "leads" ? readableBy(deps, config, row.filter, row.sort) : null;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as Kind,
    layout: row.layout as "table" | "board",
    filter: row.filter ?? null,
    sort: row.sort,
    columns: row.columns,
    scope: row.scope as Scope,
    team: row.team,
    owner: userRef(config, row.owner_id),
    mine: row.owner_id !== null && row.owner_id === deps.viewer.userId,
    editable: mayEdit(row, deps),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    broken: wrong === null ? null : `${wrong.message} ${wrong.errors.map(({ message }) => message).join("; ")}`,
  };
}
