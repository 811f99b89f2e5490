import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../server/testing/temporary-store.ts";

const project = path.resolve(import.meta.dirname, "../..");

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** The command as an operator runs it, in a process of its own. */
function baton(dataDir: string, ...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [path.join(project, "src/cli/main.ts"), ...words], {
    cwd: dataDir,
    env: environment(dataDir),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (err += text.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? -1, out, err })));
}

function environment(dataDir: string): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, DATABASE_OWNER_URL: _owner, ...env } = process.env;
  return { ...env, BATON_DATA: dataDir, PORT: "0", LOG_LEVEL: "warn" };
}

/** A server on the folder; stopped when the test ends. */
async function server(dataDir: string): Promise<{ readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [path.join(project, "src/server/main.ts")], { env: environment(dataDir), stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await gone;
  };
  onTestFinished(stop);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (text: Buffer): void => {
      said += text.toString();
      if (said.includes("Baton is ready at")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void gone.then(() => reject(new Error(`the server ended: ${said}`)));
  });
  return { stop };
}

const setup = ["setup", "--workspace", "First", "--email", "owner@example.com", "--password", "correct horse battery staple", "--json"];

function given(folder: string): { readonly file: string; readonly map: string } {
  const file = path.join(folder, "leads.csv");
  const map = path.join(folder, "map.json");
  writeFileSync(file, "id,email,origin\nc-1,c1@example.com,fair\nc-2,broken,fair\nc-3,c3@example.com,\n");
  writeFileSync(map, JSON.stringify({ match: "externalId", columns: { id: "externalId", email: "email", origin: "source" }, defaults: { stage: "mql" } }));
  return { file, map };
}

test("without a server the command opens the house itself: from setup to a backup", async () => {
  const folder = temporaryFolder();
  given(folder);
  const made = await baton(folder, ...setup);
  expect(made).toMatchObject({ code: 0 });
  expect(JSON.parse(made.out)).toEqual({ workspaceId: expect.any(String), userId: expect.any(String), apiKey: expect.stringMatching(/^baton_/) });

  const rehearsed = await baton(folder, "import", "leads.csv", "--map", "map.json", "--dry-run", "--json");
  expect(JSON.parse(rehearsed.out)).toMatchObject({ rows: 3, created: 2, rejected: 1 });
  const imported = await baton(folder, "import", "leads.csv", "--map", "map.json");
  expect(imported).toMatchObject({ code: 0 });
  expect(imported.out).toMatch(/^3 rows in [\d.]+ s: 2 created, 0 updated, 0 skipped, 1 rejected\.\n/);
  expect(readFileSync(/Rejected rows.*: (.+)/.exec(imported.out)?.[1] as string, "utf8")).toContain("c-2,broken,fair,3,email,");

  const exported = await baton(folder, "export", "leads", "--out", "out.csv", "--columns", "email,source,externalId", "--sort", "email", "--json");
  expect(JSON.parse(exported.out)).toMatchObject({ file: path.join(folder, "out.csv"), rows: 2 });
  expect(readFileSync(path.join(folder, "out.csv"), "utf8")).toBe("\uFEFFE-mail,Source,External id\r\nc1@example.com,fair,c-1\r\nc3@example.com,,c-3\r\n");
  expect(await baton(folder, "export", "leads", "--out", "none.csv", "--filter", "{")).toMatchObject({ code: 1, out: "" });

  const funnel = JSON.parse((await baton(folder, "report", "funnel", "--by", "source", "--json")).out) as {
    rows: readonly { key: string | null; stages: Record<string, number> }[];
  };
  expect(funnel.rows.map(({ key, stages }) => [key, stages["mql"]])).toEqual(
    expect.arrayContaining([
      ["fair", 1],
      [null, 1],
    ]),
  );

  const doctor = await baton(folder, "doctor", "--replay", "10", "--json");
  expect(doctor).toMatchObject({ code: 0 });
  expect(JSON.parse(doctor.out)).toMatchObject({ violations: [] });

  expect(await baton(folder, "backup", "all.baton")).toMatchObject({ code: 0, out: expect.stringContaining(path.join(folder, "all.baton")) });
  const elsewhere = temporaryFolder();
  expect(await baton(elsewhere, "restore", path.join(folder, "all.baton"))).toMatchObject({ code: 0 });
  const restored = JSON.parse((await baton(elsewhere, "report", "funnel", "--by", "source", "--json")).out) as unknown;
  expect(restored).toEqual(funnel);
}, 180_000);

test("beside a running server the command asks it, over the socket that only its owner can open", async () => {
  const folder = temporaryFolder();
  given(folder);
  const { stop } = await server(folder);
  expect((await baton(folder, ...setup)).code).toBe(0);
  const imported = await baton(folder, "import", "leads.csv", "--map", "map.json", "--json");
  expect(JSON.parse(imported.out)).toMatchObject({ rows: 3, created: 2, rejected: 1 });
  const lost = await baton(folder, "import", "nowhere.csv", "--map", "map.json");
  expect(lost).toEqual({ code: 1, out: "", err: `There is no file ${path.join(folder, "nowhere.csv")}.\n` });
  const refused = await baton(folder, "restore", "all.baton");
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("A server runs on this data folder") });
  await stop();
  expect(JSON.parse((await baton(folder, "doctor", "--json")).out)).toMatchObject({ violations: [] });
}, 180_000);

test("wrong usage is exit code 2 and needs no database, a failure is 1, and stdout stays empty", async () => {
  const folder = temporaryFolder();
  expect(await baton(folder, "imprt")).toEqual({ code: 2, out: "", err: 'There is no command "imprt"; did you mean "import"? See "baton help".\n' });
  expect(await baton(folder, "import", "x.csv", "--map", "absent.json")).toMatchObject({ code: 1, out: "", err: expect.stringContaining("The mapping file") });
  expect(await baton(folder, "version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
}, 60_000);
