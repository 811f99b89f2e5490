/** Opportunities: reading them as a list, a board or by themselves; editing one, and moving one, which may win or lose its lead. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import type { Money } from "../../../core/flow/state.ts";
import { isUuid } from "../../../core/ids.ts";
import { opportunityVersion } from "../../../core/opportunity/links.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import { DAY_MS, dayOfDate } from "../../../core/time.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound } from "../../problems.ts";
import { mustBeInSight, sightOf } from "../access/access.service.ts";
import { type Idempotency, idOf, named, type Write, write } from "../leads/write.service.ts";
import {
  type ColumnSum,
  findOpportunity,
  listOpportunities as listRows,
  type Narrowing,
  type OpportunityListRow,
  type OpportunityOrder,
  type Place,
  STALLED_DAYS,
  sumByStage,
} from "./opportunities.queries.ts";

export type OpportunityPage = { readonly items: readonly OpportunityView[]; readonly nextCursor: string | null };
export type OpportunityView = ReturnType<typeof viewOf>;

export type Narrowed = {
  readonly lead?: string | undefined;
  readonly company?: string | undefined;
  /** A user's id, or `me`. */
  readonly owner?: string | undefined;
  readonly stage?: string | undefined;
  readonly state?: "open" | "won" | "lost" | "any" | undefined;
  readonly q?: string | undefined;
  readonly stalled?: boolean | undefined;
  /** The id of a team. */
  readonly team?: string | undefined;
  /** Days "YYYY-MM-DD", both included. */
  readonly closeFrom?: string | undefined;
  readonly closeTo?: string | undefined;
};

export async function listOpportunities(
  deps: Deps,
  request: Narrowed & { readonly sort?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
): Promise<OpportunityPage> {
  const order = orderOf(request.sort ?? "-createdAt");
  const after = request.cursor === undefined ? null : placeOf(request.cursor, order);
  const where = await narrowing(deps, request);
  if (where === null) return { items: [], nextCursor: null };
  const [rows, config] = await Promise.all([listRows(deps.db, { where, order, after, limit: request.limit + 1 }), deps.configs.get(deps.db)]);
  return pageOf(rows, request.limit, order, config, deps.now());
}

function pageOf(rows: readonly OpportunityListRow[], limit: number, order: OpportunityOrder, config: CompiledConfig, now: number): OpportunityPage {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map((row) => viewOf(row, config, now)), nextCursor: last === undefined ? null : cursorOf(last, order) };
}

/** How long won and lost ones stay on the board. */
const CLOSED_DAYS = 90;
const BOARD_ORDER: OpportunityOrder = { by: "stageAt", descending: false };
const CLOSED_ORDER: OpportunityOrder = { by: "stageAt", descending: true };

export async function readBoard(deps: Deps, request: Omit<Narrowed, "stage" | "state" | "lead"> & { readonly limit: number }) {
  const [where, config] = await Promise.all([narrowing(deps, request), deps.configs.get(deps.db)]);
  const stages = [...config.config.opportunityStages, "won", "lost"];
  if (where === null) return { columns: stages.map((stage) => columnOf(stage, [], { items: [], nextCursor: null })) };
  const now = deps.now();
  const recent = { ...where, closedSince: new Date(now - CLOSED_DAYS * DAY_MS) };
  const [sums, ...pages] = await Promise.all([
    sumByStage(deps.db, recent, new Date(now)),
    ...stages.map(async (stage) => {
      const order = isClosed(stage) ? CLOSED_ORDER : BOARD_ORDER;
      return pageOf(await listRows(deps.db, { where: { ...recent, stage }, order, after: null, limit: request.limit + 1 }), request.limit, order, config, now);
    }),
  ]);
  return {
    columns: stages.map((stage, i) =>
      columnOf(
        stage,
        sums.filter((sum) => sum.stage === stage),
        pages[i] as OpportunityPage,
      ),
    ),
  };
}

function columnOf(stage: string, sums: readonly ColumnSum[], page: OpportunityPage) {
  const total = (of: (sum: ColumnSum) => number): number => sums.reduce((all, sum) => all + of(sum), 0);
  return {
    stage,
    label: stage.charAt(0).toUpperCase() + stage.slice(1),
    open: !isClosed(stage),
    count: total(({ count }) => count),
    stalled: total(({ stalled }) => stalled),
    sums: sums.flatMap(({ currency, amount }): readonly Money[] => (currency === null ? [] : [{ amount, currency }])),
    ...page,
  };
}

function isClosed(stage: string): boolean {
  return stage === "won" || stage === "lost";
}

export async function getOpportunity(deps: Deps, text: string): Promise<OpportunityView> {
  const id = idOf("opportunity", text);
  const [row, config] = await Promise.all([findOpportunity(deps.db, id), deps.configs.get(deps.db)]);
  if (row === null) throw notFound("opportunity", text);
  await mustBeInSight(deps, row.lead_id, "opportunity", text);
  return viewOf(row, config, deps.now());
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

export type OpportunityEdit = {
  readonly name?: string | undefined;
  readonly value?: Money | null | undefined;
  readonly closeDate?: string | null | undefined;
  /** Milliseconds. */
  readonly nextMeeting?: number | null | undefined;
  readonly owner?: string | null | undefined;
};

export async function editOpportunity(
  deps: Deps,
  id: string,
  edit: OpportunityEdit,
  options: { readonly ifVersion: number | undefined; readonly idempotency: Idempotency },
) {
  const target = named("opportunity", id);
  const written = await write(
    deps,
    { kind: "editOpportunity", opportunityId: id.toLowerCase(), ifVersion: options.ifVersion, ...edit },
    target,
    options.idempotency,
  );
  if (written.outcome === "held") return written;
  return { outcome: "done", opportunity: await getOpportunity(deps, id), undo: written.undo } as const;
}

/** Null: an id that is none, so that nothing is meant. */
async function narrowing(deps: Deps, { lead, company, owner, stage, state, q, stalled, team, closeFrom, closeTo }: Narrowed): Promise<Narrowing | null> {
  const ids = [lead, company, owner === "me" ? (deps.viewer.userId ?? "nobody") : owner].map((id) => id?.toLowerCase());
  if (ids.some((id) => id !== undefined && !isUuid(id))) return null;
  const name = q?.trim();
  const config = team === undefined ? null : await deps.configs.get(deps.db);
  for (const [path, day] of Object.entries({ closeFrom, closeTo }))
    if (day !== undefined && dayOfDate(day) === null) throw invalid(`"${day}" is not a date; write it as YYYY-MM-DD.`, [{ path, message: "is not a date" }]);
  return {
    lead: ids[0] ?? null,
    company: ids[1] ?? null,
    owner: ids[2] ?? null,
    stage: stage ?? null,
    state: state === undefined || state === "any" ? null : state,
    closedSince: null,
    name: name === undefined || name === "" ? null : name,
    stalled: stalled === undefined ? null : { is: stalled, now: new Date(deps.now()) },
    owners: config === null ? null : (config.config.teams.find(({ id }) => id === team)?.members ?? []),
    closeFrom: closeFrom ?? null,
    closeTo: closeTo ?? null,
    sight: await sightOf(deps),
  };
}

function orderOf(sort: string): OpportunityOrder {
  return { by: sort.replace("-", "") as OpportunityOrder["by"], descending: sort.startsWith("-") };
}

function cursorOf({ key, id }: OpportunityListRow, { by, descending }: OpportunityOrder): string {
  return Buffer.from(JSON.stringify([`${descending ? "-" : ""}${by}`, key, id])).toString("base64url");
}

function placeOf(cursor: string, order: OpportunityOrder): Place {
  try {
    const [sort, key, id] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as readonly unknown[];
    const fits = sort === `${order.descending ? "-" : ""}${order.by}` && typeof id === "string" && isUuid(id);
    if (fits && (key === null || (typeof key === "string" && KEYS[order.by].test(key) && !key.includes("\0")))) return { key, id };
  } catch {
    // Answered below, as any other text that is no cursor.
  }
  throw invalid("The cursor is not one this list gave out for this sort; start again without it.", [
    { path: "cursor", message: "is not a cursor of this list" },
  ]);
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/;
const KEYS = { createdAt: TIME, stageAt: TIME, amount: /^-?\d{1,16}$/, closeDate: /^\d{4}-\d\d-\d\d$/, name: /^.*$/s } as const;

/** Open, without a meeting to come, and for long in its stage or behind its date. */
export function isStalled(row: Pick<OpportunityListRow, "won_at" | "lost_at" | "next_meeting" | "stage_at" | "close_date">, now: number): boolean {
  if (row.won_at !== null || row.lost_at !== null) return false;
  if (row.next_meeting !== null && row.next_meeting.getTime() > now) return false;
  return row.stage_at.getTime() < now - STALLED_DAYS * DAY_MS || (row.close_date !== null && row.close_date < new Date(now).toISOString().slice(0, 10));
}

function viewOf(row: OpportunityListRow, config: CompiledConfig, now: number) {
  const { amount, currency, person } = row;
  return {
    id: row.id,
    lead: row.lead_id,
    company: row.company_id === null ? null : { id: row.company_id, name: row.company ?? "" },
    name: row.name,
    stage: row.stage,
    value: amount === null || currency === null ? null : { amount, currency },
    owner: userRef(config, row.owner_id),
    closeDate: row.close_date,
    nextMeeting: row.next_meeting?.toISOString() ?? null,
    form: row.form,
    wonAt: row.won_at?.toISOString() ?? null,
    lostAt: row.lost_at?.toISOString() ?? null,
    lostReason: row.lost_reason,
    stageAt: row.stage_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    version: opportunityVersion(row.updated_at.getTime()),
    days: Math.max(0, now - row.stage_at.getTime()) / DAY_MS,
    stalled: isStalled(row, now),
    person: { id: person.id, name: leadName(person), heat: person.heat, score: person.score / 100 },
    nextStep: row.next_step === null ? null : nextStepOf(row.next_step),
  };
}

function nextStepOf([id, kind, title, due]: NonNullable<OpportunityListRow["next_step"]>) {
  return { id, kind, title, dueAt: new Date(due).toISOString() };
}
