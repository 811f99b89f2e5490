/**
 * Merge fields. Templates are Liquid without anything that reaches outside: no files, few tags and filters, own properties
 * only, bounded in length, time and memory. Values are made plain before they meet the markup, so a lead's name can hold
 * whatever it likes.
 */
import { Liquid, LiquidError } from "liquidjs";
import { htmlDocument, linksOf, plain, readMarkup, toHtml, toText } from "../../../core/mail/markup.ts";
import { invalid, type ProblemError } from "../../problems.ts";

export type MergeFields = Readonly<Record<string, unknown>>;

export type Written = { readonly subject: string; readonly html: string; readonly text: string; readonly links: readonly string[] };

const TAGS: ReadonlySet<string> = new Set(["if", "unless", "case", "for", "assign", "comment", "break", "continue"]);
const FILTERS: ReadonlySet<string> = new Set(
  "default upcase downcase capitalize strip lstrip rstrip truncate truncatewords date round floor ceil plus minus times divided_by modulo abs size first last join split replace replace_first remove append prepend sort uniq reverse slice at_least at_most".split(
    " ",
  ),
);
const MOST_CHARACTERS = 100_000;

function engine(outputEscape: (value: unknown) => string, timezone: string): Liquid {
  const liquid = new Liquid({
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    cache: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    outputEscape,
    timezoneOffset: timezone,
    locale: "en",
    dateFormat: "%-d %B %Y, %H:%M",
    parseLimit: MOST_CHARACTERS,
    renderLimit: 200,
    memoryLimit: 2_000_000,
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) if (!FILTERS.has(name)) delete liquid.filters[name];
  return liquid;
}

/** Subject and body as they will be sent. @throws Problem 422 that names what is wrong in which of them */
export function writeOut(
  template: { readonly subject: string; readonly body: string; readonly signature?: string },
  fields: MergeFields,
  timezone: string,
): Written {
  const problems: ProblemError[] = [];
  const subject = fill("subject", template.subject, fields, oneLine, timezone, problems);
  const body = fill("body", template.body, fields, (value) => plain(textOf(value)), timezone, problems);
  if (problems.length > 0) throw invalid("The mail cannot be written out. Nothing was sent.", problems);
  const blocks = [...readMarkup(body), ...(template.signature === undefined || template.signature.trim() === "" ? [] : readMarkup(template.signature))];
  return { subject: oneLine(subject).trim().slice(0, 998), html: htmlDocument(toHtml(blocks)), text: `${toText(blocks)}\n`, links: linksOf(blocks) };
}

function fill(path: string, text: string, fields: MergeFields, escape: (value: unknown) => string, timezone: string, problems: ProblemError[]): string {
  try {
    const made = String(engine(escape, timezone).parseAndRenderSync(text, fields));
    if (made.length <= MOST_CHARACTERS) return made;
    problems.push({ path, message: `comes out longer than ${MOST_CHARACTERS} characters` });
  } catch (error) {
    problems.push({ path, message: wordsOf(error) });
  }
  return "";
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** A header is one line; what would end it becomes a space. */
function oneLine(value: unknown): string {
  return textOf(value).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

function wordsOf(error: unknown): string {
  if (!LiquidError.is(error)) return "cannot be written out";
  const said = (error.originalError?.message ?? error.message).replace(/,? ?(?:file|line):.*$/s, "");
  const field = /undefined variable: (.*)$/.exec(said)?.[1];
  if (field !== undefined) return `there is no merge field "${field.slice(0, 200)}"`;
  const filter = /undefined filter: (.*)$/.exec(said)?.[1];
  if (filter !== undefined) return `there is no filter "${filter.slice(0, 200)}"`;
  const tag = /tag "(.*?)" not found/.exec(said)?.[1];
  if (tag !== undefined) return `there is no tag "${tag.slice(0, 200)}"`;
  if (/limit exceeded/.test(said)) return "takes too long or grows too large to be written out";
  return `is not well formed: ${said.slice(0, 300)}`;
}
