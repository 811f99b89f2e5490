/** The columns of an export: what each is called, and what stands in its cells. Names and texts are those an import reads back. */
import { wallClock } from "../../../core/calendar/wall-clock.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { Bant, FieldValue } from "../../../core/flow/state.ts";
import { neutralise } from "../../../core/import/csv.ts";
import { nearest } from "../../../core/nearest.ts";
import { invalid } from "../../problems.ts";
import { labelOf } from "./labels.service.ts";
import type { LeadListRow } from "./lead-row.ts";
import { ownerOf } from "./lead-view.ts";

export type ExportColumn = { readonly key: string; readonly header: string; readonly cell: (row: LeadListRow, read: Read) => string };

/** What stands in a row as JSON, parsed once for all columns. */
type Read = { readonly fields: Readonly<Record<string, FieldValue>>; readonly bant: Partial<Bant> };
type Cell = ExportColumn["cell"];

const text =
  (column: keyof LeadListRow): Cell =>
  (row) =>
    row[column] ?? "";

/** From hundredths. */
const points =
  (column: "score" | "fit" | "engagement" | "bant" | "quality" | "freshness"): Cell =>
  (row) =>
    String(Number(row[column]) / 100);

/** The name that lists show is two columns of a file. */
const meant = (key: string): readonly string[] => (key === "name" ? ["firstName", "lastName"] : [key]);

function cellsOf(config: CompiledConfig, zone: string): Readonly<Record<string, Cell>> {
  const clock = wallClock(zone);
  const moment = (utc: string): string => clock(Date.parse(`${utc.slice(0, 10)}T${utc.slice(11, 19)}Z`));
  const teams = new Map(config.config.teams.map(({ id, name }) => [id, name]));
  const bant =
    (part: keyof Bant): Cell =>
    (_, { bant: known }) =>
      known[part] ?? "";
  const builtIn: Readonly<Record<string, Cell>> = {
    id: text("id"),
    firstName: text("first_name"),
    lastName: text("last_name"),
    company: text("company"),
    jobTitle: text("job_title"),
    email: text("email"),
    phone: text("phone"),
    externalId: text("external_id"),
    country: text("country"),
    city: text("city"),
    website: text("website"),
    source: text("source"),
    campaign: text("campaign"),
    stage: ({ stage }) => config.stages.get(stage)?.label ?? stage,
    status: text("status"),
    heat: text("heat"),
    score: points("score"),
    "scores.fit": points("fit"),
    "scores.engagement": points("engagement"),
    "scores.bant": points("bant"),
    "scores.quality": points("quality"),
    "scores.freshness": points("freshness"),
    "bant.budget": bant("budget"),
    "bant.authority": bant("authority"),
    "bant.need": bant("need"),
    "bant.timeline": bant("timeline"),
    owner: ({ owner_id }) => ownerOf(config, owner_id)?.name ?? "",
    team: ({ team }) => (team === null ? "" : (teams.get(team) ?? team)),
    tags: ({ tags }) => (tags === null ? "" : (JSON.parse(tags) as readonly string[]).join(", ")),
    nextStep: ({ next_step }) => (next_step === null ? "" : next_step.split("|").slice(3).join("|")),
    due: ({ next_step }) => (next_step === null ? "" : moment(next_step.split("|")[1] ?? "")),
    capturedAt: ({ captured_at }) => moment(captured_at),
    createdAt: ({ created_at }) => moment(created_at),
    updatedAt: ({ updated_at }) => moment(updated_at),
  };
  const own = config.config.fields.map(
    ({ key }) => [`fields.${key}`, (_: LeadListRow, { fields }: Read) => fieldText(Object.hasOwn(fields, key) ? fields[key] : undefined)] as const,
  );
  return { ...builtIn, ...Object.fromEntries(own) };
}

function fieldText(value: FieldValue | undefined): string {
  if (value === undefined) return "";
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

const HEADERS: Readonly<Record<string, string>> = { id: "Baton id", nextStep: "Next step" };

/** Labels of the workspace's own fields may change and be twice the same; their keys may not. */
function headerOf(key: string, config: CompiledConfig): string {
  const label = HEADERS[key] ?? labelOf(key, config);
  return neutralise(key.startsWith("fields.") ? `${label} (${key})` : label);
}

/**
 * @param wanted keys in the order of the file; every column there is when null
 * @throws Problem 422 when there is no such column
 */
export function exportColumns(config: CompiledConfig, zone: string, wanted: readonly string[] | null): readonly ExportColumn[] {
  const cells = cellsOf(config, zone);
  const keys = wanted === null ? Object.keys(cells) : [...new Set(wanted.flatMap(meant))];
  const missing = keys.find((key) => !Object.hasOwn(cells, key));
  if (missing !== undefined) {
    const near = nearest(missing, Object.keys(cells));
    const message = `there is no column "${missing.slice(0, 100)}"${near === null ? "" : `; did you mean "${near}"?`}`;
    throw invalid(`Nothing was exported: ${message}`, [{ path: "columns", message }]);
  }
  return keys.map((key) => ({ key, header: headerOf(key, config), cell: cells[key] as Cell }));
}

/** Reads a row for the columns; what none of them needs is not parsed. */
export function cellReader(columns: readonly ExportColumn[]): (row: LeadListRow) => readonly string[] {
  const asks = (group: string): boolean => columns.some(({ key }) => key.startsWith(group));
  const [fields, bant] = [asks("fields."), asks("bant.")];
  return (row) => {
    const read: Read = {
      fields: fields ? (JSON.parse(row.fields) as Read["fields"]) : {},
      bant: bant && row.bant_answers !== null ? (JSON.parse(row.bant_answers) as Read["bant"]) : {},
    };
    return columns.map(({ cell }) => neutralise(cell(row, read)));
  };
}
