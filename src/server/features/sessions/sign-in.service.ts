/**
 * Coming in with address and password. Whether there is such a user shows neither in the words nor in the work: every
 * attempt checks as many passwords as the most widespread address of the house has accounts, and writes alike when it fails.
 */
import { transact } from "../../db/db.ts";
import type { House } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { whichFit } from "../workspaces/passwords.service.ts";
import { takeCode } from "./second-factor.service.ts";
import { type Entrance, type From, notSignedIn, startSession, type Via } from "./sessions.service.ts";
import { findSelf } from "./sessions.queries.ts";
import { type AccountRow, countMostAccounts, insertFailures, listAccounts } from "./sign-in.queries.ts";
import { attempt, type Attempt } from "./throttle.service.ts";

export type Credentials = {
  readonly email: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly workspace?: string | undefined;
};

/** `mark` is what the browser holds of having signed in before. @throws Problem 401, 409, 429 */
export async function signIn(house: House, given: Credentials, from: From & { readonly mark: string | null }): Promise<Entrance> {
  const email = given.email.trim().toLowerCase();
  const tried = await attempt(house, "sign-in", { email, address: from.address, mark: from.mark });
  const accounts = await rightAccounts(house, email, given.password);
  const meant = given.workspace === undefined ? accounts : accounts.filter(({ workspace_id }) => workspace_id === given.workspace);
  const [account, another] = meant;
  if (account === undefined) {
    const { now, database } = house;
    await insertFailures(database.pool, { email, address: from.address, at: new Date(now()), detail: JSON.stringify({ what: "password" }) });
    throw notSignedIn();
  }
  if (another !== undefined) {
    await tried.release();
    throw chooseWorkspace(meant);
  }
  return comeIn(house, account, { code: given.code, via: "password", from, tried });
}

/** The accounts of the address that the password opens. */
async function rightAccounts({ database }: House, email: string, password: string): Promise<readonly AccountRow[]> {
  const [accounts, most] = await Promise.all([listAccounts(database.pool, email), countMostAccounts(database.pool)]);
  const fit = await whichFit(
    accounts.map(({ password_hash }) => password_hash),
    password,
    Math.max(most, 1),
  );
  return accounts.filter((_, i) => fit[i] === true);
}

type ComeIn = { readonly code: string | undefined; readonly via: Via; readonly from: From; readonly tried: Attempt };

/** The password was right: the second factor, then the session. */
async function comeIn(house: House, account: AccountRow, { code, via, from, tried }: ComeIn): Promise<Entrance> {
  const deps = { ...actIn(house, account.workspace_id, "nobody"), address: from.address };
  try {
    const entrance = await transact(deps, async (deps) => {
      const user = await findSelf(deps.db, account.id);
      if (user === null || !user.active) throw notSignedIn();
      if (user.totp_on_at !== null) await takeCode(deps, user, code);
      return startSession(deps, user, via, from);
    });
    await tried.succeed();
    return entrance;
  } catch (error) {
    if (error instanceof Problem && error.type === "second-factor") {
      // Asking for the code is no failure; a wrong code is.
      if (code === undefined) await tried.release();
      else await insertFailures(house.database.pool, failureOf(house, account, from));
    }
    throw error;
  }
}

function failureOf({ now }: House, { email }: AccountRow, { address }: From) {
  return { email, address, at: new Date(now()), detail: JSON.stringify({ what: "code" }) };
}

function chooseWorkspace(accounts: readonly AccountRow[]): Problem {
  const workspaces = accounts.map(({ workspace_id: id, workspace: name }) => ({ id, name }));
  return new Problem(
    409,
    "choose-workspace",
    `You have an account in ${workspaces.length} workspaces: ${workspaces.map(({ name }) => name).join(", ")}. Choose one by its id.`,
    [],
    null,
    { workspaces },
  );
}
