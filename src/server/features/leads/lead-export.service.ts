/**
 * Use case: leads as a CSV file that is written while it is read. A page is asked for when the one before has been taken, so a
 * million leads are never in memory, a slow reader slows the reading, and nobody's reading ends it.
 */
import { Readable } from "node:stream";
import { reachWithin } from "../../../core/access/access.ts";
import { isUuid } from "../../../core/ids.ts";
import { csvLine } from "../../../core/import/csv.ts";
import { sightSql } from "../../db/sight-sql.ts";
import type { Deps } from "../../deps.ts";
import { sightOf } from "../access/access.service.ts";
import { audit } from "../audit/audit.service.ts";
import { getWorkspace } from "../workspaces/settings.service.ts";
import { cellReader, exportColumns } from "./lead-export-columns.service.ts";
import { namedSql } from "./lead-export.queries.ts";
import { kindOfCustomField, leadFilter } from "./lead-filter.service.ts";
import { listLeadRows, orderOf, type PageRequest, type Position } from "./lead-list.queries.ts";
import { DEFAULT_SORT, sortOf } from "./lead-list.service.ts";
import type { LeadListRow } from "./lead-row.ts";

export type ExportRequest = {
  /** A filter as it came; checked here. */
  readonly filter?: unknown;
  /** Only these leads. */
  readonly ids?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
  readonly sort?: string | undefined;
  /** Keys of columns; all when not given. */
  readonly columns?: readonly string[] | undefined;
};

export type LeadExport = {
  readonly name: string;
  readonly content: Readable;
  /** How many leads have been written so far. */
  readonly rows: () => number;
};

const PAGE = 500;

/** @throws Problem 422 when filter, sort or columns are not as they should be: before anything is sent or noted */
export async function exportLeads(deps: Deps, request: ExportRequest): Promise<LeadExport> {
  const [config, workspace] = await Promise.all([deps.configs.get(deps.db), getWorkspace(deps)]);
  const customField = (key: string) => kindOfCustomField(config, key);
  const sort = request.sort ?? DEFAULT_SORT;
  const columns = exportColumns(config, workspace.timezone, request.columns ?? null);
  const pages = { order: orderOf(sortOf(sort, customField), customField), ...(await conditionOf(deps, config, request)) };
  const { ids, except, filter = null } = request;
  const what = {
    ...(ids === undefined ? { filter } : { selected: ids.length }),
    ...(except === undefined || except.length === 0 ? {} : { except: except.length }),
    sort,
    columns: columns.map(({ key }) => key),
  };
  const about = { type: "export", id: deps.newId() };
  await audit(deps, { action: "export.started", about, detail: what });
  let rows = 0;
  const write = cellReader(columns);
  const lineOf = (row: LeadListRow): string => {
    rows++;
    return csvLine(write(row));
  };
  const ended = (how: Ending): Promise<void> => audit(deps, { action: "export.ended", about, detail: { ...what, rows, ended: how } });
  const name = `leads ${new Date(deps.now()).toISOString().slice(0, 10)}.csv`;
  // One piece ahead of the reader, not sixteen.
  const content = Readable.from(linesOf(deps, pages, `\uFEFF${csvLine(columns.map(({ header }) => header))}`, lineOf, ended), { highWaterMark: 1 });
  return { name, content, rows: () => rows };
}

type Condition = Pick<PageRequest, "where" | "prepare">;

/** Of the leads the viewer sees those that are meant, as far as he may export. */
async function conditionOf(deps: Deps, config: Parameters<typeof leadFilter>[1], { filter, ids, except }: ExportRequest): Promise<Condition> {
  const { viewer } = deps;
  const reach = reachWithin(viewer, "leads.export");
  const reached = reach === "none" || reach === viewer.sees ? null : await sightOf({ ...deps, viewer: { ...viewer, sees: reach } });
  const meant = leadFilter(deps, config, filter, await sightOf(deps));
  return {
    where: (params) => {
      const parts = [
        meant.where(params),
        sightSql(reached, params),
        ids === undefined ? null : namedSql(ids.filter(isUuid), "only", params),
        except === undefined || except.length === 0 ? null : namedSql(except.filter(isUuid), "except", params),
      ].filter((part) => part !== null);
      return parts.length === 0 ? null : parts.map((part) => `(${part})`).join(" and ");
    },
    prepare: !meant.skewed && ids === undefined && except === undefined,
  };
}

type Ending = "complete" | "brokenOff";
type Pages = Condition & Pick<PageRequest, "order">;

async function* linesOf(
  { db, log }: Pick<Deps, "db" | "log">,
  pages: Pages,
  header: string,
  lineOf: (row: LeadListRow) => string,
  ended: (how: Ending) => Promise<void>,
): AsyncGenerator<string> {
  let how: Ending = "brokenOff";
  try {
    let piece = header;
    let from: Position | null = null;
    for (;;) {
      const page = await listLeadRows(db, { ...pages, from, backward: false, limit: PAGE });
      const text = piece + page.rows.map(lineOf).join("");
      if (text !== "") yield text;
      piece = "";
      from = page.resume ?? (page.more ? (page.ends?.last ?? null) : null);
      if (from === null) break;
    }
    how = "complete";
  } finally {
    await ended(how).catch((error: unknown) => log.error({ err: error }, "the end of an export could not be noted in the audit"));
  }
}
