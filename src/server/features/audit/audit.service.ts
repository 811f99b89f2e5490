/**
 * The audit: who did what about access, people and settings. Whoever changes such a thing notes it in the transaction that
 * changes it, so neither is there without the other.
 */
import type { Deps } from "../../deps.ts";
import { invalid } from "../../problems.ts";
import { insertEntry, listEntries, type EntryFilter, type EntryRow } from "./audit.queries.ts";

/** Named by what it is about, then what happened to it, in the past tense. */
export type AuditAction = `${"session" | "user" | "team" | "key" | "config" | "workspace" | "mail" | "lead" | "import" | "export" | "backup"}.${string}`;

export type AuditNote = {
  readonly action: AuditAction;
  readonly about?: { readonly type: string; readonly id: string } | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
  readonly why?: string | undefined;
};

/** @param deps those of the transaction that does it */
export async function audit(deps: Pick<Deps, "db" | "newId" | "now" | "actor" | "address">, { action, about, detail = {}, why }: AuditNote): Promise<void> {
  await insertEntry(deps.db, {
    id: deps.newId(),
    at: new Date(deps.now()),
    actor: deps.actor,
    action,
    aboutType: about?.type ?? null,
    aboutId: about?.id ?? null,
    detail,
    why: why ?? null,
    address: deps.address ?? null,
  });
}

/** What differs between two states of a thing, as `{field: {from, to}}`. */
export function differences<T extends Readonly<Record<string, unknown>>>(from: T, to: T): Readonly<Record<string, unknown>> {
  const changed = Object.keys(to).filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]));
  return Object.fromEntries(changed.map((key) => [key, { from: from[key] ?? null, to: to[key] ?? null }]));
}

export type AuditView = {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly by: string | null;
  readonly action: string;
  readonly about: { readonly type: string; readonly id: string; readonly name: string | null } | null;
  readonly detail: Record<string, unknown>;
  readonly why: string | null;
  readonly address: string | null;
};

export type AuditQuestion = {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly about?: string | undefined;
  readonly changed?: string | undefined;
  /** Milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** @throws Problem 422 when the cursor is none of ours */
export async function listAudit(deps: Deps, question: AuditQuestion): Promise<{ readonly items: AuditView[]; readonly nextCursor: string | null }> {
  const { actor, action, about, changed, from, to, limit, cursor } = question;
  const filter: EntryFilter = {
    actor,
    action,
    about,
    changed,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    after: cursor === undefined ? undefined : readCursor(cursor),
    limit: limit + 1,
  };
  const rows = await listEntries(deps.db, filter);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(viewOf), nextCursor: rows.length > limit && last !== undefined ? `${last.at.getTime()}.${last.id}` : null };
}

function readCursor(cursor: string): { readonly at: Date; readonly id: string } {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined)
    throw invalid("The cursor is none that this list gave out.", [{ path: "cursor", message: "must be the nextCursor of the page before" }]);
  return { at: new Date(Number(at)), id };
}

function viewOf({ id, at, actor, by, action, about_type, about_id, about_name, detail, why, address }: EntryRow): AuditView {
  const about = about_type === null || about_id === null ? null : { type: about_type, id: about_id, name: about_name };
  return { id, at: at.toISOString(), actor, by, action, about, detail, why, address };
}
