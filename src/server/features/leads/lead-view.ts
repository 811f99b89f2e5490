/**
 * A lead as every answer shows it: points instead of hundredths, ISO times, absent values null. `leadView` starts from a
 * state, `leadRowView` from the columns a list reads; a test holds the two together.
 */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { Bant, FieldValue, LeadState } from "../../../core/flow/state.ts";

export type LeadJson = {
  readonly id: string;
  readonly version: number;
  readonly email: string | null;
  readonly phone: string | null;
  readonly externalId: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** `id` is null until conversion has linked the name to a company. */
  readonly company: { readonly id: string | null; readonly name: string } | null;
  readonly jobTitle: string | null;
  readonly country: string | null;
  readonly city: string | null;
  readonly website: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  readonly stage: string;
  readonly status: string;
  readonly heat: string;
  readonly score: number;
  readonly scores: { readonly fit: number; readonly engagement: number; readonly bant: number; readonly quality: number; readonly freshness: number };
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly team: string | null;
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly bant: Bant;
  readonly capturedAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Since when it is in the bin. */
  readonly deletedAt: string | null;
};

export type NextStepJson = { readonly id: string; readonly kind: string; readonly title: string; readonly dueAt: string };
export type LeadListJson = LeadJson & { readonly nextStep: NextStepJson | null };

export function leadView(lead: LeadState, config: CompiledConfig): LeadJson {
  const { scores } = lead;
  return {
    id: lead.id,
    version: lead.version,
    email: lead.email,
    phone: lead.phone,
    externalId: lead.externalId,
    firstName: lead.firstName,
    lastName: lead.lastName,
    company: lead.company === null ? null : { id: lead.companyId, name: lead.company },
    jobTitle: lead.jobTitle,
    country: lead.country,
    city: lead.city,
    website: lead.website,
    source: lead.source,
    campaign: lead.campaign,
    stage: lead.stage,
    status: lead.status,
    heat: lead.heat,
    score: scores.total / 100,
    scores: {
      fit: scores.fit / 100,
      engagement: scores.engagement / 100,
      bant: scores.bant / 100,
      quality: scores.quality / 100,
      freshness: scores.freshness / 100,
    },
    owner: ownerOf(config, lead.ownerId),
    team: lead.team,
    tags: lead.tags,
    fields: lead.fields,
    bant: lead.bant,
    capturedAt: iso(lead.capturedAt),
    createdAt: iso(lead.createdAt),
    updatedAt: iso(lead.updatedAt),
    deletedAt: lead.deletedAt === null ? null : iso(lead.deletedAt),
  };
}

/** What a list reads of a lead. Times are text in UTC, as PostgreSQL writes a `timestamp`, which is cheaper to reshape than to parse. */
export type LeadListRow = {
  readonly id: string;
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
  readonly owner_id: string | null;
  readonly team: string | null;
  /** Null when there are none. */
  readonly tags: readonly string[] | null;
  readonly fields: LeadState["fields"];
  readonly bant_answers: Partial<Bant>;
  readonly captured_at: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Id, kind, title and moment of the earliest open task. */
  readonly next_step: readonly [string, string, string, string] | null;
};

export function leadRowView(row: LeadListRow, config: CompiledConfig): LeadListJson {
  const { budget = null, authority = null, need = null, timeline = null } = row.bant_answers;
  return {
    id: row.id,
    version: row.version,
    email: row.email,
    phone: row.phone,
    externalId: row.external_id,
    firstName: row.first_name,
    lastName: row.last_name,
    company: row.company === null ? null : { id: row.company_id, name: row.company },
    jobTitle: row.job_title,
    country: row.country,
    city: row.city,
    website: row.website,
    source: row.source,
    campaign: row.campaign,
    stage: row.stage,
    status: row.status,
    heat: row.heat,
    score: row.score / 100,
    scores: { fit: row.fit / 100, engagement: row.engagement / 100, bant: row.bant / 100, quality: row.quality / 100, freshness: row.freshness / 100 },
    owner: ownerOf(config, row.owner_id),
    team: row.team,
    tags: row.tags ?? [],
    fields: row.fields,
    bant: { budget, authority, need, timeline },
    capturedAt: isoOfUtc(row.captured_at),
    createdAt: isoOfUtc(row.created_at),
    updatedAt: isoOfUtc(row.updated_at),
    deletedAt: null,
    nextStep: row.next_step === null ? null : nextStepOf(row.next_step),
  };
}

function nextStepOf([id, kind, title, due]: NonNullable<LeadListRow["next_step"]>): NextStepJson {
  return { id, kind, title, dueAt: isoOfUtc(due) };
}

const names = new WeakMap<CompiledConfig, ReadonlyMap<string, string>>();

/** An owner who has left the configuration keeps the id as name. */
export function ownerOf(config: CompiledConfig, id: string | null): LeadJson["owner"] {
  if (id === null) return null;
  let known = names.get(config);
  if (known === undefined) {
    known = new Map(config.config.users.map((user) => [user.id, user.name]));
    names.set(config, known);
  }
  return { id, name: known.get(id) ?? id };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** "2026-11-22 10:00:00.5" as "2026-11-22T10:00:00.500Z". Years outside 0001 to 9999 never reach a lead. */
function isoOfUtc(text: string): string {
  const time = text.slice(11);
  const millis = time.length > 8 ? time.slice(9, 12).padEnd(3, "0") : "000";
  return `${text.slice(0, 10)}T${time.slice(0, 8)}.${millis}Z`;
}
