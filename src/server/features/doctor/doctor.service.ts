/**
 * The doctor: the conservation laws over all workspaces, each in one snapshot of the database, so that it may look while
 * everybody works. With `replay` it also lives the past of some leads again and compares.
 */
import { bindDb, type Db, transact } from "../../db/db.ts";
import { listWorkspaces } from "../../db/house.queries.ts";
import type { House } from "../../deps.ts";
import { replayLead } from "../../flow/replay.ts";
import { countBroken, drawLeads, giveRoomBack, listBroken, listOrphans, takeRoom } from "./doctor.queries.ts";
import type { Check, LawName } from "./law.ts";
import { CAPTURE, HISTORY, IMPORTS } from "./leads.queries.ts";
import { OWNERSHIP } from "./owners.queries.ts";
import { TENANCY } from "./references.queries.ts";

export const CHECKS: readonly Check[] = [...CAPTURE, ...IMPORTS, ...HISTORY, ...OWNERSHIP, ...TENANCY];

/** `detail` says what should hold; `broken` is how many things break it, of which `rows` shows some. */
export type Violation = {
  readonly law: LawName;
  readonly workspaceId: string;
  readonly detail: string;
  readonly broken: number;
  readonly rows: readonly Record<string, unknown>[];
};

/** `checked` counts what was looked at: leads, inputs, entries, decisions, references; for replay, numbers lived again. */
export type Report = { readonly laws: readonly { readonly law: LawName; readonly checked: number }[]; readonly violations: readonly Violation[] };

export type Examination = {
  /** Only this workspace. */
  readonly workspaceId?: string | undefined;
  /** How many leads of each workspace to replay. */
  readonly replay?: number | undefined;
  /** How many rows of a broken law to show. */
  readonly sample?: number | undefined;
};

export async function runDoctor(house: Pick<House, "database" | "configs">, examination: Examination = {}): Promise<Report> {
  const checked = new Map<LawName, number>([...new Set(CHECKS.map(({ law }) => law))].map((law) => [law, 0]));
  if (examination.replay !== undefined) checked.set("replay", 0);
  const violations: Violation[] = [];
  const look = (law: LawName, things: number): void => void checked.set(law, (checked.get(law) ?? 0) + things);
  const workspaces = (await listWorkspaces(house.database.pool)).filter(
    ({ workspace_id }) => examination.workspaceId === undefined || workspace_id === examination.workspaceId,
  );
  for (const { workspace_id: workspaceId } of workspaces) {
    const deps = { database: house.database, db: bindDb(house.database.pool, workspaceId) };
    await transact(
      deps,
      async ({ db }) => {
        await takeRoom(db);
        for (const check of CHECKS) await examine(db, check, examination.sample ?? 20, look, violations);
        if (examination.replay !== undefined) await replaySome(db, house.configs, examination.replay, look, violations);
      },
      "repeatable read, read only",
    );
  }
  if (examination.workspaceId === undefined) await findOrphans(house, violations);
  return { laws: [...checked].map(([law, things]) => ({ law, checked: things })), violations };
}

type Look = (law: LawName, things: number) => void;

async function examine(db: Db, check: Check, sample: number, look: Look, violations: Violation[]): Promise<void> {
  const { checked, broken } = await countBroken(db, check);
  look(check.law, checked);
  if (broken === 0) return;
  violations.push({ law: check.law, workspaceId: db.workspaceId, detail: check.says, broken, rows: await listBroken(db, check, sample) });
}

async function replaySome(db: Db, configs: House["configs"], count: number, look: Look, violations: Violation[]): Promise<void> {
  const leads = await drawLeads(db, count);
  await giveRoomBack(db);
  for (const lead of leads) {
    const { numbers, mismatches } = await replayLead(db, configs, lead);
    look("replay", numbers);
    if (mismatches.length === 0) continue;
    violations.push({
      law: "replay",
      workspaceId: db.workspaceId,
      detail: "the recorded past of a lead leads to what stands there",
      broken: mismatches.length,
      rows: mismatches.slice(0, 20).map((mismatch) => ({ lead, mismatch })),
    });
  }
}

async function findOrphans({ database }: Pick<House, "database">, violations: Violation[]): Promise<void> {
  for (const { table, workspaceId } of await listOrphans(database.pool)) {
    violations.push({ law: "L7", workspaceId, detail: "every row belongs to a workspace that is there", broken: 1, rows: [{ table }] });
  }
}
