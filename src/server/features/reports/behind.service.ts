/** What is behind a number of a report: exactly what was counted, one by one. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import { isUuid } from "../../../core/ids.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import { invalid } from "../../problems.ts";
import { type BehindRow, type Counted, countBehind, listBehind, type Place, type RowSql } from "./behind.queries.ts";
import { keyExpression, meant, type FunnelRequest, refused, type ReportDeps } from "./report.service.ts";

export type BehindRequest = FunnelRequest & {
  readonly of: "reached" | "stays" | "way" | "won";
  readonly stage?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** The row of `by`; `none`: the one of leads without a value. */
  readonly value?: string | undefined;
  readonly none?: "true" | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** @throws Problem 422 when the number is none of a report */
export async function listReportLeads(deps: ReportDeps, request: BehindRequest) {
  const config = await deps.configs.get(deps.db);
  const what = countedOf(config, request);
  const row = rowOf(config, request);
  const after = request.cursor === undefined ? null : placeOf(request.cursor);
  const of = await meant(deps, config, request);
  const [rows, count] = await Promise.all([
    listBehind(deps.db, what, of, row, { after, limit: request.limit + 1 }),
    after === null ? countBehind(deps.db, what, of, row) : null,
  ]);
  const page = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? page.at(-1) : undefined;
  return { count, items: page.map((one) => viewOf(one, config)), nextCursor: last === undefined ? null : cursorOf(last) };
}

function countedOf(config: CompiledConfig, { of, stage, start, end }: BehindRequest): Counted {
  if (of === "won") return { kind: "won" };
  if (of === "way") return { kind: "way", start: given("start", start), end: given("end", end) };
  const named = given("stage", stage);
  if (of === "stays") return { kind: "stays", stage: named };
  const line = [...config.order.keys()];
  const at = line.indexOf(named);
  if (at === -1) throw refused("stage", `"${named}" is no stage of the main line`);
  return { kind: "reached", stages: line.slice(at) };
}

function given(path: string, value: string | undefined): string {
  if (value === undefined || value === "" || value.includes("\0")) throw refused(path, "name the stage that was counted");
  return value;
}

function rowOf(config: CompiledConfig, { by, value, none }: BehindRequest): RowSql {
  if (by === undefined) return () => null;
  if (none === undefined && value === undefined) return () => null;
  if (value?.includes("\0") === true) throw refused("value", "there is no such row");
  return (params) => {
    const key = keyExpression(by, config, params);
    return none === "true" ? `${key} is null` : `${key} = ${params.bind(value, "text")}`;
  };
}

function cursorOf({ order, lead_id, line }: BehindRow): string {
  return Buffer.from(JSON.stringify([order, lead_id, line])).toString("base64url");
}

function placeOf(cursor: string): Place {
  try {
    const [order, leadId, line] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as readonly unknown[];
    if (typeof order === "number" && typeof leadId === "string" && isUuid(leadId) && typeof line === "string" && !line.includes("\0"))
      return { order, leadId, line };
  } catch {
    // Answered below, as any other text that is no cursor.
  }
  throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
}

function viewOf(row: BehindRow, config: CompiledConfig) {
  const { deal } = row;
  return {
    id: `${row.lead_id}${row.line === "" ? "" : `.${row.line}`}`,
    lead: {
      id: row.lead_id,
      name: leadName(row),
      jobTitle: row.job_title,
      company: row.company,
      stage: row.stage,
      heat: row.heat,
      score: row.score / 100,
      owner: userRef(config, row.owner_id),
      source: row.source,
    },
    at: row.at.toISOString(),
    days: row.days,
    opportunity:
      deal === null
        ? null
        : { id: deal.id, name: deal.name, value: deal.amount === null || deal.currency === null ? null : { amount: deal.amount, currency: deal.currency } },
  };
}
