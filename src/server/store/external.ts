import { setTimeout as sleep } from "node:timers/promises";
import type { ClientConfig } from "pg";
import { EXTENSIONS, withClient } from "./roles.ts";
import { StoreError } from "./store-error.ts";

/** A PostgreSQL server somebody else runs (DATABASE_URL). Oldest and newest major version that Baton is tested with. */
const OLDEST = 15;
const NEWEST = 18;

/** Waits up to `patienceMs` for the server (in a compose file both start at once), checks version and extensions. */
export async function openExternal(app: ClientConfig, owner: ClientConfig, log: (line: string) => void, patienceMs = 60_000): Promise<void> {
  await waitForServer(app, log, patienceMs);
  const number = await withClient(
    app,
    async (client) => (await client.query<{ n: string }>("select current_setting('server_version_num') as n")).rows[0]?.n ?? "0",
  );
  refuseOtherVersions(Number(number));
  await withClient(owner, async (client) => {
    const { rows } = await client.query<{ extname: string }>("select extname from pg_extension");
    const known = new Set(rows.map((row) => row.extname));
    for (const extension of EXTENSIONS) {
      if (known.has(extension)) continue;
      try {
        await client.query(`create extension if not exists ${extension}`);
      } catch (cause) {
        throw new StoreError(
          `The database needs the extension ${extension} and its owner could not create it: ${(cause as Error).message}. Install PostgreSQL's contrib package, or let a superuser run: create extension ${extension};`,
          { cause },
        );
      }
    }
  });
}

/** Throws in words unless the server's version number (as 180004) is supported. */
export function refuseOtherVersions(versionNumber: number): void {
  const major = Math.floor(versionNumber / 10_000);
  if (major >= OLDEST && major <= NEWEST) return;
  throw new StoreError(
    `The server at DATABASE_URL is PostgreSQL ${major}; Baton works with ${OLDEST} to ${NEWEST}. ` +
      (major < OLDEST ? "Upgrade the server (pg_upgrade, or dump and restore)." : "Use a server of a supported version, or a newer Baton."),
  );
}

async function waitForServer(app: ClientConfig, log: (line: string) => void, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  for (let told = false; ; told = true) {
    try {
      return await withClient(app, async () => {});
    } catch (cause) {
      const { code = "", message } = cause as { code?: string; message: string };
      const passing =
        code === "57P03" || code === "53300" || /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ENOENT|timeout|terminated/i.test(`${code} ${message}`);
      if (!passing || performance.now() > until)
        throw new StoreError(
          `The PostgreSQL server at DATABASE_URL cannot be used: ${message || code}. Check host, port, user, password and database in DATABASE_URL, and that the server runs.`,
          { cause },
        );
      if (!told) log(`Waiting for the PostgreSQL server at DATABASE_URL (${message || code}).`);
      await sleep(500);
    }
  }
}
