/** Opportunities: reading them, and moving one, which may win or lose its lead. */
import type { UserRef } from "../../../core/config/config.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound } from "../../problems.ts";
import { type Idempotency, idOf, named, type Write, write } from "../leads/write.service.ts";
import { findOpportunity, listOpportunities as listRows, type OpportunityListRow } from "./opportunities.queries.ts";

export type OpportunityPage = { readonly items: readonly OpportunityView[]; readonly nextCursor: string | null };
export type OpportunityView = ReturnType<typeof viewOf>;

export async function listOpportunities(
  deps: Deps,
  request: { readonly lead?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
): Promise<OpportunityPage> {
  const before = request.cursor === undefined ? null : positionOf(request.cursor);
  const lead = request.lead === undefined ? null : request.lead.toLowerCase();
  if (lead !== null && !isUuid(lead)) return { items: [], nextCursor: null };
  const [rows, { config }] = await Promise.all([listRows(deps.db, { lead, before, limit: request.limit + 1 }), deps.configs.get(deps.db)]);
  const page = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? page.at(-1) : undefined;
  return { items: page.map((row) => viewOf(row, config.users)), nextCursor: last === undefined ? null : Buffer.from(last.id).toString("base64url") };
}

export async function getOpportunity(deps: Deps, text: string): Promise<OpportunityView> {
  const id = idOf("opportunity", text);
  const [row, { config }] = await Promise.all([findOpportunity(deps.db, id), deps.configs.get(deps.db)]);
  if (row === null) throw notFound("opportunity", text);
  return viewOf(row, config.users);
}

export async function moveOpportunity(
  deps: Deps,
  id: string,
  { stage, reason }: { readonly stage: string; readonly reason?: string | undefined },
  idempotency: Idempotency,
): Promise<Write> {
  const target = named("opportunity", id);
  const given = reason?.trim();
  return write(deps, { kind: "opportunityStage", opportunityId: id.toLowerCase(), stage, reason: given === "" ? undefined : given }, target, idempotency);
}

function positionOf(cursor: string): string {
  const id = Buffer.from(cursor, "base64url").toString();
  if (!isUuid(id))
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  return id;
}

function viewOf(row: OpportunityListRow, users: readonly UserRef[]) {
  const {
    id,
    lead_id,
    company_id,
    company,
    name,
    stage,
    amount,
    currency,
    owner_id,
    close_date,
    next_meeting,
    form,
    won_at,
    lost_at,
    lost_reason,
    stage_at,
    created_at,
    updated_at,
  } = row;
  return {
    id,
    lead: lead_id,
    company: company_id === null ? null : { id: company_id, name: company ?? "" },
    name,
    stage,
    value: amount === null || currency === null ? null : { amount, currency },
    owner: owner_id === null ? null : { id: owner_id, name: users.find((user) => user.id === owner_id)?.name ?? owner_id },
    closeDate: close_date,
    nextMeeting: next_meeting?.toISOString() ?? null,
    form,
    wonAt: won_at?.toISOString() ?? null,
    lostAt: lost_at?.toISOString() ?? null,
    lostReason: lost_reason,
    stageAt: stage_at.toISOString(),
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  };
}
