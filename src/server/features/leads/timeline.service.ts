/** Use case: everything that happened to a lead, in one stream of lines that people can read. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { deriveId, isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound } from "../../problems.ts";
import { listLeadRows } from "../../flow/flow.queries.ts";
import { mustSeeLead } from "../access/access.service.ts";
import { labelOf } from "./labels.service.ts";
import { listTimeline, type TimelinePlace, type TimelineRow, type TouchFacet } from "./timeline.queries.ts";
import { changesOf, detailOf, sentenceOf, touchSentence, whyOf } from "./timeline-words.ts";
import { type Who, whoReader } from "./who.service.ts";
import { idOf } from "./write.service.ts";

export const GROUPS = ["web", "mail", "calls", "changes", "notes", "tasks"] as const;
type Group = (typeof GROUPS)[number];

export async function readTimeline(
  deps: Deps,
  text: string,
  request: { readonly groups?: string | undefined; readonly facet?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
) {
  const id = idOf("lead", text);
  await mustSeeLead(deps, id, "lead", text);
  const groups = request.groups === undefined ? null : groupsOf(request.groups);
  const { from, newer } = request.cursor === undefined ? { from: null, newer: false } : placeOf(request.cursor);
  const config = await deps.configs.get(deps.db);
  const facet = request.facet === undefined ? null : facetOf(request.facet, config);
  const [known, found, who] = await Promise.all([
    listLeadRows(deps.db, [id]),
    listTimeline(deps.db, { leadId: id, groups, facet, from, newer, limit: request.limit + 1 }),
    whoReader(deps),
  ]);
  if (known.length === 0) throw notFound("lead", text);
  const more = found.length > request.limit;
  const rows = newer ? found.slice(0, request.limit).reverse() : found.slice(0, request.limit);
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    items: rows.map((row) => itemOf(row, id, config, who)),
    nextCursor: last === undefined || !(newer || more) ? null : cursorOf(last, "older"),
    previousCursor: first === undefined ? null : cursorOf(first, "newer"),
  };
}

function itemOf(row: TimelineRow, leadId: string, config: CompiledConfig, who: (actor: string) => Who) {
  const { source, type, data, number } = row;
  const fact = source === 0;
  const logged = typeof data["by"] === "string" ? (data["by"] as string) : null;
  const actor = fact ? row.actor : logged;
  return {
    id: fact ? deriveId(row.input_id ?? "", 4095 - row.ordinal) : touchId(leadId, row),
    at: row.at.toISOString(),
    group: groupOf(row),
    type: fact ? type : `touch.${type}`,
    what: fact ? sentenceOf(type, data, config) : touchSentence(type, data),
    by: actor === null || actor === undefined ? null : who(actor),
    why: fact ? whyOf(data) : null,
    changes: fact ? changesOf(data, config, (field) => labelOf(field, config)) : [],
    detail: detailOf(fact ? withoutNames(type, data) : data),
    refs: refsOf(data),
    undone: row.undone,
    number,
    data,
  };
}

/** Names stand in the sentence already, and a note's id is no text. */
function withoutNames(type: string, data: TimelineRow["data"]): TimelineRow["data"] {
  const { title: _title, name: _name, subject: _subject, note, ...rest } = data;
  return type.startsWith("note.") ? rest : { note, ...rest };
}

function refsOf(data: TimelineRow["data"]): Readonly<Record<string, string>> {
  const { task, opportunity, company, note, mail, other } = data;
  const refs = Object.entries({ task, opportunity, company, note, mail, lead: other });
  return Object.fromEntries(refs.filter((ref): ref is [string, string] => typeof ref[1] === "string" && isUuid(ref[1])));
}

const MAIL: ReadonlySet<string> = new Set(["mailSent", "mailOpen", "mailClick", "mailReply"]);
const CALLS: ReadonlySet<string> = new Set(["call", "meeting", "message"]);
const FACTS: Readonly<Record<string, Group>> = { note: "notes", task: "tasks", mail: "mail" };

function groupOf({ source, type }: TimelineRow): Group {
  if (source === 0) return FACTS[type.split(".")[0] as string] ?? "changes";
  return MAIL.has(type) ? "mail" : CALLS.has(type) ? "calls" : "web";
}

/** Touches have no id of their own: number and ordinal name one within its lead. */
function touchId(leadId: string, { number, ordinal }: TimelineRow): string {
  return `${number.toString(16).padStart(8, "0")}-${ordinal.toString(16).padStart(4, "0")}-8${leadId.slice(15, 18)}-${leadId.slice(19)}`;
}

function groupsOf(text: string): ReadonlySet<string> {
  const groups = text.split(",").map((group) => group.trim());
  const unknown = groups.filter((group) => !(GROUPS as readonly string[]).includes(group));
  if (unknown.length > 0) throw invalid(`There is no group ${unknown.join(", ")}.`, [{ path: "groups", message: `must be some of ${GROUPS.join(", ")}` }]);
  return new Set(groups);
}

function cursorOf({ at, number, ordinal, source }: TimelineRow, towards: "older" | "newer"): string {
  return Buffer.from(`${towards}.${at.getTime()}.${number}.${ordinal}.${source}`).toString("base64url");
}

/** Which touches count for a facet. One that nothing is called counts for none. */
function facetOf(id: string, { config }: CompiledConfig): TouchFacet {
  const facet = config.facets.find((one) => one.id === id);
  if (facet !== undefined) return facet;
  return id.startsWith("form:") ? { kind: "formSubmit", property: "formId", pattern: id.slice("form:".length) } : { kind: id, property: null, pattern: "*" };
}

function placeOf(cursor: string): { readonly from: TimelinePlace; readonly newer: boolean } {
  const parts = /^(older|newer)\.(-?\d{1,15})\.(\d{1,9})\.(\d{1,5})\.([01])$/.exec(Buffer.from(cursor, "base64url").toString());
  if (parts === null)
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  const [, towards, at, number, ordinal, source] = parts;
  return { from: { at: Number(at), number: Number(number), ordinal: Number(ordinal), source: Number(source) }, newer: towards === "newer" };
}
