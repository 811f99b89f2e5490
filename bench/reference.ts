/**
 * What the benches are measured against: a bare http server on the same PostgreSQL, no framework, no checks. Its tables,
 * indexes and statements are fixed; to make them slower would make every figure a lie. Started by house.ts in a process of
 * its own; with its parent gone it ends itself.
 *
 * POST /lead, POST /touch: one durable insert each. GET /leads: a page of 50 by a hand-written keyset query on an index.
 * GET /search: ten rows by trigram similarity.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";

export type Reference = { readonly url: string; readonly close: () => Promise<void> };

type LeadBody = {
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  readonly company?: string;
  readonly source?: string;
  readonly fields?: object;
};
type TouchBody = { readonly lead?: number; readonly kind?: string; readonly at?: string; readonly props?: object };

/** Makes its tables, with `rows` invented leads in them, and listens. Closing drops the tables. */
export async function reference(pool: pg.Pool, { rows = 0 }: { readonly rows?: number } = {}): Promise<Reference> {
  await pool.query(`drop table if exists reference_lead, reference_touch;
    create table reference_lead (id bigint generated always as identity primary key, email text unique, first_name text, last_name text, phone text, company text,
      source text, stage text, owner int, score int, fields jsonb, created_at timestamptz not null default now());
    create index on reference_lead (stage, owner, score desc, id); create index on reference_lead (created_at);
    create extension if not exists pg_trgm; create index on reference_lead using gin ((first_name || ' ' || last_name || ' ' || company) gin_trgm_ops);
    create table reference_touch (id bigint generated always as identity primary key, lead bigint, kind text, at timestamptz not null default now(), props jsonb);
    create index on reference_touch (lead, at);`);
  if (rows > 0)
    await pool.query(
      `insert into reference_lead (email, first_name, last_name, company, source, stage, owner, score, fields)
    select 'r' || i || '@example.com', 'First' || i % 997, 'Last' || i % 1499, 'Company ' || i % 20000, 'source' || i % 12, 'stage' || i % 6, i % 40, (i * 7919) % 101, '{}' from generate_series(1, $1::int) i`,
      [rows],
    );
  await pool.query("analyze reference_lead");
  const server = http.createServer((request, response) => handle(pool, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await pool.query("drop table if exists reference_lead, reference_touch");
    },
  };
}

const LEAD = {
  name: "reference-lead",
  text: "insert into reference_lead (email, first_name, last_name, phone, company, source, stage, owner, score, fields) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) returning id",
};
const TOUCH = { name: "reference-touch", text: "insert into reference_touch (lead, kind, at, props) values ($1,$2,$3,$4) returning id" };
const PAGE = {
  name: "reference-page",
  text: "select * from reference_lead where stage = $1 and owner = $2 and score < $3 order by score desc, id limit 50",
};
const SEARCH = {
  name: "reference-search",
  text: "select id, first_name, last_name, company from reference_lead where (first_name || ' ' || last_name || ' ' || company) % $1 order by similarity(first_name || ' ' || last_name || ' ' || company, $1) desc limit 10",
};

function handle(pool: pg.Pool, request: http.IncomingMessage, response: http.ServerResponse): void {
  const answer = (status: number, body: unknown): void => {
    const text = JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  };
  const list = (query: pg.QueryConfig): void => {
    pool.query(query).then(
      ({ rows }) => answer(200, { items: rows }),
      (error: Error) => answer(500, { error: error.message }),
    );
  };
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://reference");
  if (pathname === "/search") return list({ ...SEARCH, values: [searchParams.get("q") ?? ""] });
  if (request.method === "GET")
    return list({
      ...PAGE,
      values: [searchParams.get("stage") ?? "stage1", Number(searchParams.get("owner") ?? 1), Number(searchParams.get("after") ?? 1000)],
    });
  const chunks: Buffer[] = [];
  request
    .on("data", (chunk: Buffer) => chunks.push(chunk))
    .on("end", () => {
      insert(pool, pathname, chunks).then(
        (row) => answer(201, row),
        (error: Error) => answer(500, { error: error.message }),
      );
    });
}

async function insert(pool: pg.Pool, pathname: string, chunks: readonly Buffer[]): Promise<unknown> {
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
  return (await pool.query(pathname === "/touch" ? touchQuery(body as TouchBody) : leadQuery(body as LeadBody))).rows[0];
}

function touchQuery({ lead, kind, at, props }: TouchBody): pg.QueryConfig {
  return { ...TOUCH, values: [lead ?? 1, kind, at ?? new Date(), JSON.stringify(props ?? {})] };
}

function leadQuery({ email, firstName, lastName, phone, company, source, fields }: LeadBody): pg.QueryConfig {
  return { ...LEAD, values: [email, firstName, lastName, phone, company, source, "inquiry", 1, 0, JSON.stringify(fields ?? {})] };
}

/** As a process of its own: told where the database is, it says where it listens. */
if (import.meta.main) {
  process.on("disconnect", () => process.exit());
  process.on("SIGINT", () => {}); // Ctrl-C is the bench's to answer
  process.once("message", (connection: pg.PoolConfig) => {
    const pool = new pg.Pool(connection);
    pool.on("error", () => {});
    reference(pool).then(
      ({ url }) => process.send?.({ url }),
      (error: Error) => {
        process.stderr.write(`${error.stack}\n`);
        process.exit(1);
      },
    );
  });
}
