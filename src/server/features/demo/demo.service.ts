/**
 * The demo workspace: a company that sells software for truck yards, with its people, its configuration and half a year of
 * work. It is made by the services everybody uses, with a clock that stands in the past, and then its story is told.
 */
import type { Config } from "../../../core/config/config.ts";
import { inPoints } from "../../../core/config/points.ts";
import { DEMO_SIGNED, demoConfig, type DemoTeams, TERRITORIES } from "../../../core/demo/config.ts";
import { liveText } from "../../../core/definitions/definition.ts";
import { makeStory, type Story } from "../../../core/demo/story.ts";
import type { Deps, House } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { createApiKey } from "../workspaces/api-keys.service.ts";
import { getLiveConfig, publishConfig } from "../workspaces/config.service.ts";
import { getDefinition } from "../definitions/definitions.service.ts";
import { saveDraft, signDefinition } from "../definitions/draft.service.ts";
import { actAs, actIn } from "../workspaces/doorman.service.ts";
import { changeUser, createUser, listUsers } from "../workspaces/users.service.ts";
import { setupWorkspace } from "../workspaces/workspaces.service.ts";
import { type DemoFlag, findDemo, findWorkspaceName, forgetOldNotices, holdingDemo, setDemo, setLoaded, sharePassword } from "./demo.queries.ts";
import { DEMO_ADMIN, DEMO_NAME, DEMO_PASSWORD, DEMO_USERS, type DemoUser } from "./demo-users.ts";
import { type TellOptions, tellStory } from "./tell-story.service.ts";

export type DemoAccount = { readonly email: string; readonly password: string; readonly role: string };
export type LoadedDemo = { readonly workspaceId: string; readonly apiKey: string; readonly users: readonly DemoAccount[] };

/** `rows` of `total` days have been lived. */
export type DemoProgress = { readonly phase: "demo"; readonly rows: number; readonly total: number };

export type DemoOptions = {
  readonly onProgress?: ((progress: DemoProgress) => void) | undefined;
  /** Ends the loading; nothing of the story stays, and it can be loaded again. */
  readonly signal?: AbortSignal | undefined;
};

/** Notices of the last two days are told; older ones would only be noise. */
const NEWS_MS = 2 * 86_400_000;
const DAY_MS = 86_400_000;

/**
 * Makes and fills the demo workspace. One whose loading was interrupted is filled now.
 * @throws Problem 409 when there is one already, or when another command is loading it
 */
export async function loadDemo(house: House, options: DemoOptions = {}): Promise<LoadedDemo> {
  const loaded = await holdingDemo(house.database.pool, async () => {
    const known = await findDemo(house.database.pool);
    if (known !== null && known.loadedAt !== null && (await findWorkspaceName(house.database.pool, known.workspaceId)) !== null) throw thereIsOne();
    return fill(house, known, options);
  });
  if (loaded === null) throw new Problem(409, "conflict", "The demo is being loaded by another command at this moment. Wait until it has ended.");
  return loaded;
}

/** Which workspace is the demo, if one is: for screens that say so. */
export async function demoWorkspaceId({ database }: Pick<House, "database">): Promise<string | null> {
  const known = await findDemo(database.pool);
  return known?.loadedAt == null ? null : known.workspaceId;
}

/** Whether the house has a demo, or one whose loading was interrupted. */
export async function demoState({ database }: Pick<House, "database">): Promise<"none" | "interrupted" | "loaded"> {
  const known = await findDemo(database.pool);
  if (known === null || (await findWorkspaceName(database.pool, known.workspaceId)) === null) return "none";
  return known.loadedAt === null ? "interrupted" : "loaded";
}

/** Who can sign in to the demo workspace. */
export function demoAccounts(): readonly DemoAccount[] {
  return [DEMO_ADMIN, ...DEMO_USERS].map(({ email, role }) => ({ email, password: DEMO_PASSWORD, role }));
}

function thereIsOne(): Problem {
  const { email } = DEMO_ADMIN;
  return new Problem(
    409,
    "conflict",
    `The demo workspace "${DEMO_NAME}" is loaded already; a house has one. Sign in as ${email} with the password ${DEMO_PASSWORD}. For a fresh one, point BATON_DATA to a new folder. Nothing was written.`,
  );
}

async function fill(house: House, known: DemoFlag | null, { onProgress, signal }: DemoOptions): Promise<LoadedDemo> {
  const { pool } = house.database;
  const end = house.now();
  const begins = makeStory(end, NOBODY).begins;
  const past: House = { ...house, now: () => begins };
  const workspaceId = known?.workspaceId ?? house.newId();
  await setDemo(pool, { workspaceId, loadedAt: null }, new Date(end));
  const adminId = (await findWorkspaceName(pool, workspaceId)) === null ? await setUp(past, workspaceId) : null;
  const deps = actIn(past, workspaceId, "cli");
  const admin = adminId ?? (await idOfEmail(deps, DEMO_ADMIN.email));
  const people = await makePeople(deps, admin);
  await publishConfig(deps, await configOf(deps, people));
  await signDefinitions(past, deps, people);
  const keys = await makeKeys(deps);
  const story = makeStory(end, { manager: `user:${idOf(people, "salesManager")}`, customerSuccess: idOf(people, "customerSuccess") });
  const told = {
    actors: keys.actors,
    signal,
    onProgress: (lived: number, all: number) => onProgress?.({ phase: "demo", rows: Math.floor(lived / DAY_MS), total: Math.ceil(all / DAY_MS) }),
  };
  await tell(actIn(house, workspaceId, "cli"), story, end, told);
  return { workspaceId, apiKey: keys.apiKey, users: demoAccounts() };
}

const NOBODY = { manager: "", customerSuccess: "" };

/** The workspace gets the id that the house has noted for it, so that an interrupted load is known again. */
async function setUp(past: House, workspaceId: string): Promise<string> {
  let given = false;
  const newId = (): string => {
    if (given) return past.newId();
    given = true;
    return workspaceId;
  };
  const { userId } = await setupWorkspace(
    { ...past, newId },
    { workspace: DEMO_NAME, email: DEMO_ADMIN.email, password: DEMO_PASSWORD, timezone: "Europe/Stockholm", currency: "EUR" },
  );
  return userId;
}

type People = readonly (DemoUser & { readonly id: string })[];

/** Makes the users who are not there yet. All of them sign in with the administrator's password. */
async function makePeople(deps: Deps, admin: string): Promise<People> {
  const there = new Map((await listUsers(deps)).map(({ email, id }) => [email, id]));
  const people: (DemoUser & { readonly id: string })[] = [{ ...DEMO_ADMIN, id: admin }];
  await changeUser(deps, admin, { name: DEMO_ADMIN.name, team: null }, null);
  for (const user of DEMO_USERS) {
    const { name, email, role } = user;
    const id = there.get(email) ?? (await createUser(deps, { name, email, role }, null, null)).id;
    people.push({ ...user, id });
  }
  await sharePassword(deps.db, admin);
  return people;
}

async function configOf(deps: Deps, people: People) {
  const { config } = await getLiveConfig(deps);
  const teams = Object.fromEntries(TERRITORIES.map((team) => [team, people.filter((user) => user.team === team).map(({ id }) => id)])) as unknown as DemoTeams;
  const wanted = demoConfig(config, teams, idOf(people, "salesManager"));
  // A load that was interrupted after the signatures finds them there.
  return inPoints(areSigned(config) ? { ...wanted, definitions: config.definitions } : wanted);
}

const areSigned = ({ definitions }: Config): boolean => definitions.some(({ meaning }) => meaning !== undefined);

/** Marketing and sales each get somebody who signs, and those two sign what sales-ready means. */
async function signDefinitions(past: House, deps: Deps, people: People): Promise<void> {
  const { config } = await getLiveConfig(deps);
  if (areSigned(config)) return;
  const signers = people.filter(({ rights }) => rights !== undefined);
  for (const { id, rights } of signers) await changeUser(deps, id, { rights }, null);
  for (const { stage, ...more } of DEMO_SIGNED) {
    const live = liveText(config, stage);
    if (live === null) continue;
    for (const [i, { id, role }] of signers.entries()) {
      const own = await actAs(past, deps.db.workspaceId, `user:${id}`, { id, role });
      if (i === 0) await saveDraft(own, stage, { text: { ...live, ...more }, note: "Agreed at the kick-off of the new year", ask: true }, undefined);
      const { revision } = await getDefinition(own, stage);
      await signDefinition(own, stage, { revision, confirmed: true }, null);
    }
  }
}

/** The website and the mail system write with keys of their own, as they would. */
async function makeKeys(deps: Deps): Promise<{ readonly apiKey: string; readonly actors: ReadonlyMap<string, string> }> {
  const website = await createApiKey(deps, { name: "Website", scopes: ["write"] }, null);
  const mail = await createApiKey(deps, { name: "Mail system", scopes: ["write"] }, null);
  const { key } = await createApiKey(deps, { name: "Demo", scopes: ["read", "write", "admin"] }, null);
  return {
    apiKey: key ?? "",
    actors: new Map([
      ["website", `key:${website.id}`],
      ["mail", `key:${mail.id}`],
    ]),
  };
}

type Telling = Pick<TellOptions, "actors" | "onProgress" | "signal">;

/** The story and the note that it was told stand or fall together. */
function tell(deps: Deps, story: Story, end: number, telling: Telling): Promise<number> {
  return tellStory(deps, story, {
    ...telling,
    end,
    atLast: async (db) => {
      await forgetOldNotices(db, new Date(end - NEWS_MS));
      await setLoaded(db, new Date(end));
    },
  });
}

async function idOfEmail(deps: Deps, email: string): Promise<string> {
  const user = (await listUsers(deps)).find((candidate) => candidate.email === email);
  if (user === undefined) throw new Problem(409, "conflict", `The workspace "${DEMO_NAME}" has no user ${email} and cannot be filled.`);
  return user.id;
}

function idOf(people: People, role: DemoUser["role"]): string {
  return people.find((user) => user.role === role)?.id ?? "";
}
