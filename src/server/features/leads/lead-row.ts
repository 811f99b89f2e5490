/**
 * A lead of a list, as the JSON text of its answer: put together from the texts PostgreSQL sends, because a page is fifty rows of
 * some thirty columns, and to parse each only to write it again took most of what a page costs. A test holds it to `leadView`.
 */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { Bant } from "../../../core/flow/state.ts";
import { ownerOf } from "./lead-view.ts";

/** What a list reads of a lead, each column as text. Times are in UTC and without a zone. */
export type LeadListRow = {
  readonly id: string;
  readonly version: string;
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
  readonly score: string;
  readonly fit: string;
  readonly engagement: string;
  readonly bant: string;
  readonly quality: string;
  readonly freshness: string;
  readonly owner_id: string | null;
  readonly team: string | null;
  /** A JSON array; null when there are none. */
  readonly tags: string | null;
  readonly fields: string;
  /** Null when there are none. */
  readonly bant_answers: string | null;
  readonly captured_at: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Id, moment, kind and title of the earliest open task, parted by bars; only the title may hold one itself. */
  readonly next_step: string | null;
};

export function leadRowText(row: LeadListRow, config: CompiledConfig): string {
  return `{"id":"${row.id}","version":${row.version},"email":${textOf(row.email)},"phone":${textOf(row.phone)},"externalId":${textOf(row.external_id)},"firstName":${textOf(row.first_name)},"lastName":${textOf(row.last_name)},"company":${companyOf(row)},"jobTitle":${textOf(row.job_title)},"country":${textOf(row.country)},"city":${textOf(row.city)},"website":${textOf(row.website)},"source":${textOf(row.source)},"campaign":${textOf(row.campaign)},"stage":${textOf(row.stage)},"status":${textOf(row.status)},"heat":${textOf(row.heat)},"score":${pointsOf(row.score)},"scores":{"fit":${pointsOf(row.fit)},"engagement":${pointsOf(row.engagement)},"bant":${pointsOf(row.bant)},"quality":${pointsOf(row.quality)},"freshness":${pointsOf(row.freshness)}},"owner":${ownerText(config, row.owner_id)},"team":${textOf(row.team)},"tags":${row.tags ?? "[]"},"fields":${row.fields},"bant":${bantOf(row.bant_answers)},"capturedAt":"${isoOfUtc(row.captured_at)}","createdAt":"${isoOfUtc(row.created_at)}","updatedAt":"${isoOfUtc(row.updated_at)}","deletedAt":null,"nextStep":${stepOf(row.next_step)}}`;
}

/** Text that stands in JSON as it is, as most does: no quote, no backslash, no control character, nothing made of two units. */
const AS_IT_IS = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function textOf(text: string | null): string {
  return text === null ? "null" : AS_IT_IS.test(text) ? `"${text}"` : JSON.stringify(text);
}

function companyOf({ company, company_id }: LeadListRow): string {
  return company === null ? "null" : `{"id":${company_id === null ? "null" : `"${company_id}"`},"name":${textOf(company)}}`;
}

/** From hundredths. */
function pointsOf(text: string): string {
  return text === "0" ? "0" : String(Number(text) / 100);
}

const NO_BANT = '{"budget":null,"authority":null,"need":null,"timeline":null}';

function bantOf(text: string | null): string {
  if (text === null) return NO_BANT;
  const { budget = null, authority = null, need = null, timeline = null } = JSON.parse(text) as Partial<Bant>;
  return JSON.stringify({ budget, authority, need, timeline });
}

function stepOf(step: string | null): string {
  if (step === null) return "null";
  const afterDue = step.indexOf("|", ID_LENGTH + 1);
  const afterKind = step.indexOf("|", afterDue + 1);
  return `{"id":"${step.slice(0, ID_LENGTH)}","kind":${textOf(step.slice(afterDue + 1, afterKind))},"title":${textOf(step.slice(afterKind + 1))},"dueAt":"${isoOfUtc(step.slice(ID_LENGTH + 1, afterDue))}"}`;
}

const ID_LENGTH = 36;

const owners = new WeakMap<CompiledConfig, Map<string, string>>();

function ownerText(config: CompiledConfig, id: string | null): string {
  if (id === null) return "null";
  let known = owners.get(config);
  if (known === undefined) owners.set(config, (known = new Map<string, string>()));
  let text = known.get(id);
  if (text === undefined) known.set(id, (text = JSON.stringify(ownerOf(config, id))));
  return text;
}

/** "2026-11-22 10:00:00.5" as "2026-11-22T10:00:00.500Z". Years outside 0001 to 9999 never reach a lead. */
function isoOfUtc(text: string): string {
  const millis = text.length === 23 ? text.slice(20) : text.length > 19 ? text.slice(20, 23).padEnd(3, "0") : "000";
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${millis}Z`;
}
