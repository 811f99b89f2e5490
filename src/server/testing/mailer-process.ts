/** A mailer in a process of its own, to be killed. What it needs comes as JSON in the environment variable MAILER. */
import { pino } from "pino";
import type { PoolConfig } from "pg";
import { createDatabase } from "../db/db.ts";
import { startMailer } from "../effects/mailer.ts";
import { createConfigs } from "../flow/configs.ts";
import { createDoor } from "../flow/lane.ts";
import { openLive } from "../flow/live.ts";
import { createGate } from "../gate.ts";
import { uuidv7 } from "../ids.ts";

type Given = { readonly database: PoolConfig; readonly smtpUrl: string; readonly ahead: number; readonly leaseMs: number };

const { database: given, smtpUrl, ahead, leaseMs } = JSON.parse(process.env["MAILER"] ?? "{}") as Given;
const flow = createDatabase(given, 4, "flow");
const database = createDatabase(given, 4, "read");
const configs = createConfigs();
const now = (): number => Date.now() + ahead;
const log = pino({ level: "silent" });
const live = openLive(given);
const door = createDoor({ database: flow, configs, now, log, live });
startMailer(
  { database, flow, configs, door, live, dataDir: "", gate: createGate({ dataDir: null }), outgoing: { smtpUrl }, log, now, newId: () => uuidv7() },
  { pollMs: 20, leaseMs },
);
