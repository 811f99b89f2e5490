/**
 * The database, bound to one workspace. Whoever holds a `Db` can only reach the rows of its workspace: statements are made
 * with `sql`, which refuses text that does not name the workspace placeholder, and rows are copied in with the workspace's
 * id as their first column. Statements bound to none are few; `house.queries.ts` says which.
 */
import pg from "pg";
import { codeOf } from "./errors.ts";
import { copySoon, gatherWrites, type Queryable, sendCopies } from "./sending.ts";

export type Row = Record<string, unknown>;

/** Runs statements, on the pool or inside a transaction. Statements of one `Db` in a transaction are sent without waiting for one another. */
export type Db = {
  readonly workspaceId: string;
  /** Takes no locks on identities, leads and companies: for a run that is rolled back, and would pile up a lock a row. */
  readonly unlocked?: boolean;
  query<R = Row>(statement: Statement): Promise<R[]>;
  /** How many rows the statement changed. */
  execute(statement: Statement): Promise<number>;
  /** Sends a statement nobody waits for; if it fails, so does the transaction, with its error. */
  post(statement: Statement): void;
  /** Adds rows as `copy` text lines (see `copyLine`), as `post` does. */
  copy(target: CopyTarget, lines: string): void;
};

declare const bound: unique symbol;

/** A statement that names its workspace. Made by `sql` only. */
export type Statement = { readonly text: string; readonly name: string; readonly values: readonly unknown[]; readonly asText?: true; readonly [bound]: true };

/** Stands for the workspace in a statement: `where workspace_id = ${workspace}`. */
export const workspace = Symbol("the workspace of the Db that runs the statement");

const WORKSPACE_PARAMETER = "$1::uuid";
const texts = new Map<TemplateStringsArray, { readonly text: string; readonly name: string; readonly slots: readonly boolean[] }>();

/**
 * A statement with bound values; `${workspace}` is the workspace, everything else becomes a parameter. Prepared once per
 * connection. A value never becomes part of the text.
 * @throws Error when the text does not name the workspace
 */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Statement {
  let shape = texts.get(strings);
  if (shape === undefined) {
    shape = shapeOf(strings, values);
    texts.set(strings, shape);
  }
  const { slots } = shape;
  return { text: shape.text, name: shape.name, values: values.filter((_, i) => slots[i] === false) } as unknown as Statement;
}

function shapeOf(strings: TemplateStringsArray, values: readonly unknown[]) {
  let text = strings[0] as string;
  let next = 2;
  const slots = values.map((value, i) => {
    const isWorkspace = value === workspace;
    text += (isWorkspace ? WORKSPACE_PARAMETER : `$${next++}`) + (strings[i + 1] as string);
    return isWorkspace;
  });
  if (!slots.includes(true)) throw new Error(`This statement does not name its workspace; write \${workspace} where it belongs:\n${text}`);
  return { text, name: `s${texts.size}`, slots };
}

/**
 * A statement whose text is put together at run time from allow-listed pieces (compiled filters, sorts). `$1` is the
 * workspace. With `prepare` its plan is kept, for texts that come again with other values.
 * @throws Error when the text does not name `$1`
 */
export function composedSql(text: string, values: readonly unknown[], prepare = false): Statement {
  if (!/\bworkspace_id = \$1\b/.test(text)) throw new Error(`This statement does not say "workspace_id = $1":\n${text}`);
  return { text, name: prepare ? composedName(text) : "", values } as unknown as Statement;
}

/** The same statement, with every value of its rows as the text PostgreSQL sends: for rows that are written on without being looked at. */
export function asText(statement: Statement): Statement {
  return { ...statement, asText: true };
}

const UNPARSED = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** A connection keeps what it prepared until it ends, so only the first so many texts get a name. */
const MOST_COMPOSED = 256;
const composed = new Map<string, string>();

function composedName(text: string): string {
  const known = composed.get(text);
  if (known !== undefined) return known;
  if (composed.size === MOST_COMPOSED || text.length > 10_000) return "";
  const name = `c${composed.size}`;
  composed.set(text, name);
  return name;
}

/** A table and its columns, workspace_id left out: it is written first by `copy` itself. */
export type CopyTarget = { readonly text: string };

export function copyTarget(table: string, columns: readonly string[]): CopyTarget {
  return { text: `copy ${table} (workspace_id, ${columns.join(", ")}) from stdin` };
}

type Cell = string | number | boolean | null;

/** One row for `Db.copy`, the workspace first. Null is `\N`; objects must be given as JSON text. */
export function copyLine(workspaceId: string, cells: readonly Cell[]): string {
  let line = workspaceId;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as Cell;
    line += cell === null ? "\t\\N" : typeof cell === "string" ? `\t${escapeCell(cell)}` : `\t${cell}`;
  }
  return `${line}\n`;
}

const SPECIAL = /[\\\n\r\t]/;

function escapeCell(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}

/** An array literal of PostgreSQL for text items. */
export function arrayCell(items: readonly (string | number)[]): string {
  return `{${items.map((item) => (typeof item === "number" ? item : `"${escapeItem(item)}"`)).join(",")}}`;
}

let lastMs = Number.NaN;
let lastIso = "";

/** Most moments of a batch are the batch's own, so the last one written is kept. */
export function isoCell(ms: number | null): string | null {
  if (ms === null) return null;
  if (ms !== lastMs) {
    lastIso = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastIso;
}

/** Arrays as literals: pg escapes each item in two passes, which in a chunk of five hundred leads was a tenth of the work. */
function parameterOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  let text = "{";
  for (let i = 0; i < value.length; i++) {
    const item = value[i] as unknown;
    if (i > 0) text += ",";
    if (item === null || item === undefined) text += "NULL";
    else if (typeof item === "number" || typeof item === "boolean") text += String(item);
    else if (typeof item === "string") text += `"${escapeItem(item)}"`;
    else return value;
  }
  return `${text}}`;
}

function escapeItem(text: string): string {
  return text.includes("\\") || text.includes('"') ? text.replaceAll("\\", "\\\\").replaceAll('"', '\\"') : text;
}

/** Binds connections to a workspace. `pending` collects what is posted inside a transaction. */
export function bindDb(connection: Queryable, workspaceId: string, pending: Promise<unknown>[] | null = null): Db {
  const run = async (statement: Statement): Promise<pg.QueryResult> => {
    const { name, text, values } = statement;
    if (pending !== null) {
      sendCopies(connection as pg.ClientBase);
      gatherWrites(connection);
    }
    return connection.query({
      ...(name === "" ? {} : { name }),
      ...(statement.asText === true ? { types: UNPARSED } : {}),
      text,
      values: [workspaceId, ...values.map(parameterOf)],
    });
  };
  const post = (work: Promise<unknown>): void => {
    if (pending === null) throw new Error("only a transaction takes statements nobody waits for");
    work.catch(() => {});
    pending.push(work);
  };
  return {
    workspaceId,
    query: async <R>(statement: Statement) => (await run(statement)).rows as R[],
    execute: async (statement) => (await run(statement)).rowCount ?? 0,
    post: (statement) => post(run(statement)),
    copy: (target, lines) => {
      if (lines === "") return;
      if (pending === null) throw new Error("only a transaction takes rows nobody waits for");
      const sent = copySoon(connection as pg.ClientBase, { text: target.text, lines });
      if (sent !== null) post(sent);
    },
  };
}

/** Where transactions come from: a pool whose connections pipeline. */
export type Database = {
  readonly pool: pg.Pool;
  /** Asked before anything is written. @throws Error with SQLSTATE 53100 while the disk is nearly full; reading goes on */
  readonly checkRoom?: (() => void) | undefined;
};

/**
 * For statements that look rows up by key and nothing else. Told so, the planner takes the index from the first row on; left
 * to itself it reads whole tables until their first ANALYZE and keeps that plan (measured: 5 ms instead of 0.1 ms a look-up
 * of 128 identities, 1 ms instead of 0.05 ms an updated lead, in a table that had grown from 0 to 20,000 rows).
 */
const BY_KEY = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

/** A transaction of the flow is never idle for long, unless its process stands still; then others must not wait for its locks. */
const LET_GO = "-c idle_in_transaction_session_timeout=10s";

/** `use` tells what the connections are for: `flow` looks up by key, `read` lists and counts. `hasRoom` tells whether the disk can take more. */
export function createDatabase(config: pg.PoolConfig, max: number, use: "flow" | "read" = "read", hasRoom: (() => boolean) | null = null): Database {
  const options = use === "flow" ? { options: `${BY_KEY} ${LET_GO}` } : {};
  const pool = new pg.Pool({ ...config, ...options, max, pipeline: true, idleTimeoutMillis: 30_000, keepAlive: true } as pg.PoolConfig);
  pool.on("error", () => {
    // An idle connection broke. The pool drops it and makes a new one when asked; whoever is using one gets the error itself.
  });
  pool.on("connect", (client) => {
    // One in use broke while nothing was asked of it. Whoever has it hears of it with the next statement; unheard it would end the process.
    client.on("error", () => {});
  });
  const checkRoom = (): void => {
    if (hasRoom?.() === false) throw Object.assign(new Error("The disk of the database is nearly full."), { code: "53100" });
  };
  return { pool, checkRoom };
}

/**
 * Runs `work` in one transaction of a workspace and hands it dependencies bound to it.
 *
 * Name the parameter `deps` again, so the outer handle is shadowed and no statement can slip past the transaction by accident.
 * Rolled back when `work` fails. The promise is kept only after COMMIT.
 */
export async function transact<D extends { readonly db: Db; readonly database: Database }, T>(
  deps: D,
  work: (deps: D) => Promise<T>,
  isolation = "",
): Promise<T> {
  if (!isolation.endsWith("read only")) deps.database.checkRoom?.();
  const client = await deps.database.pool.connect();
  const pending: Promise<unknown>[] = [];
  let broken: Error | undefined;
  try {
    gatherWrites(client);
    const begin = client.query(`begin${isolation === "" ? "" : ` isolation level ${isolation}`}`);
    begin.catch(() => {});
    pending.push(begin);
    const result = await work({ ...deps, db: bindDb(client, deps.db.workspaceId, pending) });
    sendCopies(client);
    gatherWrites(client);
    const commit = client.query("commit");
    commit.catch(() => {});
    await Promise.all(pending);
    const { command } = await commit;
    if (command !== "COMMIT") throw new Error("The transaction was rolled back because one of its statements failed.");
    return result;
  } catch (error) {
    sendCopies(client); // rows that waited must not be sent after the transaction
    await client.query("rollback").catch((lost: Error) => {
      broken = lost;
    });
    throw await firstFailure(error, pending);
  } finally {
    client.release(broken);
  }
}

/** After a statement nobody waited for has failed, the next one only says that the transaction is aborted. The reason is the first's. */
async function firstFailure(error: unknown, pending: readonly Promise<unknown>[]): Promise<unknown> {
  if (codeOf(error) !== ABORTED) return error;
  for (const outcome of await Promise.allSettled(pending)) if (outcome.status === "rejected" && codeOf(outcome.reason) !== ABORTED) return outcome.reason;
  return error;
}

const ABORTED = "25P02";

pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
