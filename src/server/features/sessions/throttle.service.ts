/**
 * Slowing down who guesses. Attempts count against the account that is tried and against the network they come from; after a
 * few, each costs a wait that doubles up to a quarter of an hour. Counts stand in the database, so several servers share them.
 *
 * A browser in which somebody has signed in before has a mark for that account and a count of its own: whoever hammers an
 * account from elsewhere does not keep its owner out.
 */
import { hash } from "node:crypto";
import type { House } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { networkOf } from "./network.ts";
import { isSame, newSecret } from "./secret.ts";
import { deleteOldAttempts, findWait, forgetAttempts, type Limit, releaseAttempt, takeAttempt } from "./throttle.queries.ts";

export type Attempt = {
  /** Did not fail; what went before still counts. */
  readonly release: () => Promise<void>;
  /** Succeeded: the account's failures are forgotten, those of the network stay. */
  readonly succeed: () => Promise<void>;
};

export type Who = { readonly email: string; readonly address: string; readonly mark?: string | null };

/** @throws Problem 429 with the seconds to wait */
export async function attempt(house: House, what: string, { email, address, mark = null }: Who): Promise<Attempt> {
  const device = mark === null ? null : deviceOf(house, mark, email);
  const account = device === null ? limit(`${what} account ${email}`, ACCOUNT) : limit(`${what} device ${device}`, DEVICE);
  return take(house, account, limit(`${what} network ${networkOf(address)}`, NETWORK));
}

/** The same for what is known by no account: links, tokens, codes that are tried. */
export async function attemptFrom(house: House, what: string, address: string): Promise<Attempt> {
  const network = limit(`${what} network ${networkOf(address)}`, NETWORK);
  return take(house, network, null);
}

/** Proves that somebody signed in to this account in this browser. */
export function markOf({ gate }: House, email: string): string {
  const device = newSecret();
  return `${device}.${gate.sign("device", `${device} ${email}`)}`;
}

export async function forgetOldAttempts({ database, now }: House): Promise<void> {
  await deleteOldAttempts(database.pool, new Date(now() - 2 * ACCOUNT.forget * 1000));
}

const HOUR = 3600;
const ACCOUNT = { free: 5, wait: 5, most: 900, forget: 24 * HOUR };
const DEVICE = { free: 10, wait: 5, most: 900, forget: 24 * HOUR };
const NETWORK = { free: 30, wait: 5, most: 300, forget: HOUR };

function limit(what: string, bounds: Omit<Limit, "key">): Limit {
  return { ...bounds, key: hash("sha256", what, "buffer") };
}

async function take(house: House, first: Limit, second: Limit | null): Promise<Attempt> {
  const { pool } = house.database;
  const limits = second === null ? [first] : [first, second];
  const now = new Date(house.now());
  const until = await findWait(
    pool,
    limits.map(({ key }) => key),
    now,
  );
  if (until !== null) throw throttled(Math.ceil((until.getTime() - now.getTime()) / 1000));
  for (const each of limits) if (!(await takeAttempt(pool, each, now))) throw throttled(first.wait);
  const release = async (): Promise<void> => void (await Promise.all(limits.map(({ key }) => releaseAttempt(pool, key, now))));
  return {
    release,
    succeed: async () => void (await Promise.all([forgetAttempts(pool, first.key), ...(second === null ? [] : [releaseAttempt(pool, second.key, now)])])),
  };
}

function throttled(seconds: number): Problem {
  const wait = Math.max(1, seconds);
  const words = wait < 90 ? `${wait} seconds` : `${Math.ceil(wait / 60)} minutes`;
  return new Problem(429, "throttled", `There were too many attempts that failed. Try again in ${words}.`, [], wait);
}

function deviceOf({ gate }: House, mark: string, email: string): string | null {
  const [device = "", signature = ""] = mark.split(".");
  return /^[A-Za-z0-9_-]{43}$/.test(device) && isSame(signature, gate.sign("device", `${device} ${email}`)) ? device : null;
}
