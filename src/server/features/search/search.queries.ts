/**
 * Finding by name, in the order of what it costs: words that begin as typed, then the same with one slip, then with a word
 * left out. Every condition is a `like` that the trigram index answers by intersecting short lists. The similarity
 * operators of pg_trgm read the lists of all trigrams of a query instead, and their thresholds are session settings, which
 * a sharded database does not forward. Figures stand in docs/decisions/0003-search.md.
 */
import { ANY, oneSlipFrom } from "../../../core/search/typos.ts";
import { composedSql, type Db } from "../../db/db.ts";
import { escapeLike, parameters, type Parameters } from "../../db/filter-sql.ts";
import { type Sight, sightOfCompanySql, sightOfLeadSql } from "../../db/sight-sql.ts";

export type SearchRow = {
  readonly type: "lead" | "company" | "opportunity";
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly text: string;
};

/** So many candidates are ranked; with more, the query says too little to rank by. */
const CANDIDATES = 200;

/** Entries in which every word begins a word. */
export async function listBeginnings(db: Db, words: readonly string[], sight: Sight): Promise<readonly SearchRow[]> {
  const params = parameters();
  return listEntries(db, [all(words, params)], params, sight);
}

/** Entries that have every word, anywhere in a word, one of them perhaps with a slip. */
export async function listWithOneSlip(db: Db, words: readonly string[], sight: Sight): Promise<readonly SearchRow[]> {
  const params = parameters();
  const exact = words.map((word) => inside(word, params));
  const branches = words.map((word, i) => [slipped(word, exact[i] as string, params), ...exact.filter((_, j) => j !== i)].join(" and "));
  return listEntries(db, branches, params, sight);
}

/** Entries that have every word, each perhaps with a slip. */
export async function listWithSlips(db: Db, words: readonly string[], sight: Sight): Promise<readonly SearchRow[]> {
  const params = parameters();
  return listEntries(db, [words.map((word) => slipped(word, inside(word, params), params)).join(" and ")], params, sight);
}

/** Entries that have all words but one. */
export async function listWithoutOneWord(db: Db, words: readonly string[], sight: Sight): Promise<readonly SearchRow[]> {
  const params = parameters();
  return listEntries(
    db,
    words.map((_, i) =>
      all(
        words.filter((__, j) => j !== i),
        params,
      ),
    ),
    params,
    sight,
  );
}

/**
 * One statement; its branches are planned each for itself. An entry may come more than once. As a materialised query a
 * branch is planned for all its rows, though read only up to the limit: planned for the limit it became a scan of a
 * million entries, 4 s instead of 15 ms.
 */
async function listEntries(db: Db, branches: readonly string[], params: Parameters, sight: Sight): Promise<readonly SearchRow[]> {
  const seen = seenEntries(sight, params);
  const limit = params.bind(CANDIDATES, "int");
  const queries = branches.map(
    (branch, i) => `b${i} as materialized (select s.type, s.id, s.title, s.detail, s.text from search_entry s where s.workspace_id = $1 and ${branch}${seen})`,
  );
  const selects = branches.map((_, i) => `(select * from b${i} limit ${limit})`);
  return db.query<SearchRow>(composedSql(`with ${queries.join(", ")} ${selects.join(" union all ")}`, params.values));
}

/** What is not seen is not found: among the candidates it would tell by its place that it is there. */
function seenEntries(sight: Sight, params: Parameters): string {
  if (sight === null) return "";
  const ofLead = sightOfLeadSql(sight, "s.id", params);
  const ofOpportunity = `exists (select from opportunity o where o.workspace_id = $1 and o.id = s.id and ${sightOfLeadSql(sight, "o.lead_id", params)})`;
  return ` and case s.type when 'lead' then ${ofLead} when 'opportunity' then ${ofOpportunity} when 'company' then ${sightOfCompanySql(sight, "s.id", params)} else false end`;
}

function all(words: readonly string[], params: Parameters): string {
  return words.map((word) => beginning(escapeLike(word), params)).join(" and ");
}

/** At the start of a word: the trigrams of a beginning hold the space before it, so one or two letters are enough. */
function beginning(pattern: string, params: Parameters): string {
  return `(s.text like ${params.bind(`${pattern}%`, "text")} or s.text like ${params.bind(`% ${pattern}%`, "text")})`;
}

function inside(word: string, params: Parameters): string {
  return word.length < 3 ? beginning(escapeLike(word), params) : `s.text like ${params.bind(`%${escapeLike(word)}%`, "text")}`;
}

function slipped(word: string, exact: string, params: Parameters): string {
  return `(${[exact, ...oneSlipFrom(word).map((variant) => misspelled(variant, params))].join(" or ")})`;
}

/** The index needs trigrams to go by: where the letters around the unknown one give fewer than two, the whole word must match, whose ends give more. */
function misspelled(variant: string, params: Parameters): string {
  const pattern = escapeVariant(variant);
  const trigrams = variant.split(ANY).reduce((sum, known) => sum + Math.max(0, known.length - 2), 0);
  const patterns = trigrams >= 2 ? [`%${pattern}%`] : [`${pattern} %`, `% ${pattern} %`, `% ${pattern}`];
  return patterns.map((like) => `s.text like ${params.bind(like, "text")}`).join(" or ");
}

/** `_` is meant as any letter here; a typed one finds a little more than it should, and ranking puts that last. */
function escapeVariant(variant: string): string {
  return variant.replace(/[\\%]/g, "\\$&");
}
