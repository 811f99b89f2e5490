/** A mail on its way out of the house: its states, and what an effect of it holds. */

/**
 * queued → sending → sent | failed | uncertain; a temporary refusal leads back to queued. `withdrawn` was taken back while
 * queued. `kept`: there is no mail server. After `sending` was entered nobody sends it again by himself.
 */
export const MAIL_STATES = ["queued", "sending", "sent", "failed", "uncertain", "withdrawn", "kept"] as const;
export type MailState = (typeof MAIL_STATES)[number];

/** `lead`: one to one, from a person to a lead. The others are the house writing to its own people. */
export const MAIL_PURPOSES = ["lead", "invitation", "passwordReset", "notification", "digest"] as const;
export type MailPurpose = (typeof MAIL_PURPOSES)[number];

export type MailAddress = { readonly name: string | null; readonly address: string };

/** A file that goes with a mail, as text. */
export type MailFile = { readonly name: string; readonly type: string; readonly content: string };

/** What is sent. Written once, when the mail is queued; sending reads nothing else. */
export type MailContent = {
  readonly from: MailAddress;
  readonly replyTo: MailAddress | null;
  readonly to: MailAddress;
  readonly subject: string;
  readonly text: string;
  /** As a person would write it; for tracking, each link is led over the house when the mail is handed over. */
  readonly html: string;
  /** Where its links lead, in their order. */
  readonly links: readonly string[];
  readonly files: readonly MailFile[];
  /** Opens and clicks are counted. */
  readonly track: boolean;
  readonly template: string | null;
  readonly taskId: string | null;
  /** Text and HTML of a mail that lets its reader in, so that only the house can read them; they are empty then. */
  readonly sealed?: string;
  /** The idempotency key of the request, so that its repeat finds the mail. */
  readonly request: string | null;
};

/** The domain of an address, for Message-IDs. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).replaceAll(/[^a-zA-Z0-9.-]/g, "") || "baton.invalid";
}

/** How long a mail that a click has caused can be taken back. */
export const WITHDRAW_MS = 10_000;
