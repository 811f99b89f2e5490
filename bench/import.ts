/**
 * Importing a file through the whole flow, against COPY of the very rows that came of it into the same tables with the same
 * indexes. The file is given to `baton import` beside the running server, which therefore is the process that is weighed.
 */
import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import type { Bench } from "./bench.ts";
import { type Figure, figureOf, rounded } from "./figures.ts";
import { cleanEnvironment, ROOT } from "./house.ts";
import { emptyTables, listAmounts, listTables, tidy } from "./measure.queries.ts";
import { person } from "./people.ts";

/** An import is long enough to be nearly its own average. */
const roundsOf = ({ rounds }: Bench["scale"]): number => Math.ceil(rounds / 3);

const MOST_MEMORY = 300;

type Round = { readonly seconds: number; /** Of the server before the import, and after it. */ readonly idleMegabytes: number; readonly peakMegabytes: number };

export async function benchImport(bench: Bench): Promise<Figure> {
  const { house, scale, tell } = bench;
  const file = path.join(house.folder, "people.csv");
  const map = path.join(house.folder, "map.json");
  await writePeople(file, scale.leads);
  writeFileSync(map, JSON.stringify({ match: "email", columns: COLUMNS }));
  const tables = await listTables(house.owner);
  const imports: Round[] = [];
  const copies: number[] = [];
  let amounts = await listAmounts(house.owner);
  for (let round = 0; round < roundsOf(scale); round++) {
    await emptied(bench, tables);
    await house.restart();
    const one = await importOnce(bench, file, map);
    imports.push(one);
    amounts = await listAmounts(house.owner);
    const filled = tables.filter((table) => (amounts.get(table)?.rows ?? 0) > 0);
    const dumped = await dump(bench, filled);
    await emptied(bench, tables);
    copies.push(await copyBack(house.owner, dumped));
    await checkSame(house.owner, amounts, filled);
    tell(
      `import ${round + 1}: ${rounded(scale.leads / one.seconds)} leads/s, peak ${one.peakMegabytes} MB; COPY of the same rows: ${rounded(scale.leads / (copies.at(-1) ?? 1))} leads/s`,
    );
  }
  const peak = Math.max(...imports.map(({ peakMegabytes }) => peakMegabytes));
  const rows = [...amounts].filter(([, amount]) => amount.rows > 0);
  const extra = {
    leads: scale.leads,
    peakMegabytes: peak,
    idleMegabytes: Math.max(...imports.map(({ idleMegabytes }) => idleMegabytes)),
    mostMegabytes: MOST_MEMORY,
    rowsPerLead: rounded(rows.reduce((sum, [, amount]) => sum + amount.rows, 0) / scale.leads),
    bytesPerLead: rounded(rows.reduce((sum, [, amount]) => sum + amount.bytes, 0) / scale.leads),
    byTable: Object.fromEntries(rows.map(([table, amount]) => [table, rounded(amount.rows / scale.leads)])),
  };
  const perSecond = (seconds: number): number => scale.leads / seconds;
  return figureOf(
    { name: "import", unit: "leads/s", floor: 0.4, product: imports.map(({ seconds }) => perSecond(seconds)), reference: copies.map(perSecond) },
    extra,
    peak <= MOST_MEMORY,
  );
}

const COLUMNS: Readonly<Record<string, string>> = {
  "E-mail": "email",
  Phone: "phone",
  "First name": "firstName",
  "Last name": "lastName",
  Company: "company",
  "Job title": "jobTitle",
  Country: "country",
  City: "city",
  Source: "source",
  Industry: "fields.industry",
  Employees: "fields.employees",
  Region: "fields.region",
  Newsletter: "fields.newsletter",
};

async function writePeople(file: string, count: number): Promise<void> {
  const lines = function* (): Generator<string> {
    yield `${Object.keys(COLUMNS).join(",")}\n`;
    for (let i = 0; i < count; i += 1000) yield Array.from({ length: Math.min(1000, count - i) }, (_, j) => lineOf(i + j)).join("");
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

function lineOf(i: number): string {
  const { email, phone, firstName, lastName, company, jobTitle, country, city, source, fields } = person(i);
  return `${[email, phone, firstName, lastName, `"${company}"`, jobTitle, country, city, source, fields.industry, fields.employees, fields.region, fields.newsletter ? "yes" : "no"].join(",")}\n`;
}

async function emptied({ house }: Bench, tables: readonly string[]): Promise<void> {
  await emptyTables(house.owner, tables);
  await tidy(house.admin);
}

async function importOnce({ house, scale }: Bench, file: string, map: string): Promise<Round> {
  const idleMegabytes = peakOf(house.server().pid);
  const began = performance.now();
  const result = await baton(house.folder, ["import", file, "--map", map, "--json"]);
  const seconds = (performance.now() - began) / 1000;
  const { created, rejected } = result as { readonly created: number; readonly rejected: number };
  if (created !== scale.leads || rejected !== 0) throw new Error(`Of ${scale.leads} rows ${created} became leads and ${rejected} were rejected.`);
  return { seconds, idleMegabytes, peakMegabytes: peakOf(house.server().pid) };
}

/** What the command answers with --json. */
async function baton(folder: string, words: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path.join(ROOT, "bin/baton.mjs"), ...words], {
    cwd: ROOT,
    env: cleanEnvironment(folder),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr = (said.stderr + chunk.toString()).slice(-4000)));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`baton ${words.join(" ")} ended with ${code}:\n${said.stderr}`);
  return JSON.parse(said.stdout);
}

/** The most memory a process ever had, in megabytes; 0 where the system does not tell. */
function peakOf(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

type Dumped = { readonly table: string; readonly file: string };

async function dump({ house }: Bench, tables: readonly string[]): Promise<readonly Dumped[]> {
  const client = await house.owner.connect();
  try {
    const dumped: Dumped[] = [];
    for (const table of tables) {
      const file = path.join(house.folder, `${table}.copy`);
      await pipeline(client.query(copyTo(`copy (select * from ${table}) to stdout`)), createWriteStream(file));
      dumped.push({ table, file });
    }
    return dumped;
  } finally {
    client.release();
  }
}

/** Table after table; answers the seconds. */
async function copyBack(pool: pg.Pool, dumped: readonly Dumped[]): Promise<number> {
  const client = await pool.connect();
  try {
    const began = performance.now();
    for (const { table, file } of dumped)
      await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), client.query(copyFrom(`copy ${table} from stdin`)));
    return (performance.now() - began) / 1000;
  } finally {
    client.release();
  }
}

async function checkSame(pool: pg.Pool, before: Awaited<ReturnType<typeof listAmounts>>, tables: readonly string[]): Promise<void> {
  const after = await listAmounts(pool);
  for (const table of tables)
    if (after.get(table)?.rows !== before.get(table)?.rows)
      throw new Error(`${table} had ${before.get(table)?.rows} rows after the import and ${after.get(table)?.rows} after COPY.`);
}
