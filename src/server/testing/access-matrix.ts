/**
 * The matrix of rights: every operation × role × {own, waiting in the team, a team mate's, a customer's, another's, another
 * workspace's record}, with what must come out of it by the table. Each check answers what is wrong; the tests expect
 * nothing, and with a guard taken away something.
 */
import { ENDPOINTS } from "../../contracts/endpoints.ts";
import type { Endpoint } from "../../contracts/endpoint.ts";
import { ACCESS, type Action } from "../../core/access/access.ts";
import { type Role, ROLES } from "../../core/access/role.ts";
import type { Reach } from "../../core/access/sight.ts";
import { createApp } from "../app.ts";
import { readBuild } from "../build.ts";
import { sql, workspace } from "../db/db.ts";
import { actIn } from "../features/workspaces/doorman.service.ts";
import { checksumOf, differences, type Ids, type Kind, KINDS, neighbourOf, peopleOf, recordOf, recordsOf, type Users } from "./access-people.ts";
import { type Json, type TestHouse, testHouse } from "./app.ts";

/** The table as it was before a test took something away. */
const TABLE = structuredClone(ACCESS) as Readonly<Record<Action, Readonly<Record<Role, Reach>>>>;

const WITHIN: Readonly<Record<Reach, readonly Kind[]>> = {
  none: [],
  own: ["own", "waiting"],
  team: ["own", "waiting", "mate"],
  customers: ["own", "waiting", "customer"],
  all: ["own", "waiting", "mate", "customer", "other"],
};

/** What a role may see and do, by the table alone. */
function expected(action: Action, role: Role, kind: Kind): "done" | 403 | 404 {
  const reach = TABLE[action][role];
  if (reach === "none") return 403;
  const sight = TABLE["leads.read"][role];
  if (!WITHIN[sight].includes(kind)) return 404;
  return action.endsWith(".read") || WITHIN[reach].includes(kind) ? "done" : 403;
}

/** Some kinds of records and some operations; all when not named. */
export type Part = { readonly kinds?: readonly Kind[]; readonly only?: readonly string[] };

type Cell = { readonly role: Role; readonly kind: Kind; readonly want: "done" | 403 | 404 };

export type Matrix = {
  readonly house: TestHouse;
  /** Fresh: a doorman that has seen nobody yet. */
  checkRoles(): Promise<readonly string[]>;
  checkReads(part?: Part): Promise<readonly string[]>;
  checkWrites(part?: Part): Promise<readonly string[]>;
  checkList(): Promise<readonly string[]>;
  checkSearch(): Promise<readonly string[]>;
  checkReport(): Promise<readonly string[]>;
  /** Whatever can be asked without naming a record tells of none that is out of sight. */
  checkLeaks(): Promise<readonly string[]>;
  /** So many cells were asked. */
  readonly asked: () => number;
  readonly neighbourId: string;
  close(): Promise<void>;
};

/** What an operation is sent; those that are not here are sent `{}`, and must then refuse without having written. */
const BODIES: Readonly<Record<string, (ids: Users) => unknown>> = {
  editLead: () => ({ city: "Graz" }),
  moveLead: () => ({ stage: "recycled", reason: "later" }),
  acceptLead: () => ({}),
  rejectLead: () => ({ reason: "no need" }),
  convertLead: () => ({ form: { businessCase: "one" } }),
  assignLead: ({ mate }) => ({ owner: mate }),
  tagLead: () => ({ add: ["vip"] }),
  logContact: () => ({ kind: "call", outcome: "reached" }),
  undoLead: () => ({ number: 1 }),
  restoreLead: () => ({}),
  addLeadNote: () => ({ text: "Called back" }),
  editLeadNote: () => ({ text: "Called twice" }),
  linkContact: () => ({ company: NOBODY, role: "buyer" }),
  completeTask: () => ({}),
  editTask: () => ({ note: "Asked for Ada" }),
  snoozeTask: () => ({ until: "2030-01-01T09:00:00Z" }),
  delegateTask: ({ mate }) => ({ owner: mate }),
  cancelTask: () => ({}),
  moveOpportunity: () => ({ stage: "demo" }),
  editOpportunity: () => ({ name: "Passing deal" }),
  addOpportunityNote: () => ({ text: "Called back" }),
  editCompany: () => ({ domain: "passing.example" }),
  addCompanyNote: () => ({ text: "Called back" }),
  editCompanyNote: () => ({ text: "Called twice" }),
  sendMail: () => ({ subject: "Hello", body: "There you are." }),
  previewMail: () => ({ subject: "Hello", body: "There you are." }),
};

/** Operations that may answer 404 of a record that is there: it has no meeting, no such note, no such link. */
const ABSENT: ReadonlySet<string> = new Set([
  ...["getMeeting", "getTaskMeeting", "editLeadNote", "deleteLeadNote", "editCompanyNote", "deleteCompanyNote", "linkContact", "unlinkContact"],
]);

type Call = (key: string, method: string, path: string, body?: unknown) => Promise<{ readonly status: number; readonly body: Json; readonly text: string }>;

const RECORDS = /^\/api\/v1\/(leads|tasks|opportunities|companies)\/\{id\}/;

export async function openMatrix(): Promise<Matrix> {
  const house = await testHouse();
  const { users, keys } = await peopleOf(house);
  const neighbour = await neighbourOf(house);
  const shared = await Promise.all(ROLES.map(async (role) => [role, await recordsOf(house, users, role)] as const));
  const records = Object.fromEntries(shared) as Readonly<Record<Role, Readonly<Record<Exclude<Kind, "foreign">, Ids>>>>;
  let asked = 0;

  const idsOf = (role: Role, kind: Kind): Ids => (kind === "foreign" ? neighbour.ids : records[role][kind]);
  const fresh = async () => {
    const mounted = new Set<string>();
    const app = createApp(
      house.house,
      { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: false },
      { onRoute: (method, url) => mounted.add(`${method} ${url}`) },
    );
    await app.fastify.ready();
    const call: Call = async (key, method, path, body) => {
      asked++;
      const answer = await app.fastify.inject({
        method: method as "GET",
        url: path,
        headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: answer.headers["content-type"]?.toString().includes("json") ? answer.json() : null, text: answer.body };
    };
    const operations = ENDPOINTS.filter(({ access, method, path }) => access !== null && mounted.has(`${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`));
    return { call, operations, close: () => app.fastify.close() };
  };
  const check = async (work: (call: Call, operations: readonly Endpoint[]) => Promise<readonly string[]>): Promise<readonly string[]> => {
    house.house.gate?.knownKeys.clear();
    const { call, operations, close } = await fresh();
    try {
      return await work(call, operations);
    } finally {
      await close();
    }
  };
  /** Runs requests that must be refused, and says so when any of them wrote. */
  const untouched = async (what: string, work: () => Promise<readonly string[]>): Promise<readonly string[]> => {
    const before = await checksumOf(house);
    const wrong = await work();
    const changed = differences(before, await checksumOf(house));
    return changed.length === 0 ? wrong : [...wrong, `${what}: refused, and wrote to ${changed.join(", ")}`];
  };
  const forRecords = async (call: Call, operations: readonly Endpoint[], kinds: readonly Kind[]): Promise<readonly string[]> => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const ask = async ({ role, kind, want }: Cell, ids: Ids): Promise<readonly string[]> => {
        const { status, text, body } = await call(keys[role], operation.method, pathOf(operation, ids), bodyOf(operation, users));
        const name = `${operation.id} by ${role} of ${kind}`;
        if (want === "done") return isAnswer(status) || ABSENT.has(operation.id) ? [] : [`${name}: ${status} instead of an answer: ${text.slice(0, 200)}`];
        if (status === 422 && BODIES[operation.id] === undefined && operation.body !== undefined) return [];
        if (status === 404 && ABSENT.has(operation.id)) return [];
        if (status !== want) return [`${name}: ${status} instead of ${want}`];
        const other = want === 404 ? await differsFromUnknown(call, keys[role], operation, ids, body, users) : null;
        return other === null ? [] : [`${name}: ${other}`];
      };
      const cells = ROLES.flatMap((role) => kinds.map((kind): Cell => ({ role, kind, want: expected(operation.access as Action, role, kind) })));
      const refused = cells.filter(({ want }) => want !== "done");
      // Where a guard was taken away the records will be written to, and are not those of the other checks.
      const lent = await Promise.all(
        refused.map(async ({ role, kind }) =>
          kinds === KINDS || kind === "foreign" || operation.method === "GET" ? idsOf(role, kind) : recordOf(house, users, role, kind, "Passing"),
        ),
      );
      wrong.push(...(await untouched(operation.id, async () => (await Promise.all(refused.map((cell, i) => ask(cell, lent[i] as Ids)))).flat())));
      if (operation.method !== "GET" && operation.body !== undefined && BODIES[operation.id] === undefined) continue;
      const done = cells.filter(({ want }) => want === "done");
      const fresh = await Promise.all(
        done.map(async ({ role, kind }) => (operation.method === "GET" ? idsOf(role, kind) : recordOf(house, users, role, kind, "Passing"))),
      );
      wrong.push(...(await Promise.all(done.map((cell, i) => ask(cell, fresh[i] as Ids)))).flat());
    }
    return wrong;
  };
  const ofRecords = (reading: boolean, { kinds = KINDS, only }: Part = {}): Promise<readonly string[]> =>
    check((call, operations) =>
      forRecords(
        call,
        operations.filter(({ id, method, path }) => (method === "GET") === reading && RECORDS.test(path) && (only === undefined || only.includes(id))),
        kinds,
      ),
    );
  return {
    house,
    neighbourId: neighbour.workspaceId,
    asked: () => asked,
    checkRoles: () =>
      check((call, operations) =>
        untouched("lacking the right", async () => {
          const wrong: string[] = [];
          for (const operation of operations)
            for (const role of ROLES) {
              if (TABLE[operation.access as Action][role] !== "none") continue;
              const { status, text } = await call(keys[role], operation.method, pathOf(operation, records[role].own), bodyOf(operation, users));
              if (status !== 403 || !text.includes(operation.access as string))
                wrong.push(`${operation.id} by ${role}: ${status} instead of 403 naming ${operation.access}`);
            }
          return wrong;
        }),
      ),
    checkReads: (part) => ofRecords(true, part),
    checkWrites: (part) => ofRecords(false, part),
    checkList: () =>
      check((call) =>
        perRole(async (role) => {
          const seen = new Set(visibleTo(role, records, neighbour.ids).map(({ leads }) => leads));
          const all = allOf(records, neighbour.ids).map(({ leads }) => leads);
          const filter = encodeURIComponent(JSON.stringify({ field: "firstName", op: "eq", value: "Searchable" }));
          const { body } = await call(keys[role], "GET", `/api/v1/leads?limit=200&filter=${filter}`);
          const listed = (body.items as readonly { id: string }[]).map(({ id }) => id).filter((id) => all.includes(id));
          const opportunities = await everyPage(call, keys[role], "/api/v1/opportunities?limit=200");
          return [
            ...unequal(`leads listed for ${role}`, listed, seen),
            ...unequal(
              `opportunities listed for ${role}`,
              opportunities.map(({ lead }) => lead).filter((id) => all.includes(id)),
              seen,
            ),
          ];
        }),
      ),
    checkLeaks: () =>
      check((call, operations) =>
        perRole(async (role) => {
          const seen = new Set(visibleTo(role, records, neighbour.ids).flatMap((ids) => Object.values(ids)));
          const hidden = allOf(records, neighbour.ids)
            .flatMap((ids) => Object.values(ids))
            .filter((id) => !seen.has(id));
          const told: string[] = [];
          for (const operation of operations.filter(({ access }) => TABLE[access as Action][role] !== "none")) {
            for (const [method, path, body] of questionsOf(operation)) {
              const { text } = await call(keys[role], method, path, body);
              const leaked = hidden.filter((id) => text.includes(id));
              if (leaked.length > 0) told.push(`${operation.id} tells ${role} of ${leaked.length} records out of sight (${path})`);
            }
          }
          return told;
        }),
      ),
    checkSearch: () =>
      check((call) =>
        perRole(async (role) => {
          const seen = visibleTo(role, records, neighbour.ids);
          const known = allOf(records, neighbour.ids);
          const found = (await call(keys[role], "GET", "/api/v1/search?q=searchable&limit=200")).body.items as readonly { id: string }[];
          const of = (kind: keyof Ids, ids: readonly Ids[]): readonly string[] => ids.map((each) => each[kind]);
          return (["leads", "opportunities", "companies"] as const).flatMap((kind) =>
            unequal(
              `${kind} found for ${role}`,
              found.map(({ id }) => id).filter((id) => of(kind, known).includes(id)),
              new Set(of(kind, seen)),
            ),
          );
        }),
      ),
    checkReport: () =>
      check((call) =>
        perRole(async (role) => {
          const leads = Number((await totalOf(house, role, users)) ?? -1);
          const { body } = await call(keys[role], "GET", "/api/v1/reports/funnel");
          const counted = (body.rows as readonly { stages: Readonly<Record<string, number>> }[])[0]?.stages["inquiry"] ?? 0;
          return counted === leads ? [] : [`the funnel of ${role} counts ${counted} leads instead of ${leads}`];
        }),
      ),
    close: () => house.close(),
  };
}

/** Whether the guard let it through, whatever else came of it. */
function isAnswer(status: number): boolean {
  return ![401, 403, 404].includes(status) && status < 500;
}

async function everyPage(call: Call, key: string, path: string): Promise<readonly { readonly lead: string }[]> {
  const items: { readonly lead: string }[] = [];
  for (let cursor = ""; ;) {
    const { body } = await call(key, "GET", `${path}${cursor}`);
    items.push(...(body.items as readonly { lead: string }[]));
    if (body.nextCursor === null) return items;
    cursor = `&cursor=${encodeURIComponent(body.nextCursor as string)}`;
  }
}

/** What an operation can be asked without naming a record: everything it lists, and as much of it as it gives. */
function questionsOf({ id, method, path, produces, query }: Endpoint): readonly (readonly [method: string, path: string, body?: unknown])[] {
  if (id === "previewBulk") return [[method, path, { change: { action: "tag", add: ["vip"] }, filter: { and: [] } }]];
  if (method !== "GET" || path.includes("{") || produces === "text/event-stream") return [];
  const asked = [
    {},
    { limit: "200" },
    { owner: "all", limit: "200" },
    { q: "searchable", limit: "200" },
    { filter: JSON.stringify({ field: "firstName", op: "eq", value: "Searchable" }), limit: "200" },
    { scope: "all" },
  ].filter((given) => query === undefined || query.safeParse(given).success);
  return [...new Set(asked.map((given) => `${path}?${new URLSearchParams(given as Record<string, string>).toString()}`))].map((url) => ["GET", url] as const);
}

/** Operations on one record that take something this file does not know how to write. */
export function unknownBodies(): readonly string[] {
  return ENDPOINTS.filter(({ id, method, path, body }) => method !== "GET" && body !== undefined && RECORDS.test(path) && BODIES[id] === undefined).map(
    ({ id }) => id,
  );
}

async function perRole(work: (role: Role) => Promise<readonly string[]>): Promise<readonly string[]> {
  return (await Promise.all(ROLES.map(work))).flat();
}

function visibleTo(role: Role, records: Readonly<Record<Role, Readonly<Record<Exclude<Kind, "foreign">, Ids>>>>, foreign: Ids): readonly Ids[] {
  const sight = TABLE["leads.read"][role];
  return ROLES.flatMap((whose) =>
    KINDS.filter((kind) => {
      if (kind === "foreign") return false;
      // What is another role's own belongs to a member of the same team.
      return WITHIN[sight].includes(kind === "own" && whose !== role ? "mate" : kind);
    }).map((kind) => (kind === "foreign" ? foreign : records[whose][kind])),
  );
}

function allOf(records: Readonly<Record<Role, Readonly<Record<Exclude<Kind, "foreign">, Ids>>>>, foreign: Ids): readonly Ids[] {
  return [...ROLES.flatMap((role) => Object.values(records[role])), foreign];
}

function unequal(what: string, found: readonly string[], wanted: ReadonlySet<string>): readonly string[] {
  const set = new Set(found);
  const extra = [...set].filter((id) => !wanted.has(id)).length;
  const missing = [...wanted].filter((id) => !set.has(id)).length;
  return extra + missing === 0 ? [] : [`${what}: ${extra} too many, ${missing} too few`];
}

/** What is out of sight is answered for in the very words of what is not there. */
async function differsFromUnknown(call: Call, key: string, operation: Endpoint, ids: Ids, body: Json, users: Users): Promise<string | null> {
  const unknown: Ids = { leads: NOBODY, tasks: NOBODY, opportunities: NOBODY, companies: NOBODY };
  const other = await call(key, operation.method, pathOf(operation, unknown), bodyOf(operation, users));
  const id = pathOf(operation, ids).split("/")[4] ?? "";
  const [said, meant] = [JSON.stringify(body).replaceAll(id, NOBODY), JSON.stringify(other.body)];
  return other.status === 404 && said === meant ? null : `says ${said}, and of what is not there ${meant}`;
}

const NOBODY = "0192f0a0-0000-8000-8000-00000000dead";

function pathOf({ path }: Endpoint, ids: Ids): string {
  const group = RECORDS.exec(path)?.[1] as keyof Ids | undefined;
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === "id" && group !== undefined ? ids[group] : NOBODY));
}

function bodyOf({ id, method, body }: Endpoint, users: Users): unknown {
  if (method === "GET" || body === undefined) return undefined;
  return BODIES[id]?.(users) ?? {};
}

/** How many leads somebody of this role sees, by the words of the table and the columns alone. */
async function totalOf({ house, workspaceId }: TestHouse, role: Role, users: Users): Promise<number> {
  const { db } = actIn(house, workspaceId, "cli");
  const sight = TABLE["leads.read"][role];
  const north = [users.mate, ...Object.values(users.byRole)];
  const rows = await db.query<{ owner_id: string | null; team: string | null; stage: string; holds: boolean; was: boolean }>(sql`
    select l.owner_id, l.team, l.stage,
      exists (select from fact f where f.workspace_id = ${workspace} and f.lead_id = l.id and f.stage = 'onboarding') as was, exists (
      select from task t where t.workspace_id = ${workspace} and t.lead_id = l.id and t.state = 'open' and t.owner_id = ${users.byRole[role]}
      union all select from opportunity o where o.workspace_id = ${workspace} and o.lead_id = l.id and o.owner_id = ${users.byRole[role]}) as holds
    from lead l where l.workspace_id = ${workspace} and l.deleted_at is null`);
  return rows.filter(({ owner_id, team, stage, holds, was }) => {
    if (sight === "all" || holds || owner_id === users.byRole[role] || (owner_id === null && team === "north")) return true;
    return sight === "team" ? team === "north" || north.includes(owner_id ?? "") : sight === "customers" && was && stage !== "mql";
  }).length;
}
