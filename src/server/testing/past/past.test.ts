import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { readBuild } from "../../build.ts";
import { listWorkspaces } from "../../db/house.queries.ts";
import { readMigrations } from "../../db/migrations.ts";
import { restoreFrom } from "../../features/backup/restore.service.ts";
import { runDoctor } from "../../features/doctor/doctor.service.ts";
import { reportFunnel, reportVelocity } from "../../features/reports/report.service.ts";
import { actIn } from "../../features/workspaces/doorman.service.ts";
import { testDatabase } from "../database.ts";
import { emptyHouse } from "../empty-house.ts";

/**
 * What former versions left behind. Beside each backup stands what was true when it was made, by the version that made it:
 * this one must read the same from it, replay it to the last number, and go on. A release leaves its own pair here: a small
 * workspace in which every kind of input happened, `baton backup`, and the two reports.
 */
const backups = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".backup"));

type Then = { readonly email: string; readonly password: string; readonly leads: number; readonly funnel: object; readonly velocity: object };

test("there is a former version to come from", () => {
  expect(backups).toContain("0.1.0.backup");
});

test.each(backups)("%s starts here: brought up to date, counted as then, replayed exactly, and worked on", async (file) => {
  const then = JSON.parse(readFileSync(path.join(import.meta.dirname, file.replace(".backup", ".json")), "utf8")) as Then;
  const database = await testDatabase({ migrated: false });
  const { house, close } = await emptyHouse(Date.now, database);
  try {
    const restored = await restoreFrom(path.join(import.meta.dirname, file), { ...database, batonVersion: "0.0.0-test", now: Date.now() });
    expect(restored.migrated.at(-1)).toBe(readMigrations().at(-1)?.name);
    const [workspace] = await listWorkspaces(house.database.pool);
    const deps = actIn(house, workspace?.workspace_id ?? "", "cli");
    expect(await reportFunnel(deps, { by: "source" })).toMatchObject(then.funnel);
    expect(await reportVelocity(deps, {})).toMatchObject(then.velocity);
    expect((await runDoctor(house, { replay: 1000 })).violations).toEqual([]);

    const { fastify } = createApp(house, { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true });
    const headers = { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000", "x-baton": "1", "content-type": "application/json" };
    const signedIn = await fastify.inject({ method: "POST", url: "/api/v1/session", headers, payload: { email: then.email, password: then.password } });
    expect(signedIn.statusCode, signedIn.body).toBe(200);
    const cookie = signedIn.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const listed = await fastify.inject({ method: "GET", url: "/api/v1/leads?limit=200", headers: { cookie, host: headers.host } });
    expect((listed.json() as { readonly items: readonly unknown[] }).items).toHaveLength(then.leads);
    const added = await fastify.inject({
      method: "POST",
      url: "/api/v1/leads",
      headers: { ...headers, cookie },
      payload: { email: "nova.lind@quayside-visitor.example", jobTitle: "Director", touches: [{ kind: "contactRequest" }] },
    });
    expect(added.statusCode, added.body).toBe(201);
    expect((await runDoctor(house, { replay: 1000 })).violations).toEqual([]);
    await fastify.close();
  } finally {
    await close();
  }
});
