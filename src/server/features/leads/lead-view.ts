/**
 * A lead as every answer shows it: points instead of hundredths, ISO times, absent values null. Lists write the same from the
 * columns they read (`lead-row.ts`); a test holds the two together.
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
