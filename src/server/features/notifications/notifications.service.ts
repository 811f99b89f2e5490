/** A person's own notifications: reading them, marking them, choosing how they come. */
import { choicesOf, DEFAULT_DIGEST_HOUR, type NoticeChoice, type NoticeEvent } from "../../../core/mail/notices.ts";
import type { Deps } from "../../deps.ts";
import { invalid } from "../../problems.ts";
import { userOf } from "../mail/mail-settings.service.ts";
import { countUnread, findChoices, listNotifications as listRows, markRead, type NotificationRow, saveChoices } from "./notifications.queries.ts";

const MOST_COUNTED = 1000;

export async function listNotifications(
  deps: Deps,
  { unread, limit, cursor }: { readonly unread: boolean; readonly limit: number; readonly cursor?: string | undefined },
) {
  const userId = userOf(deps);
  const after = cursor === undefined ? null : positionOf(cursor);
  const [rows, count] = await Promise.all([listRows(deps.db, { userId, unread, after, limit: limit + 1 }), countUnread(deps.db, userId, MOST_COUNTED)]);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(viewOf),
    unread: count,
    nextCursor: last === undefined ? null : Buffer.from(`${last.at.getTime()}.${last.id}`).toString("base64url"),
  };
}

export async function countNotifications(deps: Deps): Promise<{ readonly unread: number }> {
  return { unread: await countUnread(deps.db, userOf(deps), MOST_COUNTED) };
}

export async function readNotifications(
  deps: Deps,
  { ids, upTo }: { readonly ids?: readonly string[] | undefined; readonly upTo?: string | undefined },
): Promise<{ readonly unread: number }> {
  if (ids === undefined && upTo === undefined) throw invalid("Nothing is named.", [{ path: "ids", message: "is required, or upTo" }]);
  const userId = userOf(deps);
  const marked = await markRead(
    deps.db,
    userId,
    (ids ?? []).map((id) => id.toLowerCase()),
    upTo === undefined ? null : new Date(upTo),
    new Date(deps.now()),
  );
  if (marked > 0) deps.live.topic(deps.db.workspaceId, "notifications");
  return { unread: await countUnread(deps.db, userId, MOST_COUNTED) };
}

export async function getChoices(deps: Deps) {
  const row = await findChoices(deps.db, userOf(deps));
  return { events: choicesOf(row?.choices ?? {}), digestHour: row?.digest_hour ?? DEFAULT_DIGEST_HOUR };
}

export async function changeChoices(
  deps: Deps,
  change: { readonly events?: Readonly<Partial<Record<NoticeEvent, NoticeChoice>>> | undefined; readonly digestHour?: number | undefined },
) {
  await saveChoices(deps.db, userOf(deps), change.events ?? {}, change.digestHour ?? null);
  return getChoices(deps);
}

function positionOf(cursor: string): { readonly at: Date; readonly id: string } {
  const parts = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (parts === null)
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  return { at: new Date(Number(parts[1])), id: parts[2] as string };
}

function viewOf(row: NotificationRow) {
  return {
    id: row.id,
    event: row.event as NoticeEvent,
    title: row.title,
    detail: row.detail,
    lead: row.lead_id === null ? null : { id: row.lead_id, name: row.who ?? "A lead" },
    task: row.task_id,
    import: row.import_id,
    mail: row.mail_id,
    at: row.at.toISOString(),
    readAt: row.read_at?.toISOString() ?? null,
  };
}
