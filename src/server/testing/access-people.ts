/**
 * The people and records of the matrix of rights: two teams, a user of every role, and leads that are his own, a mate's, a
 * customer's, a stranger's; and a checksum of everything that is stored.
 */
import { type Role, ROLES } from "../../core/access/role.ts";
import type { Input } from "../../core/flow/input.ts";
import { keysOf } from "../../core/identity/identity.ts";
import { sql, workspace } from "../db/db.ts";
import { hashApiKey, newApiKey } from "../features/workspaces/api-key.ts";
import { actIn } from "../features/workspaces/doorman.service.ts";
import type { Target } from "../flow/item.ts";
import type { Json, TestHouse } from "./app.ts";

export const KINDS = ["own", "waiting", "mate", "customer", "other", "foreign"] as const;
export type Kind = (typeof KINDS)[number];

/** The ids by which a lead and what belongs to it are reached. */
export type Ids = { readonly leads: string; readonly tasks: string; readonly opportunities: string; readonly companies: string };

export type Users = { readonly mate: string; readonly stranger: string; readonly byRole: Readonly<Record<Role, string>> };

/** Two teams; one user for each role in the first, beside a mate, and a stranger in the second. */
export async function peopleOf({ house, workspaceId, userId }: TestHouse): Promise<{ readonly users: Users; readonly keys: Readonly<Record<Role, string>> }> {
  const deps = actIn(house, workspaceId, "cli");
  const at = new Date(house.now());
  const make = async (name: string, role: Role): Promise<string> => {
    const id = house.newId();
    await deps.db.execute(sql`
      insert into app_user (workspace_id, id, email, name, role, active, created_at) values (${workspace}, ${id}, ${`${name}@example.com`}, ${name}, ${role}, true, ${at})`);
    return id;
  };
  const keyOf = async (user: string): Promise<string> => {
    const key = newApiKey();
    await deps.db.execute(sql`
      insert into api_key (workspace_id, id, hash, name, scopes, user_id, created_at)
      values (${workspace}, ${house.newId()}, ${hashApiKey(key)}, 'matrix', ${["read", "write", "admin"]}::text[], ${user}, ${at})`);
    return key;
  };
  const [mate, stranger] = [await make("mate", "salesRep"), await make("stranger", "salesRep")];
  const byRole: Record<string, string> = {};
  const keys: Record<string, string> = {};
  for (const role of ROLES) {
    byRole[role] = await make(role.toLowerCase(), role);
    keys[role] = await keyOf(byRole[role]);
  }
  const { config } = await house.configs.get(deps.db);
  const everybody = [...config.users, ...[mate, stranger, ...Object.values(byRole)].map((id) => ({ id, name: id.slice(-6), active: true }))];
  const next = {
    ...config,
    users: everybody,
    teams: [
      { id: "north", name: "North", members: [mate, ...Object.values(byRole)] },
      { id: "south", name: "South", members: [stranger, userId] },
    ],
    routing: { ...config.routing, rules: [], fallback: { ...config.routing.fallback, queue: "north" } },
  };
  await deps.db.execute(sql`
    insert into config_version (workspace_id, number, body, published_at) values (${workspace}, 2, ${JSON.stringify(next)}, ${at})`);
  await deps.db.execute(sql`update workspace set config_number = 2 where workspace_id = ${workspace}`);
  return { users: { mate, stranger, byRole: byRole as Users["byRole"] }, keys: keys as Readonly<Record<Role, string>> };
}

export async function recordsOf(house: TestHouse, users: Users, role: Role): Promise<Readonly<Record<Exclude<Kind, "foreign">, Ids>>> {
  const made = await Promise.all(KINDS.filter((kind) => kind !== "foreign").map(async (kind) => [kind, await recordOf(house, users, role, kind)] as const));
  return Object.fromEntries(made) as Readonly<Record<Exclude<Kind, "foreign">, Ids>>;
}

let made = 0;

/** A lead with an open next step, a company and an opportunity, as everything else through the door. */
export async function recordOf(test: TestHouse, users: Users, role: Role, kind: Kind, name = "Searchable"): Promise<Ids> {
  const { house, workspaceId } = test;
  const n = ++made;
  const run = async (input: Input, target: Target): Promise<Json> => {
    const outcome = await house.door.submit(workspaceId, { inputId: house.newId(), actor: "cli", bearer: null, input, target, idempotency: null });
    if (outcome.kind !== "done") throw new Error(`the record could not be made: ${JSON.stringify(outcome)}`);
    return outcome.lead;
  };
  const identity = { email: `${name.toLowerCase()}${n}@lead${n}.example` };
  const patch = { ...identity, firstName: name, lastName: `Person ${n}`, company: `${name} Works ${n}` };
  const { id } = await run({ kind: "capture", patch, touches: [] }, { by: "keys", keys: keysOf(identity), only: null });
  const lead: Target = { by: "lead", id };
  const owner = { own: users.byRole[role], waiting: "route", mate: users.mate, customer: users.stranger, other: users.stranger, foreign: "" }[kind];
  await run({ kind: "assign", owner }, lead);
  await run({ kind: "convert", form: { businessCase: "one" }, name: `${name} deal ${n}` }, lead);
  let state = await run({ kind: "stage", stage: "mql" }, lead);
  if (kind === "customer") state = await run({ kind: "stage", stage: "onboarding" }, lead);
  return idsIn(state);
}

function idsIn(lead: Json): Ids {
  const open = (lead.tasks as readonly { id: string; state: string }[]).find(({ state }) => state === "open");
  const [opportunity] = lead.opportunities as readonly { id: string; companyId: string }[];
  if (open === undefined || opportunity === undefined) throw new Error(`a record of the matrix lacks a task or an opportunity: ${JSON.stringify(lead)}`);
  return { leads: lead.id, tasks: open.id, opportunities: opportunity.id, companies: opportunity.companyId };
}

export async function neighbourOf({ house, workspaceId }: TestHouse): Promise<{ readonly workspaceId: string; readonly ids: Ids }> {
  const { rows } = await house.database.pool.query<{ workspace_id: string; leads: string; tasks: string; opportunities: string; companies: string }>(
    `select l.workspace_id, l.id as leads, t.id as tasks, o.id as opportunities, o.company_id as companies
     from lead l join task t on t.workspace_id = l.workspace_id and t.lead_id = l.id join opportunity o on o.workspace_id = l.workspace_id and o.lead_id = l.id
     where l.workspace_id <> $1 order by t.state = 'open' desc limit 1`,
    [workspaceId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error("the neighbour has no lead with a task and an opportunity");
  return { workspaceId: row.workspace_id, ids: row };
}

type Checksum = ReadonlyMap<string, string>;

/**
 * Every row of every table, but not when a key or session was last used, which is kept on reading too, and not that
 * something was asked of a lead that is not there, which is kept of those who see everything.
 */
export async function checksumOf({ house }: TestHouse): Promise<Checksum> {
  const { rows: tables } = await house.database.pool.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1",
  );
  const parts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended((to_jsonb(t) - 'last_used_at' - 'seen_at')::text, 0)::numeric), 0) as sum from "${name}" t${name === "intake" ? " where not (state = 'refused' and lead_id is null)" : ""}`,
  );
  const { rows } = await house.database.pool.query<{ name: string; sum: string }>(parts.join(" union all "));
  return new Map(rows.map(({ name, sum }) => [name, sum]));
}

export function differences(before: Checksum, after: Checksum): readonly string[] {
  return [...after].flatMap(([name, sum]) => (before.get(name) === sum ? [] : [name]));
}
