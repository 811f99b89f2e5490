/**
 * Telling people: notices that reactions left, and what nobody causes at the moment it happens (a next step becomes due, an
 * import ends, an input is held). All of it is database work: what is not committed is found again.
 */
import { domainOf } from "../../../core/mail/mail.ts";
import type { Notice } from "../../../core/mail/effects.ts";
import { plain } from "../../../core/mail/markup.ts";
import { choicesOf, type NoticeEvent } from "../../../core/mail/notices.ts";
import { listWorkspaces } from "../../db/house.queries.ts";
import { transact } from "../../db/db.ts";
import type { Deps, House } from "../../deps.ts";
import { actAsHouse, queueHouseMail } from "../mail/house-mail.service.ts";
import {
  holdClock,
  insertNotifications,
  listHeld,
  listImportsFinished,
  listPeople,
  listTasksDue,
  listWorkspacesToTell,
  type NewNotification,
  type PersonRow,
  setClock,
  takeNotices,
} from "./notifications.queries.ts";

const BATCH = 200;
/** What was committed late is still found. */
const OVERLAP_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
const WATCHERS = ["admin", "revenueOperations"] as const;

export type Told = Notice & { readonly at: Date };

/** Tells what reactions left; answers how much. */
export async function tellNotices(house: House): Promise<number> {
  let told = 0;
  for (const workspaceId of await listWorkspacesToTell(house.database.pool)) {
    for (;;) {
      const took = await transact(actAsHouse(house, workspaceId), async (deps) => {
        const waiting = await takeNotices(deps.db, BATCH);
        await tell(
          deps,
          waiting.map(({ content, created_at }) => ({ ...content, at: created_at })),
        );
        return waiting.length;
      });
      if (took > 0) house.live.topic(workspaceId, "notifications");
      told += took;
      if (took < BATCH) break;
    }
  }
  return told;
}

/** Looks for what became due, ended or was held since the last look, in every workspace that nobody else looks at. */
export async function tellOfTime(house: House): Promise<void> {
  for (const { workspace_id: workspaceId } of await listWorkspaces(house.database.pool)) {
    const found = await transact(actAsHouse(house, workspaceId), async (deps) => {
      const now = new Date(deps.now());
      const until = await holdClock(deps.db, now);
      if (until === null) return 0;
      const from = new Date(until.getTime() - OVERLAP_MS);
      const [due, finished, held] = await Promise.all([
        listTasksDue(deps.db, from, now),
        listImportsFinished(deps.db, from, now),
        listHeld(deps.db, from, now),
      ]);
      const hour = Math.floor(now.getTime() / HOUR_MS);
      const notices: readonly Told[] = [
        ...due.map((row) => ({
          ...NOTHING,
          event: "taskDue" as const,
          key: `due:${row.id}:${row.due_at.getTime()}`,
          to: { user: row.owner_id },
          title: row.who === null ? row.title : `${row.title}: ${row.who}`,
          leadId: row.lead_id,
          taskId: row.id,
          at: row.due_at,
        })),
        ...finished.map((row) => ({
          ...NOTHING,
          event: "importFinished" as const,
          key: `import:${row.id}:${row.finished_at.getTime()}`,
          to: row.created_by.startsWith("user:") ? { user: row.created_by.slice(5) } : { roles: WATCHERS },
          title: row.state === "done" ? `${row.file_name} is imported` : `The import of ${row.file_name} failed`,
          importId: row.id,
          at: row.finished_at,
        })),
        ...held.map((row) => ({
          ...NOTHING,
          event: "inputHeld" as const,
          key: `held:${row.kind}:${hour}`,
          to: { roles: WATCHERS },
          title: Number(row.count) === 1 ? "An input could not be processed and is held" : `${row.count} inputs could not be processed and are held`,
          detail: row.reason,
          at: now,
        })),
      ];
      const added = await tell(deps, notices);
      await setClock(deps.db, now);
      return added;
    });
    if (found > 0) house.live.topic(workspaceId, "notifications");
  }
}

/** About no record. */
export const NOTHING = { detail: null, leadId: null, taskId: null, importId: null, mailId: null } as const;

/** Writes each notice to the people it is for, by the ways they chose, in the transaction of `deps`. Answers how many were new. */
export async function tell(deps: Deps, notices: readonly Told[]): Promise<number> {
  if (notices.length === 0) return 0;
  const ids = notices.flatMap(({ to }) => ("user" in to ? [to.user] : []));
  const roles = notices.flatMap(({ to }) => ("roles" in to ? to.roles : []));
  const people = await listPeople(deps.db, [...new Set(ids)], [...new Set(roles)]);
  const mails = deps.outgoing !== undefined && deps.outgoing.smtpUrl !== null;
  const planned = notices.flatMap((notice) => people.filter((person) => isFor(notice, person)).map((person) => planOf(deps, notice, person, mails)));
  const wanted = planned.filter(({ row, mail }) => row.bell || row.digest || mail);
  const added = await insertNotifications(
    deps.db,
    wanted.map(({ row }) => row),
  );
  for (const { row, person, mail } of wanted) if (mail && added.has(row.id)) await mailAtOnce(deps, person, row);
  return added.size;
}

function isFor({ to }: Notice, { id, role }: PersonRow): boolean {
  return "user" in to ? to.user === id : to.roles.includes(role);
}

type Plan = { readonly row: NewNotification; readonly person: PersonRow; readonly mail: boolean };

function planOf(deps: Deps, notice: Told, person: PersonRow, mails: boolean): Plan {
  const choice = choicesOf(person.choices ?? {})[notice.event as NoticeEvent];
  const row: NewNotification = {
    user_id: person.id,
    id: deps.newId(),
    key: notice.key,
    event: notice.event,
    title: notice.title.slice(0, 500),
    detail: notice.detail === null ? null : notice.detail.slice(0, 2000),
    lead_id: notice.leadId,
    task_id: notice.taskId,
    import_id: notice.importId,
    mail_id: notice.mailId,
    bell: choice.bell,
    digest: mails && choice.mail === "digest",
    at: notice.at,
  };
  return { row, person, mail: mails && choice.mail === "atOnce" };
}

async function mailAtOnce(deps: Deps, { name, email }: PersonRow, { title, detail, lead_id }: NewNotification): Promise<void> {
  if (domainOf(email) === "baton.invalid") return;
  const url = lead_id === null ? deps.gate.url() : `${deps.gate.url()}/leads/${lead_id}`;
  const body = [`**${plain(title)}**`, ...(detail === null ? [] : [plain(detail)]), `[Open it](${url})`].join("\n\n");
  await queueHouseMail(deps, { purpose: "notification", to: { name, address: email }, text: { subject: title, body: body } });
}
