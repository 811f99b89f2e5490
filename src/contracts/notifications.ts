/** Notifications: what a person should hear of without looking for it, and by which way. All of them are one's own. */
import { z } from "zod";
import { NOTICE_EVENTS, NOTICE_MAIL } from "../core/mail/notices.ts";
import { endpoint } from "./endpoint.ts";
import { Cursor, Id, Limit, Moment, NextCursor } from "./values.ts";

export const Notification = z
  .strictObject({
    id: Id,
    event: z.enum(NOTICE_EVENTS),
    title: z.string().meta({ description: "One sentence that says what happened." }),
    detail: z.string().nullable(),
    lead: z.strictObject({ id: Id, name: z.string() }).nullable(),
    task: Id.nullable(),
    import: Id.nullable(),
    mail: Id.nullable(),
    at: Moment,
    readAt: Moment.nullable(),
  })
  .meta({ id: "Notification", description: "Something the person should hear of." });

export type NotificationJson = z.input<typeof Notification>;

const Unread = z.int().min(0).meta({ description: "How many are unread; counting stops at 1,000." });

export const listNotifications = endpoint({
  id: "listNotifications",
  method: "GET",
  path: "/api/v1/notifications",
  tag: "Notifications",
  summary: "List your notifications",
  description: "Newest first. A key that belongs to no user has none (422).",
  scope: "read",
  access: "self",
  query: z.strictObject({
    unread: z.enum(["true", "false"], "must be true or false").optional().meta({ description: "`true`: only those that are unread." }),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: {
    200: {
      description: "A page of notifications.",
      body: z.strictObject({ items: z.array(Notification).readonly(), unread: Unread, nextCursor: NextCursor }),
    },
  },
});

export const countNotifications = endpoint({
  id: "countNotifications",
  method: "GET",
  path: "/api/v1/notifications/count",
  tag: "Notifications",
  summary: "Count your unread notifications",
  scope: "read",
  access: "self",
  replies: { 200: { description: "The number for the bell.", body: z.strictObject({ unread: Unread }) } },
});

export const readNotifications = endpoint({
  id: "readNotifications",
  method: "POST",
  path: "/api/v1/notifications/read",
  tag: "Notifications",
  summary: "Mark notifications as read",
  description: "Those named by `ids`, or with `upTo` all that are not newer than this moment. Marking one twice changes nothing.",
  scope: "write",
  access: "self",
  body: z
    .strictObject({
      ids: z.array(Id).max(1000, "must not name more than 1,000").optional(),
      upTo: z.iso.datetime({ offset: true, error: "must be a time as 2026-03-01T09:30:00Z" }).optional(),
    })
    .meta({ examples: [{ upTo: "2026-03-01T09:30:00Z" }] }),
  replies: { 200: { description: "What is unread now.", body: z.strictObject({ unread: Unread }) } },
});

const Choice = z
  .strictObject({
    bell: z.boolean().meta({ description: "Shown in the bell." }),
    mail: z
      .enum(NOTICE_MAIL, { error: `must be one of ${NOTICE_MAIL.join(", ")}` })
      .meta({ description: "Mailed not at all, at once, or in the daily digest." }),
  })
  .meta({ id: "NotificationChoice" });

const DigestHour = z.int("must be a whole hour").min(0, "must be from 0 to 23").max(23, "must be from 0 to 23");

export const NotificationChoices = z
  .strictObject({
    events: z.record(z.enum(NOTICE_EVENTS), Choice).meta({ description: "Every event there is, with what was chosen for it." }),
    digestHour: DigestHour.meta({ description: "The hour of the day, in the workspace's time zone, at which the digest is written." }),
  })
  .meta({ id: "NotificationChoices" });

export type NotificationChoicesJson = z.input<typeof NotificationChoices>;

export const getNotificationChoices = endpoint({
  id: "getNotificationChoices",
  method: "GET",
  path: "/api/v1/notifications/choices",
  tag: "Notifications",
  summary: "Read how you are notified",
  scope: "read",
  access: "self",
  replies: { 200: { description: "The choices.", body: NotificationChoices } },
});

export const changeNotificationChoices = endpoint({
  id: "changeNotificationChoices",
  method: "PATCH",
  path: "/api/v1/notifications/choices",
  tag: "Notifications",
  summary: "Change how you are notified",
  description: "Events that are not named stay as they are. Mail needs SMTP_URL; without it everything is in the bell only.",
  scope: "write",
  access: "self",
  body: z
    .strictObject({ events: z.partialRecord(z.enum(NOTICE_EVENTS), Choice).optional(), digestHour: DigestHour.optional() })
    .meta({ examples: [{ events: { hot: { bell: true, mail: "atOnce" } }, digestHour: 8 }] }),
  replies: { 200: { description: "The choices as they are now.", body: NotificationChoices } },
});
