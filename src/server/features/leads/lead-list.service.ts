/** Use case: a page of the leads that a filter means, in an order, and how many there are. */
import { createHash } from "node:crypto";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { FilterField } from "../../../core/filter/filter.ts";
import { formatSort, parseSort, type Sort } from "../../../core/filter/sort.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Db } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import { invalid, Problem } from "../../problems.ts";
import { sightOf } from "../access/access.service.ts";
import { kindOfCustomField, type LeadFilter, leadFilter } from "./lead-filter.service.ts";
import { estimateLeads, findByPlace, findBySample } from "./lead-jump.queries.ts";
import { countLeads, type Key, type LeadPage, listLeadRows, type Order, orderOf, type Position, type SortColumn } from "./lead-list.queries.ts";
import { leadRowText } from "./lead-row.ts";
import type { LeadListJson } from "./lead-view.ts";

export type LeadListRequest = {
  /** A filter as it came; checked here. */
  readonly filter?: unknown;
  /** `-score,createdAt`; the newest first when not given. */
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** Instead of a cursor: the part of the list that lies before the page, from 0 to 1. */
  readonly around?: number | undefined;
  readonly total?: boolean | undefined;
};

export type LeadList = {
  readonly items: readonly LeadListJson[];
  readonly nextCursor: string | null;
  readonly previousCursor: string | null;
  /** Only when asked for. Exact up to 10,000; null when there are more. */
  readonly total?: number | null;
  readonly estimate?: number | null;
  readonly position?: { readonly from: number; readonly exact: boolean };
};

export const MOST_COUNTED = 10_000;
export const DEFAULT_SORT = "-capturedAt";

type ListDeps = Pick<Deps, "db" | "configs" | "viewer" | "now">;

/** The JSON text of a `LeadList`. @throws Problem 422 when filter, sort, limit or cursor are not as they should be */
export async function listLeads(deps: ListDeps, request: LeadListRequest): Promise<string> {
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

type Listed = { readonly answer: string; readonly config: number | null };

/** The list as a configuration understands the request, and the number live meanwhile. Saves asking for the configuration first. */
async function listUnder(deps: ListDeps, request: LeadListRequest, config: CompiledConfig): Promise<Listed> {
  const { db } = deps;
  const customField = (key: string): FilterField | null => kindOfCustomField(config, key);
  const limit = limitOf(request.limit);
  const sort = sortOf(request.sort ?? DEFAULT_SORT, customField);
  const filter = leadFilter(deps, config, request.filter, await sightOf(deps));
  const order = orderOf(sort, customField);
  if (request.around !== undefined && request.cursor !== undefined) throw refused("around", "does not go with a cursor: it says itself where the page begins");
  const counted = request.total === true ? countAbout(db, filter) : undefined;
  const begin = request.around === undefined ? cursorBegin(request.cursor, sort, order.columns) : await jumpBegin(db, filter, order, request.around);
  const { from, backward } = begin;
  const [page, count] = await Promise.all([listLeadRows(db, { ...filter, order, from, backward, limit, prepare: !filter.skewed }), counted]);
  const beside: Omit<LeadList, "items"> = { ...cursorsOf(page, begin, sort), ...count, ...(begin.position === undefined ? {} : { position: begin.position }) };
  const items = page.rows.map((row) => leadRowText(row, config)).join(",");
  return { answer: `{"items":[${items}],${JSON.stringify(beside).slice(1)}`, config: page.config };
}

async function countAbout(db: Db, { where }: LeadFilter): Promise<Pick<LeadList, "total" | "estimate">> {
  const total = await countLeads(db, where, MOST_COUNTED);
  return { total, estimate: total === null ? Math.max(MOST_COUNTED + 1, await estimateLeads(db, where)) : null };
}

/** How many leads a filter means to the viewer, up to so many: null when there are more, undefined when it cannot be read. */
export async function countMeant(deps: ListDeps, filter: unknown, most: number): Promise<number | null | undefined> {
  const [config, sight] = await Promise.all([deps.configs.get(deps.db), sightOf(deps)]);
  if (readableBy(deps, config, filter, null) !== null) return undefined;
  return countLeads(deps.db, leadFilter(deps, config, filter, sight).where, most);
}

/** What is wrong with a filter or a sort under a configuration, or null. */
export function readableBy(deps: Pick<Deps, "now" | "viewer">, config: CompiledConfig, filter: unknown, sort: string | null): Problem | null {
  try {
    leadFilter(deps, config, filter, null);
    if (sort !== null) sortOf(sort, (key) => kindOfCustomField(config, key));
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Where a page begins: behind a position, or before it when it is read backward. */
type Begin = { readonly from: Position | null; readonly backward: boolean; readonly position?: LeadList["position"] };

async function jumpBegin(db: Db, { where }: LeadFilter, order: Order, part: number): Promise<Begin> {
  if (part === 0) return { from: null, backward: false, position: { from: 0, exact: true } };
  if (part === 1) return { from: null, backward: true, position: { from: 1, exact: true } };
  const total = await countLeads(db, where, MOST_COUNTED);
  if (total !== null) {
    const place = Math.floor(part * total);
    return { from: await findByPlace(db, where, order, place), backward: false, position: { from: total === 0 ? 0 : place / total, exact: true } };
  }
  const from = await findBySample(db, where, order, part, await estimateLeads(db, where));
  return { from, backward: false, position: { from: from === null ? 0 : part, exact: false } };
}

/** There is a page before one that was reached from somewhere, and a page behind one that was read backward from somewhere. */
function cursorsOf({ ends, more, resume, unsure }: LeadPage, { from, backward }: Begin, sort: Sort): Pick<LeadList, "nextCursor" | "previousCursor"> {
  const [first, last] = backward ? [resume ?? ends?.first ?? null, ends?.last ?? from] : [ends?.first ?? from, resume ?? ends?.last ?? null];
  const onward = backward ? from !== null || unsure : more || resume !== null;
  const back = backward ? more || resume !== null : from !== null;
  return {
    nextCursor: last !== null && onward ? cursorOf(last, sort, false) : null,
    previousCursor: first !== null && back ? cursorOf(first, sort, true) : null,
  };
}

export function limitOf(limit: number | undefined): number {
  if (limit === undefined) return 50;
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
  throw refused("limit", `must be a whole number from 1 to 200, not ${limit}`);
}

export function sortOf(text: string, customField: (key: string) => FilterField | null): Sort {
  const sort = parseSort(text, customField);
  if (typeof sort === "string") throw refused("sort", sort);
  return sort;
}

function refused(path: string, message: string): Problem {
  return invalid(`${path} ${message}.`, [{ path, message }]);
}

/** A cursor is base64url of [check, keys, id, direction]. The check covers the sort, so a cursor fits only the order it was made for, and says when one was altered on its way; it keeps no secret. */
function cursorOf({ keys, id }: Position, sort: Sort, backward: boolean): string {
  return Buffer.from(JSON.stringify([checkOf(keys, id, sort, backward), keys, id, ...(backward ? ["back"] : [])])).toString("base64url");
}

function checkOf(keys: readonly unknown[], id: string, sort: Sort, backward: boolean): string {
  return createHash("sha256")
    .update(JSON.stringify([formatSort(sort), keys, id, ...(backward ? ["back"] : [])]))
    .digest("base64url")
    .slice(0, 8);
}

function cursorBegin(cursor: string | undefined, sort: Sort, columns: readonly SortColumn[]): Begin {
  if (cursor === undefined) return { from: null, backward: false };
  const [check, keys, id, direction] = partsOf(cursor);
  const backward = direction === "back";
  const fits = Array.isArray(keys) && keys.length === columns.length && keys.every((key, i) => keyFits(key, columns[i] as SortColumn));
  if (!fits || typeof id !== "string" || !isUuid(id) || check !== checkOf(keys, id, sort, backward)) {
    throw refused("cursor", "is not one this list gave out for this sort; start again without a cursor");
  }
  return { from: { keys: keys as readonly Key[], id }, backward };
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

function keyFits(key: unknown, { kind, presence }: SortColumn): boolean {
  if (key === null) return presence !== null;
  if (kind === "number") return typeof key === "number" && Number.isFinite(key);
  if (typeof key !== "string" || key.includes("\0")) return false;
  return kind === "text" || (TIME.test(key) && !Number.isNaN(Date.parse(`${key}Z`)));
}
