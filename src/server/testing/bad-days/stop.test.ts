import { writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFailed, onTestFinished, test } from "vitest";
import { runningPostmaster } from "../../store/postmaster.ts";
import { clusterOf } from "../cluster-of.ts";
import { temporaryFolder } from "../temporary-store.ts";
import { embeddedDatabase, freePort, runCommand, type Server, setUp, startServer, until, type Where } from "./baton.ts";
import { askDatabase, findUnlawful } from "./truth.ts";

async function started(where: Where): Promise<Server> {
  const server = await startServer(where);
  onTestFailed(() => console.log(server.said().slice(-3000)));
  onTestFinished(async () => {
    server.signal("SIGKILL");
    await server.gone;
  });
  return server;
}

type Sent = { readonly email: string; readonly at: number; status: number; why: string };

/** Writers that keep their connections and send one capture after the other, until a connection fails. */
function captureUntilRefused(where: Where, apiKey: string, round: number): { readonly sent: Sent[]; readonly over: Promise<unknown> } {
  const sent: Sent[] = [];
  const over = Promise.all(
    Array.from({ length: 16 }, async (_, writer) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      for (let i = 0; ; i++) {
        const one: Sent = { email: `r${round}-w${writer}-${i}@example.com`, at: performance.now(), status: 0, why: "" };
        sent.push(one);
        await post(agent, where.port, apiKey, one);
        if (one.status === 0) break;
      }
      agent.destroy();
    }),
  );
  return { sent, over };
}

function post(agent: http.Agent, port: number, apiKey: string, one: Sent): Promise<void> {
  return new Promise((resolve) => {
    const body = JSON.stringify({ email: one.email });
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json", "content-length": String(body.length) };
    const request = http.request({ agent, host: "127.0.0.1", port, path: "/api/v1/leads", method: "POST", headers, timeout: 30_000 }, (response) => {
      response.resume();
      response.on("end", () => {
        one.status = response.statusCode ?? 0;
        resolve();
      });
      response.on("error", () => resolve());
    });
    request.on("error", (error) => {
      one.why = error.message;
      resolve();
    });
    request.on("timeout", () => request.destroy(new Error("no answer in 30 s")));
    request.end(body);
  });
}

test("asked to stop under load, the server answers everything it was sent, stops its database and ends with 0; the next start is clean", async () => {
  const where: Where = { dataDir: temporaryFolder(), port: await freePort() };
  const { apiKey } = await setUp(where);
  const acknowledged: string[] = [];
  for (let round = 0; round < 6; round++) {
    const server = await started(where);
    expect(server.said(), "nothing was left behind by the last stop").not.toMatch(/Took over|Stopping a PostgreSQL|unexpectedly/);
    const { sent, over } = captureUntilRefused(where, apiKey, round);
    await until("writers are answered", 30_000, () => sent.length > 200);
    const asked = performance.now();
    server.signal("SIGTERM");
    await over;
    expect(await server.gone).toBe(0);
    expect(runningPostmaster(clusterOf(where.dataDir))).toBeNull();
    expect(
      sent.filter(({ at, status }) => status === 0 && at < asked),
      "every request sent before was answered",
    ).toEqual([]);
    expect([...new Set(sent.map(({ status }) => status))].filter((status) => ![0, 201, 503].includes(status))).toEqual([]);
    acknowledged.push(...sent.filter(({ status }) => status === 201).map(({ email }) => email));
  }
  await started(where);
  const at = embeddedDatabase(where.dataDir);
  expect(await askDatabase(at, "select e from unnest($1::text[]) e where not exists (select 1 from lead where email = e)", [acknowledged])).toEqual([]);
  expect(await findUnlawful(at, 20)).toEqual([]);
}, 120_000);

test("a server that is asked to stop waits neither for a request that never ends nor for an import, which goes on at the next start", async () => {
  const where: Where = { dataDir: temporaryFolder(), port: await freePort() };
  const { apiKey } = await setUp(where);
  const server = await started(where);
  const at = embeddedDatabase(where.dataDir);
  const [file, map] = [path.join(where.dataDir, "people.csv"), path.join(where.dataDir, "map.json")];
  writeFileSync(file, `email,name\n${Array.from({ length: 12_000 }, (_, row) => `import${row}@example.com,Name ${row}`).join("\n")}\n`);
  writeFileSync(map, JSON.stringify({ match: "email", columns: { email: "email", name: "lastName" } }));
  const half = net.connect(where.port, "127.0.0.1").on("error", () => {});
  onTestFinished(() => void half.destroy());
  half.write(
    `POST /api/v1/leads HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${apiKey}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"email":`,
  );
  const told = runCommand(where, "import", file, "--map", map);
  await until("the import is under way", 60_000, async () => (await askDatabase(at, "select 1 from import_chunk limit 1")).length > 0);
  const asked = performance.now();
  server.signal("SIGTERM");
  expect(await told).toMatchObject({ code: 1, err: expect.stringMatching(/goes on|finishes by itself/) });
  expect(await Promise.race([server.gone, sleep(25_000)])).toBe(0);
  console.log(`stopped after ${Math.round(performance.now() - asked)} ms`);
  await started(where);
  await until("the import is done", 60_000, async () => (await askDatabase(at, "select 1 from import where state = 'done'")).length === 1);
  expect(await askDatabase(at, "select counts from import")).toEqual([{ counts: { rows: 12_000, created: 12_000, updated: 0, skipped: 0, rejected: 0 } }]);
  expect(await findUnlawful(at)).toEqual([]);
}, 120_000);
