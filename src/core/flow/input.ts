/** Everything that can happen to a lead, and what a reaction answers. */
import type { Status } from "../config/config.ts";
import type { BantPart, FieldValue, FormAnswers, LeadState, ProfileKey } from "./state.ts";

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
  | { readonly kind: "capture"; readonly patch: Patch; readonly touches: readonly TouchInput[]; readonly capturedAt?: number | undefined }
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
    }
  | { readonly kind: "convert"; readonly form: FormAnswers; readonly name?: string | undefined }
  | { readonly kind: "opportunityStage"; readonly opportunityId: string; readonly stage: string; readonly reason?: string | undefined }
  | { readonly kind: "timer"; readonly purposes: readonly string[] }
  /** Looks at the lead again under the configuration now live. */
  | { readonly kind: "look" };

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
    };
export type Answer = { readonly kind: "deal"; readonly index: number } | { readonly kind: "company"; readonly id: string };

export type Fact = { readonly type: string; readonly at: number; readonly stage: string | null; readonly data: Readonly<Record<string, unknown>> };

export type NewCompany = { readonly id: string; readonly name: string; readonly domain: string | null; readonly createdAt: number };

export type Refusal = {
  readonly kind: "refused";
  readonly status: 404 | 409 | 412 | 422;
  readonly type: string;
  readonly detail: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
};

export type Done = {
  readonly kind: "done";
  readonly outcome: "created" | "updated" | "unchanged";
  readonly state: LeadState;
  readonly facts: readonly Fact[];
  readonly touches: readonly AcceptedTouch[];
  readonly companies: readonly NewCompany[];
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
