/** What people are told of, and by which way when they have chosen nothing. */

export const NOTICE_EVENTS = ["assigned", "taskDue", "hot", "returned", "importFinished", "inputHeld", "mention", "mailFailed", "definition"] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

export const NOTICE_MAIL = ["none", "atOnce", "digest"] as const;
export type NoticeMail = (typeof NOTICE_MAIL)[number];

export type NoticeChoice = { readonly bell: boolean; readonly mail: NoticeMail };
export type NoticeChoices = Readonly<Record<NoticeEvent, NoticeChoice>>;

export const DEFAULT_DIGEST_HOUR = 8;

const DEFAULTS: NoticeChoices = {
  assigned: { bell: true, mail: "digest" },
  taskDue: { bell: true, mail: "digest" },
  hot: { bell: true, mail: "digest" },
  returned: { bell: true, mail: "digest" },
  importFinished: { bell: true, mail: "none" },
  inputHeld: { bell: true, mail: "none" },
  mention: { bell: true, mail: "atOnce" },
  mailFailed: { bell: true, mail: "none" },
  definition: { bell: true, mail: "atOnce" },
};

/** Everything there is to choose, with what was chosen in its place. Events that are gone are left out. */
export function choicesOf(chosen: Readonly<Partial<Record<string, NoticeChoice>>>): NoticeChoices {
  return Object.fromEntries(NOTICE_EVENTS.map((event) => [event, chosen[event] ?? DEFAULTS[event]])) as NoticeChoices;
}
