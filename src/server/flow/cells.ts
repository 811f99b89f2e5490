/** How values of a lead stand in the tables they are found by. */
import type { CompiledConfig } from "../../core/config/compile.ts";
import { foldCase } from "../../core/filter/filter.ts";
import type { FieldValue, LeadState } from "../../core/flow/state.ts";
import { searchText } from "../../core/search/search-text.ts";
import { dayOfDate, startOfDay } from "../../core/time.ts";
import { isoCell } from "../db/db.ts";

export type ValueCells = readonly [text: string | null, number: number | null, time: string | null];

/** B-tree entries end near 2,700 bytes; a longer text is found by its beginning. */
const FOUND_TEXT = 500;

export function valueCells(config: CompiledConfig, key: string, value: FieldValue): ValueCells {
  if (typeof value === "number") return [null, value, null];
  if (typeof value === "boolean") return [null, value ? 1 : 0, null];
  const day = config.fields.get(key)?.type === "date" ? dayOfDate(value) : null;
  return [foldCase(value).slice(0, FOUND_TEXT), null, day === null ? null : isoCell(startOfDay(day))];
}

/** Title, detail and the text a lead is found by. */
export function searchCells(lead: LeadState): readonly [string, string, string] {
  const name = [lead.firstName, lead.lastName].filter((part) => part !== null).join(" ");
  const title = name || (lead.email ?? lead.company ?? lead.phone ?? lead.externalId ?? "Unknown visitor");
  const detail = [lead.jobTitle, lead.company].filter((part) => part !== null).join(" · ");
  return [title, detail, searchText([name, lead.company, lead.email, lead.phone].filter((part) => part !== null && part !== "").join(" "))];
}

/** The form in which two spellings of a company's name meet. */
export function companyKey(name: string): string {
  return searchText(name);
}
