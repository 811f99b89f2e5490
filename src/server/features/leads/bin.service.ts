/** The bin, tags, and taking back. */
import { isUuid } from "../../../core/ids.ts";
import { parameters } from "../../db/filter-sql.ts";
import { sightSql } from "../../db/sight-sql.ts";
import type { Deps } from "../../deps.ts";
import { listLeadRows } from "../../flow/flow.queries.ts";
import { leadOf as stateOf, NO_PARTS } from "../../flow/rows.ts";
import { invalid } from "../../problems.ts";
import { sightOf } from "../access/access.service.ts";
import { leadView } from "./lead-view.ts";
import { listBinRows } from "./timeline.queries.ts";
import { whoReader } from "./who.service.ts";
import { type Idempotency, named, type Write, write } from "./write.service.ts";

export function deleteLead(deps: Deps, id: string, reason: string | undefined, idempotency: Idempotency): Promise<Write> {
  const given = reason?.trim();
  return write(deps, { kind: "delete", reason: given === "" ? undefined : given }, named("lead", id), idempotency);
}

export function restoreLead(deps: Deps, id: string, idempotency: Idempotency): Promise<Write> {
  return write(deps, { kind: "restore" }, named("lead", id), idempotency);
}

export function undoLead(deps: Deps, id: string, number: number, idempotency: Idempotency): Promise<Write> {
  return write(deps, { kind: "undo", number }, named("lead", id), idempotency);
}

export function tagLead(
  deps: Deps,
  id: string,
  { add = [], remove = [] }: { readonly add?: readonly string[] | undefined; readonly remove?: readonly string[] | undefined },
  idempotency: Idempotency,
): Promise<Write> {
  if (add.length + remove.length === 0) throw invalid("This names no tag to add or to remove.", [{ path: "add", message: "or remove must name a tag" }]);
  return write(deps, { kind: "tag", add, remove }, named("lead", id), idempotency);
}

export async function listBin(deps: Deps, { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) {
  const after = cursor === undefined ? null : placeOf(cursor);
  const params = parameters();
  const text = sightSql(await sightOf(deps), params);
  const [rows, config, who] = await Promise.all([listBinRows(deps.db, after, limit + 1, { text, params }), deps.configs.get(deps.db), whoReader(deps)]);
  const page = rows.slice(0, limit);
  const leads = new Map(
    (
      await listLeadRows(
        deps.db,
        page.map(({ id }) => id),
      )
    ).map((row) => [row.id, leadView(stateOf(row, NO_PARTS), config)]),
  );
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.flatMap(({ id, deleted_at, actor, reason }) => {
      const lead = leads.get(id);
      return lead === undefined ? [] : [{ lead, deletedAt: deleted_at.toISOString(), by: who(actor ?? "system"), reason }];
    }),
    nextCursor: last === undefined ? null : Buffer.from(`${last.deleted_at.getTime()}.${last.id}`).toString("base64url"),
  };
}

function placeOf(cursor: string): { readonly at: Date; readonly id: string } {
  const [, ms, id] = /^(\d{1,15})\.(.+)$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (ms === undefined || id === undefined || !isUuid(id))
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  return { at: new Date(Number(ms)), id };
}
