/** Reading one lead: itself, its history, its next steps. */
import type { Repeat } from "../../../core/calendar/repeat.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { TaskDef } from "../../../core/config/config.ts";
import type { FormAnswers, LeadState, Task } from "../../../core/flow/state.ts";
import { deriveId } from "../../../core/ids.ts";
import { knownAnswers } from "../../../core/process/known.ts";
import type { Deps } from "../../deps.ts";
import { listLeadRows, listParts } from "../../flow/flow.queries.ts";
import { assembleLeads, leadOf as stateOf, NO_PARTS } from "../../flow/rows.ts";
import { invalid, notFound } from "../../problems.ts";
import { mustBeInSight } from "../access/access.service.ts";
import { type LeadJson, leadView } from "./lead-view.ts";
import { type FactPosition, type FactRow, listFacts as listFactRows } from "./leads.queries.ts";
import { idOf } from "./write.service.ts";

export async function getLead(deps: Deps, text: string): Promise<LeadJson> {
  const { db, configs } = deps;
  const id = idOf("lead", text);
  await mustBeInSight(deps, id, "lead", text);
  const [[row], config] = await Promise.all([listLeadRows(db, [id]), configs.get(db)]);
  if (row === undefined) throw notFound("lead", text);
  return leadView(stateOf(row, NO_PARTS), config);
}

export type FactView = {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly by: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly why: string | null;
};
export type FactPage = { readonly items: readonly FactView[]; readonly nextCursor: string | null };

export async function listFacts(
  deps: Deps,
  text: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<FactPage> {
  const id = idOf("lead", text);
  const position = cursor === undefined ? null : factPosition(cursor);
  await mustBeInSight(deps, id, "lead", text);
  const [known, rows] = await Promise.all([listLeadRows(deps.db, [id]), listFactRows(deps.db, id, position, limit + 1)]);
  if (known.length === 0) throw notFound("lead", text);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? Buffer.from(`${last.number}.${last.ordinal}`).toString("base64url") : null;
  return { items: page.map(factView), nextCursor };
}

function factPosition(cursor: string): FactPosition {
  const parts = /^(\d{1,9})\.(\d{1,4})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (parts === null)
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  return { number: Number(parts[1]), ordinal: Number(parts[2]) };
}

/** Facts count down from the last ordinal an input can give, what it creates counts up from the first: no id is given twice. */
function factView({ input_id, ordinal, type, at, actor, data }: FactRow): FactView {
  const why = [data["because"], data["rule"], data["reason"]].filter((word) => typeof word === "string" && word !== "");
  return { id: deriveId(input_id, 4095 - ordinal), type, at: at.toISOString(), by: actor, data, why: why.length === 0 ? null : why.join(": ") };
}

export type TaskView = Omit<Task, "ownerId" | "processConfig" | "dueAt" | "createdAt" | "doneAt" | "own" | "delegated" | "note" | "repeat"> & {
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly dueAt: string;
  readonly createdAt: string;
  readonly doneAt: string | null;
  readonly results: { id: string; label: string; needsReason: boolean }[];
  readonly fields: NonNullable<TaskDef["form"]>;
  readonly known: FormAnswers;
  readonly own: boolean;
  readonly delegated: boolean;
  readonly note: string | null;
  readonly repeat: Omit<Repeat, "zone"> | null;
};

export async function listLeadTasks(deps: Deps, text: string): Promise<readonly TaskView[]> {
  const [lead, compiled] = await Promise.all([loadLead(deps, text), deps.configs.get(deps.db)]);
  const { tasks, config } = compiled;
  return lead.tasks.map((task) => {
    const { ownerId, processConfig: _, dueAt, createdAt, doneAt, own, delegated, note, repeat, ...same } = task;
    const def = tasks.find((candidate) => candidate.key === task.key && candidate.stage === task.stage);
    const name = config.users.find((user) => user.id === ownerId)?.name;
    return {
      ...same,
      owner: ownerId === null ? null : { id: ownerId, name: name ?? ownerId },
      dueAt: iso(dueAt),
      createdAt: iso(createdAt),
      doneAt: doneAt === null ? null : iso(doneAt),
      results: (def?.results ?? []).map(({ id, label, needsReason }) => ({ id, label, needsReason: needsReason === true })),
      fields: def?.form ?? [],
      known: task.state === "open" ? knownAnswers(lead, def?.form ?? [], compiled) : {},
      own: own === true,
      delegated: delegated === true,
      note: note ?? null,
      repeat: repeat === undefined ? null : withoutZone(repeat),
    };
  });
}

function withoutZone({ every, interval, until }: Repeat): Omit<Repeat, "zone"> {
  return { every, interval, ...(until === undefined ? {} : { until }) };
}

/** A lead whose state is at hand, as answers show it. */
export function leadOf(lead: LeadState, config: CompiledConfig): LeadJson {
  return leadView(lead, config);
}

export async function loadLead(deps: Deps, text: string): Promise<LeadState> {
  const { db } = deps;
  const id = idOf("lead", text);
  await mustBeInSight(deps, id, "lead", text);
  const [rows, parts] = await Promise.all([listLeadRows(db, [id]), listParts(db, [id])]);
  const lead = assembleLeads(rows, parts).get(id);
  if (lead === undefined) throw notFound("lead", text);
  return lead;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
