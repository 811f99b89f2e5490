/** Use case: the queue of next steps and reminders. */
import { daysAround } from "../../../core/calendar/days.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid } from "../../problems.ts";
import { sightOf } from "../access/access.service.ts";
import { type TaskItem, taskItem, type TaskRow } from "./task-rows.ts";
import { getZone, listReminderRows, listTaskRows, momentOf, type Queue } from "./tasks.queries.ts";

export type TaskQueue = {
  readonly state: "open" | "done";
  /** `me`, `all`, or a user. */
  readonly owner: string;
  readonly due: "overdue" | "today" | "week" | "later" | "any";
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly kind?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

export async function listTasks(deps: Deps, request: TaskQueue): Promise<{ readonly items: readonly TaskItem[]; readonly nextCursor: string | null }> {
  const owner = ownerOf(deps, request.owner);
  const [zone, config, sight] = await Promise.all([getZone(deps.db), deps.configs.get(deps.db), sightOf(deps)]);
  const span = spanOf(request, deps.now(), zone);
  const queue: Queue = {
    state: request.state,
    owner,
    ...span,
    kind: request.kind ?? null,
    after: request.cursor === undefined ? null : positionOf(request.cursor),
    limit: request.limit + 1,
  };
  const [tasks, reminders] = await Promise.all([listTaskRows(deps.db, queue, sight), remindersOf(deps, queue)]);
  const rows = merged(tasks, reminders, request.state);
  const page = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? page.at(-1) : undefined;
  return { items: page.map((row) => taskItem(row, config, deps.now())), nextCursor: last === undefined ? null : cursorOf(last, request.state) };
}

/** Reminders are their owner's; a key of nobody reads those it names. */
export async function remindersOf({ db, viewer }: Deps, queue: Queue): Promise<readonly TaskRow[]> {
  const owner = viewer.userId ?? queue.owner;
  if (owner === null || (queue.owner !== null && queue.owner !== owner)) return [];
  return listReminderRows(db, { ...queue, owner });
}

/** @throws Problem 422 for `me` of a key that belongs to nobody */
export function ownerOf({ viewer }: Deps, owner: string): string | null {
  if (owner === "all") return null;
  if (owner !== "me") {
    if (isUuid(owner.toLowerCase())) return owner.toLowerCase();
    throw invalid(`"${owner}" is no user.`, [{ path: "owner", message: "must be me, all, or the id of a user" }]);
  }
  if (viewer.userId !== null) return viewer.userId;
  throw invalid('This key belongs to nobody, so nothing is its own. Name a user as owner, or "all".', [
    { path: "owner", message: "must be the id of a user, or all" },
  ]);
}

function spanOf({ due, from, to }: TaskQueue, now: number, zone: string): Pick<Queue, "from" | "before"> {
  const { today, tomorrow, weekEnd } = daysAround(now, zone);
  const spans = { overdue: [null, now], today: [today, tomorrow], week: [today, weekEnd], later: [weekEnd, null], any: [null, null] } as const;
  const [begins, ends] = spans[due];
  const latest = [begins, from ?? null].filter((ms) => ms !== null);
  const earliest = [ends, to ?? null].filter((ms) => ms !== null);
  return { from: latest.length === 0 ? null : new Date(Math.max(...latest)), before: earliest.length === 0 ? null : new Date(Math.min(...earliest)) };
}

export function merged(a: readonly TaskRow[], b: readonly TaskRow[], state: "open" | "done"): readonly TaskRow[] {
  if (b.length === 0) return a;
  const at = (row: TaskRow): number => row[momentOf(state)]?.getTime() ?? 0;
  const up = (x: TaskRow, y: TaskRow): number => at(x) - at(y) || (x.id < y.id ? -1 : 1);
  return [...a, ...b].sort((x, y) => (state === "open" ? up(x, y) : up(y, x)));
}

function cursorOf(row: TaskRow, state: "open" | "done"): string {
  return Buffer.from(`${row[momentOf(state)]?.getTime() ?? 0}.${row.id}`).toString("base64url");
}

function positionOf(cursor: string): { readonly at: Date; readonly id: string } {
  const [, ms, id] = /^(\d{1,15})\.(.+)$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (ms === undefined || id === undefined || !isUuid(id))
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  return { at: new Date(Number(ms)), id };
}
