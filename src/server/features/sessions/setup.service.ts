/**
 * The first run. Whoever can read what the server prints on the machine may set it up: the token is derived from the key of
 * the house, the same at every start, and good while there is no workspace.
 */
import { countWorkspaces } from "../../db/house.queries.ts";
import type { House } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { demoAccounts } from "../demo/demo.service.ts";
import { hashNewPassword } from "../workspaces/passwords.service.ts";
import { makeWorkspace, type Setup } from "../workspaces/workspaces.service.ts";
import { isSame } from "./secret.ts";
import { type Entrance, type From, startSession } from "./sessions.service.ts";
import { deleteExpired, hasOpenDemo, listOidc } from "./sign-in.queries.ts";
import { attemptFrom, forgetOldAttempts } from "./throttle.service.ts";
import { IDLE_MS } from "../workspaces/doorman.service.ts";

/** Null once there is a workspace. */
export async function setupUrl(house: House): Promise<string | null> {
  return (await countWorkspaces(house.database.pool)) === 0 ? `${house.gate.url()}/setup?token=${tokenOf(house)}` : null;
}

/** @throws Problem 401 when the token is none, 409 when there is a workspace, 422 when something given is not usable */
export async function setUp(house: House, { token, ...setup }: Setup & { readonly token: string }, from: From): Promise<Entrance> {
  const tried = await attemptFrom(house, "setup", from.address);
  if ((await countWorkspaces(house.database.pool)) > 0)
    throw new Problem(409, "conflict", "This house is set up already. Sign in, or ask an administrator for an invitation.");
  if (!isSame(token, tokenOf(house)))
    throw new Problem(401, "unauthorized", 'This is not the token of this house. Open the address that npm start has printed: it says "First run".');
  const email = setup.email.trim().toLowerCase();
  await hashNewPassword(setup.password, { email, ...(setup.name === undefined ? {} : { name: setup.name }) });
  let entrance: Entrance | null = null;
  await makeWorkspace(
    house,
    setup,
    async (deps, userId) => {
      entrance = await startSession(deps, { id: userId, email }, "setup", from);
    },
    true,
  );
  await tried.succeed();
  return entrance as unknown as Entrance;
}

type DemoEntrance = { readonly email: string; readonly password: string };

export type Options = {
  readonly needsSetup: boolean;
  readonly mailsLinks: boolean;
  readonly demo: DemoEntrance | null;
  readonly oidc: { readonly workspace: string; readonly label: string }[];
};

export async function signInOptions({ database, gate }: House): Promise<Options> {
  const [workspaces, oidc, isDemo] = await Promise.all([countWorkspaces(database.pool), listOidc(database.pool), hasOpenDemo(database.pool)]);
  return {
    needsSetup: workspaces === 0,
    mailsLinks: gate.mailLink !== null,
    demo: workspaces === 1 && isDemo ? demoEntrance() : null,
    oidc: oidc.map(({ workspace_id, label }) => ({ workspace: workspace_id, label })),
  };
}

/** Its first account is the administrator's. */
function demoEntrance(): DemoEntrance | null {
  const [first] = demoAccounts();
  return first === undefined ? null : { email: first.email, password: first.password };
}

const HOUR = 3_600_000;

/** Once an hour what has ended by itself is deleted: nothing depends on it, every look-up asks for the time as well. */
export function startTidying(house: House): { readonly stop: () => void } {
  const tidy = (): void => {
    const now = house.now();
    Promise.all([deleteExpired(house.database.pool, new Date(now), new Date(now - IDLE_MS)), forgetOldAttempts(house)]).catch((error: unknown) =>
      house.log.debug({ err: error }, "ended sessions could not be deleted; tried again in an hour"),
    );
  };
  const timer = setInterval(tidy, HOUR).unref();
  tidy();
  return { stop: () => clearInterval(timer) };
}

function tokenOf({ gate }: House): string {
  return gate.sign("setup", "first run");
}
