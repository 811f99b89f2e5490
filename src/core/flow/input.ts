/** Everything that can happen to a lead, and what a reaction answers. */
import type { Status } from "../config/config.ts";
import type { NewEffect } from "../mail/effects.ts";
import type { MailContent } from "../mail/mail.ts";
import type { Repeat } from "../calendar/repeat.ts";
import type { Note } from "../notes/notes.ts";
import type { Former } from "./undo.ts";
import type { BantPart, FieldValue, FormAnswers, LeadState, Money, ProfileKey } from "./state.ts";

/** Values to write: null clears, undefined leaves alone. */
export type Patch = { readonly [K in ProfileKey]?: string | null | undefined } & {
  readonly fields?: Readonly<Record<string, FieldValue | null>> | undefined;
  readonly bant?: { readonly [K in BantPart]?: string | null | undefined } | undefined;
  readonly consent?: Readonly<Record<string, boolean>> | undefined;
  /** Replaces all tags; `addTags` only adds. */
  readonly tags?: readonly string[] | undefined;
  readonly addTags?: readonly string[] | undefined;
};

export type TouchInput = {
  readonly kind: string;
  /** When it happened by the sender's clock; later than receipt counts as receipt. Null: at receipt. */
  readonly at: number | null;
  readonly props: Readonly<Record<string, unknown>> | null;
  /** The sender's own id of the touch: it counts once, however often it is sent. */
  readonly key?: string | null | undefined;
};

export type Input =
  /** `owner` takes a lead that this makes: a person who adds one by hand and would not see it otherwise. */
  | {
      readonly kind: "capture";
      readonly patch: Patch;
      readonly touches: readonly TouchInput[];
      readonly capturedAt?: number | undefined;
      readonly owner?: string | undefined;
    }
  /** `patch` is what becomes known of a lead that the touches make. */
  | { readonly kind: "touches"; readonly touches: readonly TouchInput[]; readonly patch?: Patch | undefined }
  | { readonly kind: "edit"; readonly patch: Patch; readonly ifVersion?: number | undefined }
  | ImportInput
  | { readonly kind: "stage"; readonly stage: string; readonly status?: Status | undefined; readonly reason?: string | undefined }
  | { readonly kind: "accept" }
  | { readonly kind: "reject"; readonly reason: string; readonly status?: Status | undefined }
  | { readonly kind: "assign"; readonly owner: string; readonly reason?: string | undefined }
  | {
      readonly kind: "completeTask";
      readonly taskId: string;
      readonly result?: string | undefined;
      readonly reason?: string | undefined;
      readonly form?: FormAnswers | undefined;
      readonly note?: string | undefined;
      /** The call, meeting or message that completed it. */
      readonly touch?: TouchInput | undefined;
    }
  | { readonly kind: "convert"; readonly form: FormAnswers; readonly name?: string | undefined }
  | { readonly kind: "opportunityStage"; readonly opportunityId: string; readonly stage: string; readonly reason?: string | undefined }
  | WorkInput
  | { readonly kind: "timer"; readonly purposes: readonly string[] }
  | SendMailInput
  | MailOutcomeInput
  /** Looks at the lead again under the configuration now live. */
  | { readonly kind: "look" };

/** A mail from a person to the lead. What is sent was written out before; the lead decides whether it may be. */
export type SendMailInput = {
  readonly kind: "sendMail";
  readonly mail: MailContent;
  /** The user who writes. */
  readonly by: string | null;
  /** Refused when consent for this was withdrawn. */
  readonly consentTopic: string;
  /** How long it can be withdrawn. */
  readonly waitMs: number;
  readonly messageDomain: string;
};

/** What became of a mail to the lead. */
export type MailOutcomeInput = {
  readonly kind: "mailOutcome";
  readonly mail: string;
  readonly state: "sent" | "failed" | "uncertain" | "withdrawn" | "kept";
  readonly at: number;
  readonly subject: string;
  readonly answer: string | null;
  readonly by: string | null;
  readonly taskId: string | null;
  /** An id that the input which queued the mail has made. */
  readonly sentBy: string;
};

/** What people do to a lead at work. Moments are milliseconds. */
export type WorkInput =
  | { readonly kind: "tag"; readonly add: readonly string[]; readonly remove: readonly string[] }
  | {
      readonly kind: "addTask";
      readonly title: string;
      readonly taskKind: string;
      readonly dueAt: number;
      /** Null: the lead's owner. */
      readonly owner: string | null;
      readonly note?: string | undefined;
      readonly repeat?: Repeat | undefined;
    }
  | {
      readonly kind: "editTask";
      readonly taskId: string;
      readonly title?: string | undefined;
      readonly taskKind?: string | undefined;
      readonly dueAt?: number | undefined;
      readonly note?: string | null | undefined;
      readonly repeat?: Repeat | null | undefined;
    }
  | { readonly kind: "snoozeTask"; readonly taskId: string; readonly until: number; readonly reason?: string | undefined }
  | { readonly kind: "delegateTask"; readonly taskId: string; readonly owner: string; readonly reason?: string | undefined }
  | { readonly kind: "cancelTask"; readonly taskId: string; readonly reason?: string | undefined }
  | {
      readonly kind: "editOpportunity";
      readonly opportunityId: string;
      readonly ifVersion?: number | undefined;
      readonly name?: string | undefined;
      readonly value?: Money | null | undefined;
      readonly closeDate?: string | null | undefined;
      readonly nextMeeting?: number | null | undefined;
      readonly owner?: string | null | undefined;
    }
  | { readonly kind: "link"; readonly to: "company" | "opportunity"; readonly id: string; readonly role: string }
  | { readonly kind: "unlink"; readonly contactId: string }
  | NoteInput
  | { readonly kind: "delete"; readonly reason?: string | undefined }
  | { readonly kind: "restore" }
  /** Takes back the input that had this number. */
  | { readonly kind: "undo"; readonly number: number };

/** `anybodys`: whoever asks may change notes of others. */
export type NoteInput = { readonly kind: "note" } & (
  | {
      readonly op: "add";
      readonly text: string;
      readonly pinned?: boolean | undefined;
      readonly opportunityId?: string | undefined;
      readonly mentions?: readonly string[] | undefined;
    }
  | {
      readonly op: "edit";
      readonly noteId: string;
      readonly text?: string | undefined;
      readonly pinned?: boolean | undefined;
      readonly anybodys?: boolean | undefined;
    }
  | { readonly op: "delete"; readonly noteId: string; readonly anybodys?: boolean | undefined }
);

export type ImportInput = {
  readonly kind: "import";
  readonly importId: string;
  readonly row: number;
  readonly patch: Patch;
  readonly history: boolean;
  readonly capturedAt?: number | undefined;
  readonly stage?: string | undefined;
  readonly stageAt?: number | undefined;
  readonly status?: Status | undefined;
  readonly owner?: string | undefined;
  readonly opportunity?: ImportOpportunity | undefined;
};

export type ImportOpportunity = {
  readonly name?: string | undefined;
  /** Minor units. */
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
  readonly owner?: string | undefined;
  readonly stage?: string | undefined;
  readonly won?: boolean | undefined;
  readonly wonAt?: number | undefined;
  readonly lostAt?: number | undefined;
  readonly lostReason?: string | undefined;
};

/** What the flow knows about one input besides its content. */
export type Meta = {
  readonly leadId: string;
  readonly inputId: string;
  readonly now: number;
  readonly actor: string;
  /** Identities of this input that belong to another lead. */
  readonly contested: readonly Contested[];
};

export type Contested = { readonly kind: string; readonly value: string; readonly leadId: string };

/** What a reaction must be told from outside the lead. It is asked for, answered, and recorded for replay. */
export type Need =
  | { readonly kind: "deal"; readonly pool: string; readonly members: readonly string[] }
  | {
      readonly kind: "company";
      readonly name: string;
      readonly domain: string | null;
      /** The id it gets when there is none yet. */ readonly candidate: string;
    }
  /** What an earlier input of the lead did, and whether it can be taken back. */
  | { readonly kind: "former"; readonly lead: string; readonly number: number }
  /** Which fields of the lead were written since it had this version. */
  | { readonly kind: "changedSince"; readonly lead: string; readonly version: number }
  | { readonly kind: "note"; readonly lead: string; readonly id: string }
  /** Whether there is such a thing; it is held in place until the lead is written. */
  | { readonly kind: "exists"; readonly what: "company" | "opportunity"; readonly id: string };
export type Answer =
  | { readonly kind: "former"; readonly former: Former | null }
  | { readonly kind: "changedSince"; readonly fields: readonly string[] }
  | { readonly kind: "note"; readonly note: Note | null }
  | { readonly kind: "exists"; readonly name: string | null }
  | { readonly kind: "deal"; readonly index: number }
  | { readonly kind: "company"; readonly id: string };

export type Fact = { readonly type: string; readonly at: number; readonly stage: string | null; readonly data: Readonly<Record<string, unknown>> };

export type NewCompany = { readonly id: string; readonly name: string; readonly domain: string | null; readonly createdAt: number };

export type Refusal = {
  readonly kind: "refused";
  readonly status: 403 | 404 | 409 | 412 | 422;
  readonly type: string;
  readonly detail: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  /** It leaves no trace: whoever was refused had no right to be here. */
  readonly unrecorded?: true;
};

export type Done = {
  readonly kind: "done";
  readonly outcome: "created" | "updated" | "unchanged";
  readonly state: LeadState;
  readonly facts: readonly Fact[];
  readonly touches: readonly AcceptedTouch[];
  readonly companies: readonly NewCompany[];
  /** Notes as they are from now on. */
  readonly notes: readonly Note[];
  /** The number of the input that was taken back. */
  readonly undoes: number | null;
  /** What is to happen outside the database. */
  readonly effects: readonly NewEffect[];
  /** How many ids were derived from the input. */
  readonly created: number;
};

export type AcceptedTouch = {
  readonly at: number;
  readonly claimedAt: number | null;
  readonly kind: string;
  readonly props: Readonly<Record<string, unknown>> | null;
  readonly key: string | null;
};

export type Reaction = Done | Refusal;
