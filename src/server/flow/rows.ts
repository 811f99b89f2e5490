/** A lead's state as rows, and back. What no query asks for stands together in the column `state`. */
import type { Contact, LeadState, Opportunity, Provenance, Signal, Task } from "../../core/flow/state.ts";
import { byCreation } from "../../core/flow/react.ts";
import type { Status } from "../../core/config/config.ts";
import { arrayCell, copyLine, copyTarget, isoCell } from "../db/db.ts";
import type { ContactRow, Inner, LeadRow, OpportunityRow, Parts, SignalRow, TaskRow, Written } from "./row-types.ts";

export const LEAD_COLUMNS = [
  "id",
  "number",
  "version",
  "email",
  "phone",
  "external_id",
  "first_name",
  "last_name",
  "company",
  "company_id",
  "job_title",
  "country",
  "city",
  "website",
  "source",
  "campaign",
  "stage",
  "status",
  "heat",
  "score",
  "fit",
  "engagement",
  "bant",
  "quality",
  "freshness",
  "ledger",
  "scored_with",
  "scored_at",
  "owner_id",
  "team",
  "resting",
  "tags",
  "fields",
  "bant_answers",
  "state",
  "import_id",
  "captured_at",
  "stage_at",
  "created_at",
  "updated_at",
  "deleted_at",
] as const;

export const LEAD_COPY = copyTarget("lead", LEAD_COLUMNS);

export function leadLine(workspaceId: string, lead: LeadState): string {
  const { scores } = lead;
  return copyLine(workspaceId, [
    lead.id,
    lead.number,
    lead.version,
    lead.email,
    lead.phone,
    lead.externalId,
    lead.firstName,
    lead.lastName,
    lead.company,
    lead.companyId,
    lead.jobTitle,
    lead.country,
    lead.city,
    lead.website,
    lead.source,
    lead.campaign,
    lead.stage,
    lead.status,
    lead.heat,
    scores.total,
    scores.fit,
    scores.engagement,
    scores.bant,
    scores.quality,
    scores.freshness,
    `{${scores.ledger.join(",")}}`,
    scores.model,
    isoCell(scores.at),
    lead.ownerId,
    lead.team,
    lead.resting,
    arrayCell(lead.tags),
    JSON.stringify(lead.fields),
    JSON.stringify(bantCell(lead)),
    JSON.stringify(innerOf(lead)),
    lead.importId,
    isoCell(lead.capturedAt),
    isoCell(lead.stageAt),
    isoCell(lead.createdAt),
    isoCell(lead.updatedAt),
    isoCell(lead.deletedAt),
  ]);
}

/** The same row as an object for `json_to_recordset`. */
export function leadJson(lead: LeadState): Record<string, unknown> {
  const { scores } = lead;
  return {
    id: lead.id,
    number: lead.number,
    version: lead.version,
    email: lead.email,
    phone: lead.phone,
    external_id: lead.externalId,
    first_name: lead.firstName,
    last_name: lead.lastName,
    company: lead.company,
    company_id: lead.companyId,
    job_title: lead.jobTitle,
    country: lead.country,
    city: lead.city,
    website: lead.website,
    source: lead.source,
    campaign: lead.campaign,
    stage: lead.stage,
    status: lead.status,
    heat: lead.heat,
    score: scores.total,
    fit: scores.fit,
    engagement: scores.engagement,
    bant: scores.bant,
    quality: scores.quality,
    freshness: scores.freshness,
    ledger: `{${scores.ledger.join(",")}}`,
    scored_with: scores.model,
    scored_at: isoCell(scores.at),
    owner_id: lead.ownerId,
    team: lead.team,
    resting: lead.resting,
    tags: arrayCell(lead.tags),
    fields: lead.fields,
    bant_answers: bantCell(lead),
    state: innerOf(lead),
    captured_at: isoCell(lead.capturedAt),
    stage_at: isoCell(lead.stageAt),
    updated_at: isoCell(lead.updatedAt),
    deleted_at: isoCell(lead.deletedAt),
  };
}

function innerOf(lead: LeadState): Inner {
  const { provenance, passes, met, consent } = lead;
  return { written: packProvenance(provenance), passes, ...(met.length === 0 ? {} : { met }), ...(Object.keys(consent).length === 0 ? {} : { consent }) };
}

/** A dozen fields of one capture share their stamp: a tenth of the bytes, and the row stays below the size at which PostgreSQL compresses. */
function packProvenance(provenance: LeadState["provenance"]): readonly Written[] {
  const stamps = new Map<string, { by: string; at: number; keys: string[] }>();
  for (const key in provenance) {
    const { by, at } = provenance[key] as Provenance;
    const stamp = `${at} ${by}`;
    const group = stamps.get(stamp);
    if (group === undefined) stamps.set(stamp, { by, at, keys: [key] });
    else group.keys.push(key);
  }
  return [...stamps.values()];
}

function unpackProvenance(written: readonly Written[]): LeadState["provenance"] {
  return Object.fromEntries(written.flatMap(({ by, at, keys }) => keys.map((key) => [key, { by, at }])));
}

function bantCell({ bant }: LeadState): Partial<LeadState["bant"]> {
  return Object.fromEntries(Object.entries(bant).filter(([, answer]) => answer !== null));
}

/** Puts states together from the rows of a batch of leads. */
export function assembleLeads(rows: readonly LeadRow[], parts: Parts): Map<string, LeadState> {
  const signals = groupByLead(parts.signals);
  const tasks = groupByLead(parts.tasks);
  const opportunities = groupByLead(parts.opportunities);
  const contacts = groupByLead(parts.contacts);
  const timers = groupByLead(parts.timers);
  return new Map(
    rows.map((row) => [
      row.id,
      leadOf(row, {
        signals: signals.get(row.id) ?? [],
        tasks: tasks.get(row.id) ?? [],
        opportunities: opportunities.get(row.id) ?? [],
        contacts: contacts.get(row.id) ?? [],
        timers: timers.get(row.id) ?? [],
      }),
    ]),
  );
}

function groupByLead<R extends { readonly lead_id: string }>(rows: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(row.lead_id);
    if (group === undefined) groups.set(row.lead_id, [row]);
    else group.push(row);
  }
  return groups;
}

export const NO_PARTS: Parts = { signals: [], tasks: [], opportunities: [], contacts: [], timers: [] };

export function leadOf(row: LeadRow, parts: Parts): LeadState {
  const { budget = null, authority = null, need = null, timeline = null } = row.bant_answers;
  return {
    id: row.id,
    number: row.number,
    version: row.version,
    email: row.email,
    phone: row.phone,
    externalId: row.external_id,
    firstName: row.first_name,
    lastName: row.last_name,
    company: row.company,
    companyId: row.company_id,
    jobTitle: row.job_title,
    country: row.country,
    city: row.city,
    website: row.website,
    source: row.source,
    campaign: row.campaign,
    fields: row.fields,
    bant: { budget, authority, need, timeline },
    consent: row.state.consent ?? {},
    tags: row.tags,
    provenance: unpackProvenance(row.state.written ?? []),
    stage: row.stage,
    status: row.status as Status,
    stageAt: row.stage_at.getTime(),
    passes: row.state.passes ?? {},
    met: row.state.met ?? [],
    resting: row.resting,
    ownerId: row.owner_id,
    team: row.team,
    heat: row.heat as LeadState["heat"],
    scores: {
      total: row.score,
      fit: row.fit,
      engagement: row.engagement,
      bant: row.bant,
      quality: row.quality,
      freshness: row.freshness,
      ledger: row.ledger,
      model: row.scored_with,
      at: row.scored_at.getTime(),
    },
    signals: Object.fromEntries(parts.signals.map((signal) => [signal.facet, signalOf(signal)])),
    tasks: parts.tasks.map(taskOf).sort(byCreation),
    opportunities: parts.opportunities.map(opportunityOf).sort(byCreation),
    contacts: parts.contacts.map(contactOf).sort(byCreation),
    timers: Object.fromEntries(parts.timers.map((timer) => [timer.purpose, timer.due_at.getTime()])),
    importId: row.import_id,
    deletedAt: msOf(row.deleted_at),
    capturedAt: row.captured_at.getTime(),
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

function signalOf(row: SignalRow): Signal {
  return { first: row.first_at.getTime(), last: row.last_at.getTime(), total: row.total, days: row.days };
}

function taskOf(row: TaskRow): Task {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind,
    title: row.title,
    stage: row.stage,
    pass: row.pass,
    state: row.state as Task["state"],
    ownerId: row.owner_id,
    processConfig: row.process_config,
    dueAt: row.due_at.getTime(),
    createdAt: row.created_at.getTime(),
    doneAt: msOf(row.done_at),
    doneBy: row.done_by,
    result: row.result,
    form: row.form,
    ...(row.own ? { own: true } : {}),
    ...(row.delegated ? { delegated: true } : {}),
    ...(row.note === null ? {} : { note: row.note }),
    ...(row.repeat === null ? {} : { repeat: row.repeat }),
  };
}

function opportunityOf(row: OpportunityRow): Opportunity {
  return {
    id: row.id,
    companyId: row.company_id,
    name: row.name,
    stage: row.stage,
    amount: row.amount,
    currency: row.currency,
    ownerId: row.owner_id,
    closeDate: row.close_date,
    nextMeeting: msOf(row.next_meeting),
    form: row.form,
    wonAt: msOf(row.won_at),
    lostAt: msOf(row.lost_at),
    lostReason: row.lost_reason,
    stageAt: row.stage_at.getTime(),
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

function contactOf(row: ContactRow): Contact {
  return { id: row.id, companyId: row.company_id, opportunityId: row.opportunity_id, role: row.role, createdAt: row.created_at.getTime() };
}

function msOf(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}
