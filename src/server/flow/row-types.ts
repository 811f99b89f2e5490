/** Rows as the tables hold them, column by column: `RowOf` does not compile when a table says otherwise. */
import type { Repeat } from "../../core/calendar/repeat.ts";
import type { FormAnswers, LeadState } from "../../core/flow/state.ts";
import type { RowOf } from "../db/row-of.ts";

export type LeadRow = RowOf<
  "lead",
  {
    readonly id: string;
    readonly number: number;
    readonly version: number;
    readonly email: string | null;
    readonly phone: string | null;
    readonly external_id: string | null;
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly company: string | null;
    readonly company_id: string | null;
    readonly job_title: string | null;
    readonly country: string | null;
    readonly city: string | null;
    readonly website: string | null;
    readonly source: string | null;
    readonly campaign: string | null;
    readonly stage: string;
    readonly status: string;
    readonly heat: string;
    readonly score: number;
    readonly fit: number;
    readonly engagement: number;
    readonly bant: number;
    readonly quality: number;
    readonly freshness: number;
    readonly ledger: number[];
    readonly scored_with: number;
    readonly scored_at: Date;
    readonly owner_id: string | null;
    readonly team: string | null;
    readonly resting: boolean;
    readonly tags: string[];
    readonly fields: LeadState["fields"];
    readonly bant_answers: Partial<LeadState["bant"]>;
    readonly state: Inner;
    readonly import_id: string | null;
    readonly captured_at: Date;
    readonly stage_at: Date;
    readonly created_at: Date;
    readonly updated_at: Date;
    readonly deleted_at: Date | null;
  }
>;

export type Written = { readonly by: string; readonly at: number; readonly keys: readonly string[] };

export type Inner = {
  /** Fields written together stand under one stamp. */
  readonly written?: readonly Written[];
  readonly passes?: LeadState["passes"];
  readonly met?: readonly string[];
  readonly consent?: LeadState["consent"];
};

export type SignalRow = RowOf<
  "signal",
  {
    readonly lead_id: string;
    readonly facet: string;
    readonly first_at: Date;
    readonly last_at: Date;
    readonly total: number;
    readonly days: number[];
  }
>;
export type TaskRow = RowOf<
  "task",
  {
    readonly id: string;
    readonly lead_id: string;
    readonly key: string;
    readonly kind: string;
    readonly title: string;
    readonly stage: string;
    readonly pass: number;
    readonly state: string;
    readonly owner_id: string | null;
    readonly process_config: number;
    readonly due_at: Date;
    readonly created_at: Date;
    readonly done_at: Date | null;
    readonly done_by: string | null;
    readonly result: string | null;
    readonly form: FormAnswers | null;
    readonly own: boolean;
    readonly delegated: boolean;
    readonly note: string | null;
    readonly repeat: Repeat | null;
  }
>;
export type OpportunityRow = RowOf<
  "opportunity",
  {
    readonly id: string;
    readonly lead_id: string;
    readonly company_id: string | null;
    readonly name: string;
    readonly stage: string;
    readonly amount: number | null;
    readonly currency: string | null;
    readonly owner_id: string | null;
    readonly close_date: string | null;
    readonly next_meeting: Date | null;
    readonly form: FormAnswers;
    readonly won_at: Date | null;
    readonly lost_at: Date | null;
    readonly lost_reason: string | null;
    readonly stage_at: Date;
    readonly created_at: Date;
    readonly updated_at: Date;
  }
>;
export type ContactRow = RowOf<
  "contact",
  {
    readonly id: string;
    readonly lead_id: string;
    readonly company_id: string | null;
    readonly opportunity_id: string | null;
    readonly role: string;
    readonly created_at: Date;
  }
>;
export type TimerRow = RowOf<"timer", { readonly lead_id: string; readonly purpose: string; readonly due_at: Date }>;

/** What belongs to a lead beside its own row. */
export type Parts = {
  readonly signals: readonly SignalRow[];
  readonly tasks: readonly TaskRow[];
  readonly opportunities: readonly OpportunityRow[];
  readonly contacts: readonly ContactRow[];
  readonly timers: readonly TimerRow[];
};
