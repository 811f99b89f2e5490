import { expect, test } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { openExternal, refuseOtherVersions } from "./external.ts";

const quiet = () => {};

test("PostgreSQL 15 to 18 are accepted, others refused in words", () => {
  for (const version of [150_000, 160_009, 170_002, 180_004]) expect(() => refuseOtherVersions(version)).not.toThrow();
  expect(() => refuseOtherVersions(140_011)).toThrow(/PostgreSQL 14; Baton works with 15 to 18.*Upgrade the server/);
  expect(() => refuseOtherVersions(190_000)).toThrow(/PostgreSQL 19; .*newer Baton/);
});

test("a server that answers is used", async () => {
  const db = await testDatabase();
  await expect(openExternal(db.app, db.owner, quiet)).resolves.toBeUndefined();
  await db.drop();
});

test("a server that is not there yet is waited for, and named when it does not come", async () => {
  const said: string[] = [];
  const nowhere = { connectionString: "postgres://u:secret@127.0.0.1:1/x" };
  const refusal = openExternal(nowhere, nowhere, (line) => said.push(line), 700);
  await expect(refusal).rejects.toThrow(/cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1\. Check host, port, user/);
  expect(said.join()).toMatch(/^Waiting for the PostgreSQL server/);
});

test("a wrong password is not waited for", async () => {
  const db = await testDatabase();
  const wrong = { ...db.app, password: "wrong", connectionString: undefined };
  await expect(openExternal(wrong as typeof db.app, db.owner, quiet)).rejects.toThrow(/password authentication failed/);
  await db.drop();
});
