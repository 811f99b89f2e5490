/** Use case: find leads, companies and opportunities by name, company, e-mail or phone, typed roughly right. */
import { searchText } from "../../../core/search/search-text.ts";
import { distanceOf, searchWords } from "../../../core/search/typos.ts";
import type { Sight } from "../../db/sight-sql.ts";
import { invalid } from "../../problems.ts";
import { type Looking, sightOf } from "../access/access.service.ts";
import { listBeginnings, listWithOneSlip, listWithoutOneWord, listWithSlips, type SearchRow } from "./search.queries.ts";

export type SearchRequest = { readonly q: string; readonly limit?: number | undefined };

export type SearchResult = { readonly items: readonly Pick<SearchRow, "type" | "id" | "title" | "detail">[] };

/** With so many answers nobody needs typos guessed. */
const ENOUGH = 3;

/** @throws Problem 422 when the limit is not from 1 to 200 */
export async function search(deps: Looking, { q, limit = 10 }: SearchRequest): Promise<SearchResult> {
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw invalid(`limit must be a whole number from 1 to 200, not ${limit}.`, [{ path: "limit", message: "must be a whole number from 1 to 200" }]);
  }
  const words = searchWords(searchText(q.replaceAll("\0", " ")));
  if (words.length === 0) return { items: [] };
  const found = await candidatesFor(deps, words, await sightOf(deps));
  return {
    items: ranked(found, words)
      .slice(0, limit)
      .map(({ type, id, title, detail }) => ({ type, id, title, detail })),
  };
}

async function candidatesFor({ db }: Looking, words: readonly string[], sight: Sight): Promise<readonly SearchRow[]> {
  const exact = await listBeginnings(db, words, sight);
  if (exact.length >= ENOUGH) return exact;
  const near = [...exact, ...(await listWithOneSlip(db, words, sight))];
  if (near.length > 0 || words.length === 1) return near;
  const far = await listWithSlips(db, words, sight);
  return far.length > 0 ? far : listWithoutOneWord(db, words, sight);
}

function ranked(found: readonly SearchRow[], words: readonly string[]): readonly SearchRow[] {
  const unique = [...new Map(found.map((row) => [`${row.type} ${row.id}`, row])).values()];
  const scored = unique.map((row) => ({ row, distance: distanceOf(words, searchText(row.title), row.text) }));
  scored.sort((a, b) => a.distance - b.distance || a.row.title.length - b.row.title.length || (a.row.id < b.row.id ? -1 : 1));
  return scored.map(({ row }) => row);
}
