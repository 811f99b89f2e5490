/**
 * The state of one lead: everything that `react` may look at and all that it may change. Screens read it from columns;
 * replay compares it, number by number. Absent values are null, times are milliseconds, scores are hundredths of a point.
 */
import type { Repeat } from "../calendar/repeat.ts";
import type { Status } from "../config/config.ts";

export type FieldValue = string | number | boolean;

export const PROFILE_KEYS = [
  "email",
  "phone",
  "externalId",
  "firstName",
  "lastName",
  "company",
  "jobTitle",
  "country",
  "city",
  "website",
  "source",
  "campaign",
] as const;
export type ProfileKey = (typeof PROFILE_KEYS)[number];

export type Profile = { readonly [K in ProfileKey]: string | null };

export const BANT_PARTS = ["budget", "authority", "need", "timeline"] as const;
export type BantPart = (typeof BANT_PARTS)[number];
export type Bant = { readonly [K in BantPart]: string | null };

export type Consent = { readonly given: boolean; readonly at: number };

/** Which writer set a value, and when. What it replaced stands in the facts. */
export type Provenance = { readonly by: string; readonly at: number };

/** `days` is pairs of (day number, touches), ascending. */
export type Signal = { readonly first: number; readonly last: number; readonly total: number; readonly days: readonly number[] };

export type TaskState = "open" | "done" | "superseded" | "cancelled";

export type Task = {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly stage: string;
  readonly pass: number;
  readonly state: TaskState;
  readonly ownerId: string | null;
  readonly processConfig: number;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly doneAt: number | null;
  readonly doneBy: string | null;
  readonly result: string | null;
  readonly form: FormAnswers | null;
  /** Somebody made it himself; the process neither closes it nor hands it over. Left out when not so, as all that follow. */
  readonly own?: true | undefined;
  /** Given to somebody by hand: it does not follow the lead's owner any more. */
  readonly delegated?: true | undefined;
  readonly note?: string | undefined;
  readonly repeat?: Repeat | undefined;
};

export type Money = { readonly amount: number; readonly currency: string };
export type FormAnswers = Readonly<Record<string, string | Money>>;

export type Opportunity = {
  readonly id: string;
  readonly companyId: string | null;
  readonly name: string;
  readonly stage: string;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly ownerId: string | null;
  readonly closeDate: string | null;
  readonly nextMeeting: number | null;
  readonly form: FormAnswers;
  readonly wonAt: number | null;
  readonly lostAt: number | null;
  readonly lostReason: string | null;
  readonly stageAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type Contact = {
  readonly id: string;
  readonly companyId: string | null;
  readonly opportunityId: string | null;
  readonly role: string;
  readonly createdAt: number;
};

export type Scores = {
  readonly total: number;
  readonly fit: number;
  readonly engagement: number;
  readonly bant: number;
  readonly quality: number;
  readonly freshness: number;
  /** Pairs of (rule number, hundredths). Negative rule numbers are bounds; see `core/scoring`. */
  readonly ledger: readonly number[];
  /** The configuration number of the model. */
  readonly model: number;
  readonly at: number;
};

export type Heat = "hot" | "warm" | "cold";

export type LeadState = Profile & {
  readonly id: string;
  readonly number: number;
  readonly version: number;
  readonly companyId: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly bant: Bant;
  readonly consent: Readonly<Record<string, Consent>>;
  readonly tags: readonly string[];
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly stage: string;
  readonly status: Status;
  readonly stageAt: number;
  /** How often each stage was entered. */
  readonly passes: Readonly<Record<string, number>>;
  /** Stages whose definition the lead met when last asked: entering takes a change from not met to met. */
  readonly met: readonly string[];
  /** Imported history rests: no tasks, timers or definitions until a person or a new touch wakes it. */
  readonly resting: boolean;
  readonly ownerId: string | null;
  readonly team: string | null;
  readonly heat: Heat;
  readonly scores: Scores;
  readonly signals: Readonly<Record<string, Signal>>;
  readonly tasks: readonly Task[];
  readonly opportunities: readonly Opportunity[];
  readonly contacts: readonly Contact[];
  /** When to look again, by purpose. */
  readonly timers: Readonly<Record<string, number>>;
  readonly importId: string | null;
  /** Since when it is in the bin; null when it is not. */
  readonly deletedAt: number | null;
  readonly capturedAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};
