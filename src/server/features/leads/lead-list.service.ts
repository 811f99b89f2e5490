/** Use case: a page of the leads that a filter means, in an order, and how many there are. */
import { createHash } from "node:crypto";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { FieldType } from "../../../core/config/config.ts";
import { type Filter, type FilterField, filterProblems } from "../../../core/filter/filter.ts";
import { formatSort, parseSort, type Sort } from "../../../core/filter/sort.ts";
import { isUuid } from "../../../core/ids.ts";
import { compileFilterSql, parameters } from "../../db/filter-sql.ts";
import type { Deps } from "../../deps.ts";
import { invalid, type Problem } from "../../problems.ts";
import { countLeads, type Key, listLeadRows, type Position, type SortColumn, sortColumns } from "./lead-list.queries.ts";
import { type LeadJson, leadRowView } from "./lead-view.ts";

export type LeadListRequest = {
  /** A filter as it came; checked here. */
  readonly filter?: unknown;
  /** `-score,createdAt`; the newest first when not given. */
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly total?: boolean | undefined;
};

export type LeadList = {
  readonly items: readonly LeadJson[];
  readonly nextCursor: string | null;
  /** Only when asked for. Exact up to 10,000; null when there are more. */
  readonly total?: number | null;
};

const MOST_COUNTED = 10_000;
const DEFAULT_SORT = "-capturedAt";

/** @throws Problem 422 when filter, sort, limit or cursor are not as they should be */
export async function listLeads(deps: Pick<Deps, "db" | "configs" | "now">, request: LeadListRequest): Promise<LeadList> {
  const { db, configs } = deps;
  const assumed = await configs.recent(db);
  const listed = await listUnder(deps, request, assumed).catch(async (error: unknown): Promise<null> => {
    if ((await configs.get(db)).number === assumed.number) throw error;
    return null;
  });
  const live = listed === null ? null : (listed.config ?? (await configs.get(db)).number);
  if (listed !== null && live === assumed.number) return listed.answer;
  return (await listUnder(deps, request, await configs.get(db))).answer;
}

type Listed = { readonly answer: LeadList; readonly config: number | null };

/** The list as a configuration understands the request, and the number live meanwhile. Saves asking for the configuration first. */
async function listUnder(deps: Pick<Deps, "db" | "now">, request: LeadListRequest, config: CompiledConfig): Promise<Listed> {
  const { db } = deps;
  const customField = (key: string): FilterField | null => kindOfCustomField(config, key);
  const limit = limitOf(request.limit);
  const sort = sortOf(request.sort ?? DEFAULT_SORT, customField);
  const params = parameters();
  const filter = request.filter === undefined ? null : filterOf(request.filter, customField);
  const compiled = filter === null ? null : compileFilterSql(filter, { stages: config.stages.keys(), now: deps.now() }, params);
  const where = compiled?.text ?? null;
  const counted = request.total === true ? countLeads(db, where, [...params.values], MOST_COUNTED) : undefined;
  const columns = sortColumns(sort, customField, params);
  const after = request.cursor === undefined ? null : positionOf(request.cursor, sort, columns);
  const [page, total] = await Promise.all([listLeadRows(db, { where, columns, params, after, limit, prepare: compiled?.skewed !== true }), counted]);
  const items = page.rows.map((row) => leadRowView(row, config));
  return { answer: { items, nextCursor: page.end === null ? null : cursorOf(page.end, sort), ...(total === undefined ? {} : { total }) }, config: page.config };
}

const KINDS: { readonly [K in FieldType]: FilterField } = { text: "text", select: "text", date: "text", number: "number", boolean: "boolean" };

/** How filters and sorts see a field the workspace made. Dates compare as the text they are written as. */
export function kindOfCustomField(config: CompiledConfig, key: string): FilterField | null {
  const field = config.fields.get(key);
  return field === undefined ? null : KINDS[field.type];
}

function limitOf(limit: number | undefined): number {
  if (limit === undefined) return 50;
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
  throw refused("limit", `must be a whole number from 1 to 200, not ${limit}`);
}

function sortOf(text: string, customField: (key: string) => FilterField | null): Sort {
  const sort = parseSort(text, customField);
  if (typeof sort === "string") throw refused("sort", sort);
  return sort;
}

function filterOf(filter: unknown, customField: (key: string) => FilterField | null): Filter {
  const problems = filterProblems(filter, customField);
  if (problems.length > 0) throw invalid("The filter cannot be read.", problems);
  return filter as Filter;
}

function refused(path: string, message: string): Problem {
  return invalid(`${path} ${message}.`, [{ path, message }]);
}

/** A cursor is base64url of [check, keys, id]. The check covers the sort, so a cursor fits only the order it was made for, and says when one was altered on its way; it keeps no secret. */
function cursorOf({ keys, id }: Position, sort: Sort): string {
  return Buffer.from(JSON.stringify([checkOf(keys, id, sort), keys, id])).toString("base64url");
}

function checkOf(keys: readonly unknown[], id: string, sort: Sort): string {
  return createHash("sha256")
    .update(JSON.stringify([formatSort(sort), keys, id]))
    .digest("base64url")
    .slice(0, 8);
}

function positionOf(cursor: string, sort: Sort, columns: readonly SortColumn[]): Position {
  const [check, keys, id] = partsOf(cursor);
  const fits = Array.isArray(keys) && keys.length === columns.length && keys.every((key, i) => keyFits(key, columns[i] as SortColumn));
  if (!fits || typeof id !== "string" || !isUuid(id) || check !== checkOf(keys, id, sort)) {
    throw refused("cursor", "is not one this list gave out for this sort; start again without a cursor");
  }
  return { keys: keys as readonly Key[], id };
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/;

function keyFits(key: unknown, { kind, nullable }: SortColumn): boolean {
  if (key === null) return nullable;
  if (kind === "number") return typeof key === "number" && Number.isFinite(key);
  if (typeof key !== "string" || key.includes("\0")) return false;
  return kind === "text" || (TIME.test(key) && !Number.isNaN(Date.parse(`${key}Z`)));
}
