/** A preview: the run itself on the first rows, in a transaction that is rolled back, told row by row, with what could be done about each kind of rejection. */
import { setTimeout as sleep } from "node:timers/promises";
import { compileConfig } from "../../../core/config/compile.ts";
import { STATUSES, type Config } from "../../../core/config/config.ts";
import { columnKey } from "../../../core/import/dialect.ts";
import { createRowReader } from "../../../core/import/row.ts";
import { createSurvey, type Findings, withFindings } from "../../../core/import/survey.ts";
import { nearest } from "../../../core/nearest.ts";
import type { Deps } from "../../deps.ts";
import type { Outcome } from "../../flow/item.ts";
import { Problem } from "../../problems.ts";
import type { RejectedRow } from "./error-file.ts";
import { type Chunks, chunksOf, rehearse, type RowFate } from "./import-rows.service.ts";
import { type FileRow, readRows } from "./import-file.ts";
import { type Given, columnNames, ownersOf } from "./imports.service.ts";
import { getWorkspaceTime, type ImportRow } from "./imports.queries.ts";
import { mapOf, type Settings } from "./settings.ts";

export type Fix =
  | { readonly kind: "mapValue"; readonly label: string; readonly target: string; readonly from: string; readonly to: string | null }
  | { readonly kind: "ignoreValue"; readonly label: string; readonly target: string; readonly from: string }
  | { readonly kind: "setDefault"; readonly label: string; readonly target: string; readonly value: string | null }
  | { readonly kind: "ignoreColumn"; readonly label: string; readonly index: number }
  | { readonly kind: "dateOrder"; readonly label: string; readonly dateOrder: "dayFirst" | "monthFirst" };

type Result = {
  readonly row: number;
  readonly line: number;
  readonly outcome: "created" | "updated" | "skipped" | "rejected";
  readonly column: number | null;
  readonly reason: string | null;
  readonly cells: readonly string[];
  readonly lead: { readonly id: string | null; readonly name: string } | null;
};

/** How far ahead a preview looks for what whole columns decide: as far as the run does, in files of usual size. */
const AHEAD = 200_000;
/** Previews under way in this process: each takes a connection of the flow. */
const AT_ONCE = 2;
let underWay = 0;

export async function previewImport(deps: Deps, row: ImportRow, wanted: number) {
  for (let i = 0; underWay >= AT_ONCE; i++) {
    if (i === 100) throw new Problem(503, "unavailable", "Other previews are under way. Ask again in a few seconds.", [], 5);
    await sleep(100);
  }
  underWay++;
  try {
    return await preview(deps, row, wanted);
  } finally {
    underWay--;
  }
}

async function preview(deps: Deps, row: ImportRow, wanted: number) {
  const began = performance.now();
  const live = await deps.configs.get(deps.db);
  const settings = row.settings as Settings;
  const looked = (row.map as Given).reading;
  const { map, placed, newFields } = mapOf(settings, looked.header, live.config);
  const reading = { ...looked, placed };
  const findings = await surveyAhead(row, { map, reading, newFields }, withFindings(live.config, { newFields, newOptions: {} }));
  const all = { ...findings, newFields: [...newFields, ...findings.newFields] };
  const config = compileConfig(withFindings(live.config, all), live.number);
  const { timezone } = await getWorkspaceTime(deps.db);
  const owners = await ownersOf(deps.db, config);
  const read = createRowReader({ importId: row.id, history: settings.history, map, placed, findings, config, timezone, owners });
  const chunks: Chunks = chunksOf(firstRows(readRows(row.file_path, reading), wanted), {
    read,
    newId: deps.newId,
    importId: row.id,
    columnOf: columnNames(reading),
    header: reading.header,
    done: [],
  });
  const fates: RowFate[] = [];
  const counts = await rehearse(
    deps,
    chunks,
    config,
    async () => {},
    () => {},
    (fate) => fates.push(fate),
  );
  const columnAt = new Map(reading.header.map((name, index) => [name, index] as const).toReversed());
  const results = fates.map((fate) => resultOf(fate, columnAt));
  return {
    counts,
    ms: Math.round(performance.now() - began),
    results,
    problems: problemsOf(results, settings, reading.header, config.config, [...owners.keys()]),
    newFields: all.newFields.map(({ key, label, type, options }) => ({ key, label, type, ...(options === undefined ? {} : { options: [...options] }) })),
    newOptions: findings.newOptions,
  };
}

async function surveyAhead(row: ImportRow, { map, reading }: Given, config: Config): Promise<Findings> {
  const learner = createSurvey(reading.placed, map, config);
  for await (const piece of firstRows(readRows(row.file_path, reading), AHEAD))
    for (const { cells, problem } of piece) {
      if (problem === null) learner.add(cells);
      else learner.skip();
    }
  return learner.finish().findings;
}

async function* firstRows(rows: AsyncGenerator<readonly FileRow[]>, most: number): AsyncGenerator<readonly FileRow[]> {
  let left = most;
  for await (const piece of rows) {
    yield piece.length > left ? piece.slice(0, left) : piece;
    left -= piece.length;
    if (left <= 0) return;
  }
}

function resultOf({ row, outcome, rejection }: RowFate, columnAt: ReadonlyMap<string, number>): Result {
  const cells = row.cells.slice(0, 200).map((cell) => shown(cell));
  const at = { row: row.row, line: row.line, cells };
  if (rejection !== null) return { ...at, outcome: "rejected", column: columnOf(rejection, columnAt), reason: rejection.reason, lead: null };
  if (outcome?.kind !== "done") return { ...at, outcome: "rejected", column: null, reason: "the row could not be read", lead: null };
  const word = outcome.outcome === "unchanged" ? "skipped" : outcome.outcome;
  return { ...at, outcome: word, column: null, reason: null, lead: leadOf(outcome) };
}

function shown(cell: string): string {
  return (cell.length > 200 ? `${cell.slice(0, 200)}…` : cell).toWellFormed().replaceAll("\0", "\u2400");
}

function columnOf({ column }: RejectedRow, columnAt: ReadonlyMap<string, number>): number | null {
  const nth = /^#(\d+)$/.exec(column);
  return columnAt.get(column) ?? (nth === null ? null : Number(nth[1]) - 1);
}

function leadOf({ outcome, lead }: Extract<Outcome, { readonly kind: "done" }>): Result["lead"] {
  const name = [lead.firstName, lead.lastName].filter((part) => part !== null).join(" ") || lead.email || lead.company || lead.phone || lead.externalId || "";
  return { id: outcome === "created" ? null : lead.id, name };
}

/** Rejections of one column for one kind of reason, the most frequent first. */
function problemsOf(results: readonly Result[], settings: Settings, header: readonly string[], config: Config, owners: readonly string[]) {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    if (result.outcome !== "rejected") continue;
    const key = `${result.column ?? ""} ${kindOf(result.reason ?? "")}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()]
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 50)
    .map((rejected) => {
      const [{ column, reason }] = rejected as [Result];
      const target = settings.columns.find(({ index }) => index === column)?.target ?? null;
      const counts = new Map<string, number>();
      if (column !== null) for (const { cells } of rejected) counts.set((cells[column] ?? "").trim(), (counts.get((cells[column] ?? "").trim()) ?? 0) + 1);
      const values = [...counts]
        .toSorted((a, b) => b[1] - a[1])
        .slice(0, 50)
        .map(([value, rows]) => ({ value, rows }));
      return {
        column,
        name: column === null ? "" : (header[column] ?? ""),
        target,
        reason: reason ?? "",
        rows: rejected.length,
        values,
        fixes: fixesOf({ column, target, reason: reason ?? "", values: values.map(({ value }) => value) }, config, owners),
      };
    });
}

/** The reason without the value it speaks of. */
function kindOf(reason: string): string {
  return reason.replaceAll(/"(?:[^"\\]|\\.)*"/g, "…").replaceAll(/\d+/g, "n");
}

type Trouble = { readonly column: number | null; readonly target: string | null; readonly reason: string; readonly values: readonly string[] };

function fixesOf({ column, target, reason, values }: Trouble, config: Config, owners: readonly string[]): readonly Fix[] {
  if (column === null || target === null) return [];
  const known = choicesOf(target, config, owners);
  const texts = values.filter((value) => value !== "").slice(0, 5);
  const fixes: Fix[] = texts.flatMap((from): readonly Fix[] => [
    ...(known === null ? [] : [mapValue(target, from, otherThan(from, nearest(from.toLowerCase(), known)))]),
    { kind: "ignoreValue", label: `Leave “${from.slice(0, 60)}” out`, target, from: columnKey(from) },
  ]);
  if (/\(the (day|month) comes first/.test(reason)) {
    const dateOrder = reason.includes("day comes first") ? "monthFirst" : "dayFirst";
    fixes.unshift({ kind: "dateOrder", label: dateOrder === "monthFirst" ? "Read dates with the month first" : "Read dates with the day first", dateOrder });
  }
  if (known !== null) fixes.push({ kind: "setDefault", label: "Choose what empty cells mean", target, value: null });
  fixes.push({ kind: "ignoreColumn", label: "Do not import this column", index: column });
  return fixes;
}

/** A value that is refused although it is one of the list's own needs another. */
function otherThan(from: string, to: string | null): string | null {
  return to !== null && columnKey(to) === columnKey(from) ? null : to;
}

function mapValue(target: string, from: string, to: string | null): Fix {
  return {
    kind: "mapValue",
    label: to === null ? `Choose what “${from.slice(0, 60)}” means` : `Read “${from.slice(0, 60)}” as “${to}”`,
    target,
    from: columnKey(from),
    to,
  };
}

/** What a target may be, where that is a list. */
function choicesOf(target: string, config: Config, owners: readonly string[]): readonly string[] | null {
  if (target === "stage") return config.stages.map(({ id }) => id);
  if (target === "status") return STATUSES;
  if (target === "owner" || target === "opportunity.owner") return owners.slice(0, 5000);
  if (target === "opportunity.stage") return [...config.opportunityStages, "won", "lost"];
  const field = config.fields.find(({ key }) => `fields.${key}` === target);
  return field?.type === "select" ? (field.options ?? []) : field?.type === "boolean" || target.startsWith("consent.") ? ["yes", "no"] : null;
}
