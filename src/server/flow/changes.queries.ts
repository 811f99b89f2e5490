/** What changed on leads that were there before: found by comparing states part by part, written in one statement a table. */
import type { CompiledConfig } from "../../core/config/compile.ts";
import { type Contact, type FieldValue, type LeadState, type Opportunity, PROFILE_KEYS, type Task } from "../../core/flow/state.ts";
import { searchText } from "../../core/search/search-text.ts";
import { type Db, isoCell, sql, workspace } from "../db/db.ts";
import { searchCells, type ValueCells, valueCells } from "./cells.ts";
import { leadJson } from "./rows.ts";

export type Changes = {
  readonly leads: { readonly lead: LeadState; readonly wide: boolean }[];
  readonly signals: { readonly lead: LeadState; readonly facet: string }[];
  readonly tasks: Task[];
  readonly tasksGone: string[];
  readonly opportunitiesGone: string[];
  readonly contactsGone: string[];
  readonly opportunities: { readonly leadId: string; readonly opportunity: Opportunity }[];
  readonly contacts: { readonly leadId: string; readonly contact: Contact }[];
  readonly timers: { readonly leadId: string; readonly purpose: string; readonly due: string }[];
  readonly timersGone: { readonly leadId: string; readonly purpose: string }[];
  readonly values: { readonly leadId: string; readonly key: string; readonly cells: ValueCells }[];
  readonly valuesGone: { readonly leadId: string; readonly key: string }[];
  /** Leads and opportunities that nobody finds any more. */
  readonly searchGone: string[];
  readonly search: { readonly leadId: string; readonly cells: readonly [string, string, string] }[];
};

/** Parts of a lead that `postScores` does not write. */
const WIDE = [
  ...PROFILE_KEYS,
  "version",
  "companyId",
  "fields",
  "bant",
  "consent",
  "tags",
  "provenance",
  "stage",
  "status",
  "stageAt",
  "passes",
  "met",
  "ownerId",
  "team",
  "capturedAt",
  "updatedAt",
  "deletedAt",
] as const satisfies readonly (keyof LeadState)[];

export function collectChanges(config: CompiledConfig, before: LeadState, after: LeadState, changes: Changes): void {
  const leadId = after.id;
  changes.leads.push({ lead: after, wide: WIDE.some((key) => after[key] !== before[key]) });
  if (after.signals !== before.signals)
    for (const facet in after.signals) if (after.signals[facet] !== before.signals[facet]) changes.signals.push({ lead: after, facet });
  for (const purpose in after.timers)
    if (after.timers[purpose] !== before.timers[purpose]) changes.timers.push({ leadId, purpose, due: isoCell(after.timers[purpose] as number) as string });
  for (const purpose in before.timers) if (after.timers[purpose] === undefined) changes.timersGone.push({ leadId, purpose });
  if (after.opportunities !== before.opportunities)
    for (const opportunity of after.opportunities) if (!before.opportunities.includes(opportunity)) changes.opportunities.push({ leadId, opportunity });
  changes.tasksGone.push(...gone(before.tasks, after.tasks));
  changes.opportunitiesGone.push(...gone(before.opportunities, after.opportunities));
  changes.contactsGone.push(...gone(before.contacts, after.contacts));
  if (after.contacts !== before.contacts)
    for (const contact of after.contacts) if (!before.contacts.includes(contact)) changes.contacts.push({ leadId, contact });
  if (after.fields !== before.fields) {
    for (const key in after.fields)
      if (after.fields[key] !== before.fields[key]) changes.values.push({ leadId, key, cells: valueCells(config, key, after.fields[key] as FieldValue) });
    for (const key in before.fields) if (after.fields[key] === undefined) changes.valuesGone.push({ leadId, key });
  }
  if (after.deletedAt === null) collectSearch(before, after, changes);
  else if (before.deletedAt === null) changes.searchGone.push(leadId, ...before.opportunities.map(({ id }) => id));
}

/** What is in the bin is not found; what comes out of it is found again. */
function collectSearch(before: LeadState, after: LeadState, changes: Changes): void {
  const cells = searchCells(after);
  const was = searchCells(before);
  if (before.deletedAt !== null || cells.some((cell, i) => cell !== was[i])) changes.search.push({ leadId: after.id, cells });
  if (before.deletedAt === null) return;
  const listed = new Set(changes.opportunities.map(({ opportunity }) => opportunity.id));
  for (const opportunity of after.opportunities) if (!listed.has(opportunity.id)) changes.opportunities.push({ leadId: after.id, opportunity });
}

/** Things of a lead that are not there any more: what a change had made that was taken back. */
function gone(before: readonly { readonly id: string }[], after: readonly { readonly id: string }[]): readonly string[] {
  if (before === after) return [];
  const kept = new Set(after.map(({ id }) => id));
  return before.flatMap(({ id }) => (kept.has(id) ? [] : [id]));
}

export function writeChanges(db: Db, changes: Changes): void {
  const wide = changes.leads.filter((change) => change.wide).map((change) => leadJson(change.lead));
  if (wide.length > 0) {
    db.post(sql`
      update lead l set number = r.number, version = r.version, email = r.email, phone = r.phone, external_id = r.external_id, first_name = r.first_name, last_name = r.last_name, company = r.company,
        company_id = r.company_id, job_title = r.job_title, country = r.country, city = r.city, website = r.website, source = r.source, campaign = r.campaign, stage = r.stage, status = r.status,
        heat = r.heat, score = r.score, fit = r.fit, engagement = r.engagement, bant = r.bant, quality = r.quality, freshness = r.freshness, ledger = r.ledger, scored_with = r.scored_with,
        scored_at = r.scored_at, owner_id = r.owner_id, team = r.team, resting = r.resting, tags = r.tags, fields = r.fields, bant_answers = r.bant_answers, state = r.state,
        captured_at = r.captured_at, stage_at = r.stage_at, updated_at = r.updated_at, deleted_at = r.deleted_at
      from json_to_recordset(${JSON.stringify(wide)}::json) r (id uuid, number int, version int, email text, phone text, external_id text, first_name text, last_name text, company text, company_id uuid,
        job_title text, country text, city text, website text, source text, campaign text, stage text, status text, heat text, score int, fit int, engagement int, bant int, quality int, freshness int,
        ledger int[], scored_with int, scored_at timestamptz, owner_id uuid, team text, resting boolean, tags text[], fields jsonb, bant_answers jsonb, state jsonb, captured_at timestamptz,
        stage_at timestamptz, updated_at timestamptz, deleted_at timestamptz)
      where l.workspace_id = ${workspace} and l.id = r.id`);
  }
  const narrow = changes.leads.filter((change) => !change.wide).map((change) => change.lead);
  if (narrow.length > 0) postScores(db, narrow);
  postSignals(db, changes.signals);
  postTasks(db, changes.tasks);
  postGone(db, changes);
  postTimers(db, changes);
  postValues(db, changes);
  postOpportunities(db, changes);
  if (changes.search.length > 0) {
    db.post(sql`
      insert into search_entry as s (workspace_id, type, id, title, detail, text)
      select ${workspace}, 'lead', id, title, detail, text
      from unnest(${changes.search.map((c) => c.leadId)}::uuid[], ${changes.search.map((c) => c.cells[0])}::text[], ${changes.search.map((c) => c.cells[1])}::text[], ${changes.search.map((c) => c.cells[2])}::text[]) r (id, title, detail, text)
      on conflict (workspace_id, type, id) do update set title = excluded.title, detail = excluded.detail, text = excluded.text`);
  }
}

/** What changes when a lead is scored and nothing else happened to it. */
export function postScores(db: Db, leads: readonly LeadState[]): void {
  const scores = leads.map((lead) => lead.scores);
  db.post(sql`
    update lead l set number = r.number, heat = r.heat, score = r.score, fit = r.fit, engagement = r.engagement, bant = r.bant, quality = r.quality, freshness = r.freshness,
      ledger = r.ledger::int[], scored_with = r.scored_with, scored_at = r.scored_at, resting = r.resting
    from unnest(${leads.map((lead) => lead.id)}::uuid[], ${leads.map((lead) => lead.number)}::int[], ${leads.map((lead) => lead.heat)}::text[], ${scores.map((s) => s.total)}::int[], ${scores.map((s) => s.fit)}::int[],
      ${scores.map((s) => s.engagement)}::int[], ${scores.map((s) => s.bant)}::int[], ${scores.map((s) => s.quality)}::int[], ${scores.map((s) => s.freshness)}::int[], ${scores.map((s) => `{${s.ledger.join(",")}}`)}::text[],
      ${scores.map((s) => s.model)}::int[], ${scores.map((s) => isoCell(s.at))}::timestamptz[], ${leads.map((lead) => lead.resting)}::boolean[])
      r (id, number, heat, score, fit, engagement, bant, quality, freshness, ledger, scored_with, scored_at, resting)
    where l.workspace_id = ${workspace} and l.id = r.id`);
}

/** Timers of leads that were scored and nothing else. */
export function postScoreTimers(db: Db, before: readonly LeadState[], after: readonly LeadState[]): void {
  const timers: { leadId: string; purpose: string; due: string }[] = [];
  const timersGone: { leadId: string; purpose: string }[] = [];
  after.forEach((lead, i) => {
    const was = (before[i] as LeadState).timers["score"];
    const due = lead.timers["score"];
    if (due === was) return;
    if (due === undefined) timersGone.push({ leadId: lead.id, purpose: "score" });
    else timers.push({ leadId: lead.id, purpose: "score", due: isoCell(due) as string });
  });
  postTimers(db, { timers, timersGone });
}

function postSignals(db: Db, changes: Changes["signals"]): void {
  if (changes.length === 0) return;
  const signals = changes.map(({ lead, facet }) => lead.signals[facet] as LeadState["signals"][string]);
  db.post(sql`
    insert into signal as s (workspace_id, lead_id, facet, first_at, last_at, total, days)
    select ${workspace}, lead_id, facet, first_at, last_at, total, days::int[]
    from unnest(${changes.map((c) => c.lead.id)}::uuid[], ${changes.map((c) => c.facet)}::text[], ${signals.map((s) => isoCell(s.first))}::timestamptz[], ${signals.map((s) => isoCell(s.last))}::timestamptz[],
      ${signals.map((s) => s.total)}::int[], ${signals.map((s) => `{${s.days.join(",")}}`)}::text[]) r (lead_id, facet, first_at, last_at, total, days)
    on conflict (workspace_id, lead_id, facet) do update set first_at = excluded.first_at, last_at = excluded.last_at, total = excluded.total, days = excluded.days`);
}

function postTasks(db: Db, tasks: readonly Task[]): void {
  if (tasks.length === 0) return;
  const rows = tasks.map((task) => ({
    id: task.id,
    state: task.state,
    owner_id: task.ownerId,
    done_at: isoCell(task.doneAt),
    done_by: task.doneBy,
    result: task.result,
    form: task.form,
    kind: task.kind,
    title: task.title,
    due_at: isoCell(task.dueAt),
    delegated: task.delegated === true,
    note: task.note ?? null,
    repeat: task.repeat ?? null,
  }));
  db.post(sql`
    update task t set state = r.state, owner_id = r.owner_id, done_at = r.done_at, done_by = r.done_by, result = r.result, form = r.form, kind = r.kind, title = r.title, due_at = r.due_at,
      delegated = r.delegated, note = r.note, repeat = r.repeat
    from json_to_recordset(${JSON.stringify(rows)}::json) r (id uuid, state text, owner_id uuid, done_at timestamptz, done_by text, result text, form jsonb, kind text, title text, due_at timestamptz,
      delegated boolean, note text, repeat jsonb)
    where t.workspace_id = ${workspace} and t.id = r.id`);
}

/** Not searched for is deleted too: the entries of opportunities that are gone. */
function postGone(db: Db, { tasksGone, opportunitiesGone, contactsGone, searchGone }: Changes): void {
  if (tasksGone.length > 0) db.post(sql`delete from task where workspace_id = ${workspace} and id = any(${tasksGone}::uuid[])`);
  if (contactsGone.length > 0) db.post(sql`delete from contact where workspace_id = ${workspace} and id = any(${contactsGone}::uuid[])`);
  if (opportunitiesGone.length > 0) db.post(sql`delete from opportunity where workspace_id = ${workspace} and id = any(${opportunitiesGone}::uuid[])`);
  const unfound = [...opportunitiesGone, ...searchGone];
  if (unfound.length > 0)
    db.post(sql`delete from search_entry where workspace_id = ${workspace} and type in ('lead', 'opportunity') and id = any(${unfound}::uuid[])`);
}

function postTimers(db: Db, { timers, timersGone }: Pick<Changes, "timers" | "timersGone">): void {
  if (timersGone.length > 0) {
    db.post(sql`
      delete from timer t using unnest(${timersGone.map((t) => t.leadId)}::uuid[], ${timersGone.map((t) => t.purpose)}::text[]) r (lead_id, purpose)
      where t.workspace_id = ${workspace} and t.lead_id = r.lead_id and t.purpose = r.purpose`);
  }
  if (timers.length === 0) return;
  db.post(sql`
    insert into timer as t (workspace_id, lead_id, purpose, due_at)
    select ${workspace}, lead_id, purpose, due_at from unnest(${timers.map((t) => t.leadId)}::uuid[], ${timers.map((t) => t.purpose)}::text[], ${timers.map((t) => t.due)}::timestamptz[]) r (lead_id, purpose, due_at)
    on conflict (workspace_id, lead_id, purpose) do update set due_at = excluded.due_at`);
}

function postValues(db: Db, { values, valuesGone }: Changes): void {
  if (valuesGone.length > 0) {
    db.post(sql`
      delete from lead_value v using unnest(${valuesGone.map((v) => v.leadId)}::uuid[], ${valuesGone.map((v) => v.key)}::text[]) r (lead_id, field)
      where v.workspace_id = ${workspace} and v.lead_id = r.lead_id and v.field = r.field`);
  }
  if (values.length === 0) return;
  db.post(sql`
    insert into lead_value as v (workspace_id, lead_id, field, text, number, time)
    select ${workspace}, lead_id, field, text, number, time
    from unnest(${values.map((v) => v.leadId)}::uuid[], ${values.map((v) => v.key)}::text[], ${values.map((v) => v.cells[0])}::text[], ${values.map((v) => v.cells[1])}::double precision[], ${values.map((v) => v.cells[2])}::timestamptz[]) r (lead_id, field, text, number, time)
    on conflict (workspace_id, lead_id, field) do update set text = excluded.text, number = excluded.number, time = excluded.time`);
}

function postOpportunities(db: Db, { opportunities, contacts }: Changes): void {
  if (opportunities.length > 0) {
    const rows = opportunities.map(({ leadId, opportunity: o }) => ({
      id: o.id,
      lead_id: leadId,
      company_id: o.companyId,
      name: o.name,
      stage: o.stage,
      amount: o.amount,
      currency: o.currency,
      owner_id: o.ownerId,
      close_date: o.closeDate,
      next_meeting: isoCell(o.nextMeeting),
      form: o.form,
      won_at: isoCell(o.wonAt),
      lost_at: isoCell(o.lostAt),
      lost_reason: o.lostReason,
      stage_at: isoCell(o.stageAt),
      created_at: isoCell(o.createdAt),
      updated_at: isoCell(o.updatedAt),
    }));
    db.post(sql`
      insert into opportunity as o (workspace_id, id, lead_id, company_id, name, stage, amount, currency, owner_id, close_date, next_meeting, form, won_at, lost_at, lost_reason, stage_at, created_at, updated_at)
      select ${workspace}, id, lead_id, company_id, name, stage, amount, currency, owner_id, close_date, next_meeting, form, won_at, lost_at, lost_reason, stage_at, created_at, updated_at
      from json_to_recordset(${JSON.stringify(rows)}::json) r (id uuid, lead_id uuid, company_id uuid, name text, stage text, amount bigint, currency text, owner_id uuid, close_date date, next_meeting timestamptz,
        form jsonb, won_at timestamptz, lost_at timestamptz, lost_reason text, stage_at timestamptz, created_at timestamptz, updated_at timestamptz)
      on conflict (workspace_id, id) do update set company_id = excluded.company_id, name = excluded.name, stage = excluded.stage, amount = excluded.amount, currency = excluded.currency, owner_id = excluded.owner_id,
        close_date = excluded.close_date, next_meeting = excluded.next_meeting, form = excluded.form, won_at = excluded.won_at, lost_at = excluded.lost_at, lost_reason = excluded.lost_reason,
        stage_at = excluded.stage_at, updated_at = excluded.updated_at`);
    db.post(sql`
      insert into search_entry as s (workspace_id, type, id, title, detail, text)
      select ${workspace}, 'opportunity', id, title, detail, text
      from unnest(${opportunities.map(({ opportunity }) => opportunity.id)}::uuid[], ${opportunities.map(({ opportunity }) => opportunity.name)}::text[], ${opportunities.map(({ opportunity }) => opportunity.stage)}::text[], ${opportunities.map(({ opportunity }) => searchText(opportunity.name))}::text[]) r (id, title, detail, text)
      on conflict (workspace_id, type, id) do update set title = excluded.title, detail = excluded.detail, text = excluded.text`);
  }
  if (contacts.length === 0) return;
  const rows = contacts.map(({ leadId, contact: c }) => ({
    id: c.id,
    lead_id: leadId,
    company_id: c.companyId,
    opportunity_id: c.opportunityId,
    role: c.role,
    created_at: isoCell(c.createdAt),
  }));
  db.post(sql`
    insert into contact as c (workspace_id, id, lead_id, company_id, opportunity_id, role, created_at)
    select ${workspace}, id, lead_id, company_id, opportunity_id, role, created_at
    from json_to_recordset(${JSON.stringify(rows)}::json) r (id uuid, lead_id uuid, company_id uuid, opportunity_id uuid, role text, created_at timestamptz)
    on conflict (workspace_id, id) do update set role = excluded.role`);
}
