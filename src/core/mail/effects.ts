/**
 * What a reaction asks to happen outside the database. It is written in the reaction's transaction and performed by a worker
 * afterwards; what became of it comes back as an input.
 */
import type { MailContent } from "./mail.ts";
import type { NoticeEvent } from "./notices.ts";

/** Something people should hear of. Whom exactly, and by which way, is found out when it is told. */
export type Notice = {
  readonly event: NoticeEvent;
  /** The occasion: one person hears of it once. */
  readonly key: string;
  readonly to: { readonly user: string } | { readonly roles: readonly string[] };
  readonly title: string;
  readonly detail: string | null;
  readonly leadId: string | null;
  readonly taskId: string | null;
  readonly importId: string | null;
  readonly mailId: string | null;
};

export type NewEffect = { readonly id: string; readonly at: number } & (
  | { readonly kind: "mail"; readonly mail: MailContent; readonly by: string | null; readonly notBefore: number; readonly messageId: string }
  | { readonly kind: "notify"; readonly notice: Notice }
);
