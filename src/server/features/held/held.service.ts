/**
 * Held inputs: what came in and waits for a person. Mended or as it came it goes through the door once, however many press
 * the button: whoever replays holds the input, and what went through is remembered under a key of its own in the same
 * transaction, so not even a process killed in between does it twice. The row that came stays as it is.
 */
import { EVERYONE } from "../../../core/access/access.ts";
import type { Input, Patch, TouchInput } from "../../../core/flow/input.ts";
import { transact } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import { getConfigNumber } from "../../flow/flow.queries.ts";
import type { Item, Target } from "../../flow/item.ts";
import { writeAnswers, writeIntake } from "../../flow/write.queries.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { captureLead, type CaptureInput } from "../leads/capture.service.ts";
import { idOf, type Write, write } from "../leads/write.service.ts";
import { actorNames } from "./actor-names.service.ts";
import { type After, findHeldRow, type HeldRow, type HeldState, listHeldRows, listWaiting, lockHeld, settleHeld, unsettleHeld } from "./held.queries.ts";

export type HeldJson = {
  readonly id: string;
  readonly state: HeldState;
  readonly cause: "quarantine" | "fault";
  readonly reason: string;
  readonly kind: string;
  readonly by: { readonly actor: string; readonly name: string | null };
  readonly receivedAt: string;
  readonly about: string;
  readonly payload: Record<string, unknown>;
  readonly editable: boolean;
  readonly outcome: {
    readonly at: string;
    readonly by: string;
    readonly byName: string | null;
    readonly leadId: string | null;
    readonly reason: string | null;
    readonly mended: boolean;
  } | null;
};

const PAGE = 50;

export async function listHeld(
  deps: Deps,
  {
    state = "held",
    limit = PAGE,
    cursor,
  }: { readonly state?: HeldState | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined },
): Promise<{ readonly items: readonly HeldJson[]; readonly nextCursor: string | null }> {
  const rows = await listHeldRows(deps.db, state, afterOf(cursor), limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? Buffer.from(`${last.received_at.toISOString()} ${last.id}`).toString("base64url") : null;
  return { items: await viewsOf(deps, page), nextCursor };
}

function afterOf(cursor: string | undefined): After {
  if (cursor === undefined) return null;
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
  if (!/^[0-9a-f-]{36}$/.test(id) || Number.isNaN(Date.parse(at)))
    throw invalid("The cursor is not one this list gave out.", [{ path: "cursor", message: "start again without a cursor" }]);
  return { at: new Date(at), id };
}

export async function getHeld(deps: Deps, id: string): Promise<HeldJson> {
  const [view] = await viewsOf(deps, [await rowOf(deps, idOf("held input", id))]);
  return view as HeldJson;
}

async function rowOf({ db }: Pick<Deps, "db">, id: string): Promise<HeldRow> {
  const row = await findHeldRow(db, id);
  if (row === null) throw notFound("held input", id);
  return row;
}

const ALARM = 20;
const HOUR_MS = 3_600_000;

export async function countHeld({
  db,
  now,
}: Deps): Promise<{ held: number; quarantined: number; faults: number; oldest: string | null; alarm: string | null }> {
  const rows = await listWaiting(db);
  const faults = rows.filter(({ quarantined }) => !quarantined);
  const fresh = faults.filter(({ received_at }) => now() - received_at.getTime() < HOUR_MS);
  const kinds = [...new Set(fresh.map(({ kind }) => kind))];
  const many = kinds.find((kind) => fresh.filter((row) => row.kind === kind).length >= ALARM);
  return {
    held: rows.length,
    quarantined: rows.length - faults.length,
    faults: faults.length,
    oldest: rows.at(-1)?.received_at.toISOString() ?? null,
    alarm:
      many === undefined
        ? null
        : `${fresh.filter((row) => row.kind === many).length} inputs of the kind “${many}” could not be processed within the last hour. Nothing is lost; they wait to be replayed.`,
  };
}

/** @param mended what is to go through instead of what came: for captures only */
export async function replayHeld(
  deps: Deps,
  named: string,
  mended: CaptureInput | undefined,
): Promise<{ readonly outcome: "created" | "updated" | "unchanged"; readonly leadId: string; readonly held: HeldJson }> {
  const id = idOf("held input", named);
  await rowOf(deps, id);
  await transact(deps, async (inside) => {
    await lockHeld(inside.db, id);
    const row = await rowOf(inside, id);
    if (row.state === "replayed" && row.done_lead !== null) return;
    if (row.state !== "held") throw settledAlready(row);
    if (mended !== undefined && !isEditable(row))
      throw invalid(`An input of the kind "${row.kind}" can only be replayed as it came.`, [{ path: "payload", message: "cannot be changed" }]);
    const done = await sendThrough(deps, row, mended);
    const about = { id, state: "replayed", payload: mended ?? null, reason: null, actor: deps.actor } as const;
    if (done.outcome === "held") await settleHeld(inside.db, { ...about, outcome: "held", leadId: null, inputId: done.intakeId }, new Date(deps.now()));
    else await settleHeld(inside.db, { ...about, outcome: done.outcome, leadId: done.lead.id, inputId: null }, new Date(deps.now()));
  });
  deps.live.topic(deps.db.workspaceId, "held");
  const row = await rowOf(deps, id);
  if (row.done_lead === null)
    throw new Problem(409, "conflict", "It could not be processed this time either. It waits in the list again, with the new reason.");
  return { outcome: row.outcome as "created", leadId: row.done_lead, held: await getHeld(deps, id) };
}

/** In the name of whoever sent it: that somebody mended it is told by the held input. */
async function sendThrough(deps: Deps, row: HeldRow, mended: CaptureInput | undefined): Promise<Write> {
  const sender: Deps = { ...deps, actor: row.actor, viewer: EVERYONE };
  const idempotency = { key: `held\n${row.id}`, hash: row.id };
  if (mended !== undefined) return captureLead(sender, mended, idempotency);
  const { input, target } = cameWith(row);
  if (target === null) throw invalid("What it speaks of was not kept with it, so it cannot be replayed as it came. Dismiss it, or send it again.");
  return write(sender, input, target, idempotency);
}

export async function dismissHeld(deps: Deps, named: string, reason: string): Promise<HeldJson> {
  const id = idOf("held input", named);
  await rowOf(deps, id);
  await transact(deps, async ({ db, actor, now }) => {
    await lockHeld(db, id);
    const row = await rowOf({ db }, id);
    if (row.state === "dismissed") return;
    if (row.state !== "held") throw settledAlready(row);
    await settleHeld(db, { id, state: "dismissed", outcome: null, leadId: null, inputId: null, payload: null, reason, actor }, new Date(now()));
  });
  deps.live.topic(deps.db.workspaceId, "held");
  return getHeld(deps, id);
}

/** A dismissal did nothing but take it off the list, so it is taken back without a trace. @throws Problem 409 when it was sent through */
export async function takeBackHeld(deps: Deps, named: string): Promise<HeldJson> {
  const id = idOf("held input", named);
  await rowOf(deps, id);
  await transact(deps, async ({ db }) => {
    await lockHeld(db, id);
    const row = await rowOf({ db }, id);
    if (row.state === "replayed") throw settledAlready(row);
    if (row.state === "dismissed") await unsettleHeld(db, id);
  });
  deps.live.topic(deps.db.workspaceId, "held");
  return getHeld(deps, id);
}

function settledAlready({ state }: HeldRow): Problem {
  return new Problem(409, "conflict", state === "dismissed" ? "It was dismissed already." : "It was replayed already.");
}

/** Keeps an input aside, with the reason, instead of handing it in: for what looks like spam. Answers its id. */
export async function quarantine(deps: Deps, item: Item, reason: string): Promise<string> {
  await transact({ ...deps, database: deps.flow }, async ({ db }) => {
    const row = { id: item.inputId, kind: item.input.kind, state: "held", leadId: null, number: null, actor: item.actor } as const;
    writeIntake(db, await getConfigNumber(db), deps.now(), [
      { ...row, payload: item.input, context: { target: item.target, quarantine: true }, hash: null, reason },
    ]);
    if (item.idempotency !== null) writeAnswers(db, [{ ...item.idempotency, status: 202, answer: { intakeId: item.inputId, reason } }], new Date(deps.now()));
  });
  deps.live.topic(deps.db.workspaceId, "held");
  return item.inputId;
}

async function viewsOf(deps: Deps, rows: readonly HeldRow[]): Promise<readonly HeldJson[]> {
  const names = await actorNames(
    deps,
    rows.flatMap(({ actor, done_by }) => [actor, ...(done_by === null ? [] : [done_by])]),
  );
  return rows.map((row) => viewOf(row, names));
}

function viewOf(row: HeldRow, names: ReadonlyMap<string, string>): HeldJson {
  const { input } = cameWith(row);
  return {
    id: row.id,
    state: row.state as HeldState,
    cause: isQuarantined(row) ? "quarantine" : "fault",
    reason: row.reason ?? "",
    kind: row.kind,
    by: { actor: row.actor, name: names.get(row.actor) ?? null },
    receivedAt: row.received_at.toISOString(),
    about: aboutOf(input),
    payload: input.kind === "capture" ? asCapture(input, cameWith(row).target) : { ...input },
    editable: isEditable(row),
    outcome:
      row.done_at === null || row.done_by === null
        ? null
        : {
            at: row.done_at.toISOString(),
            by: row.done_by,
            byName: names.get(row.done_by) ?? null,
            leadId: row.done_lead,
            reason: row.done_reason,
            mended: row.mended === true,
          },
  };
}

function isEditable({ kind }: HeldRow): boolean {
  return kind === "capture";
}

function isQuarantined({ context }: HeldRow): boolean {
  return (context as { readonly quarantine?: boolean } | null)?.quarantine === true;
}

function cameWith(row: HeldRow): { readonly input: Input; readonly target: Target | null } {
  return { input: plain(row.payload) as Input, target: (plain(row.context) as { readonly target?: Target } | null)?.target ?? null };
}

/** What a database could not hold as it was is kept as base64 of its JSON. Characters it cannot hold are shown as signs. */
function plain(value: unknown): unknown {
  const { base64 } = (value ?? {}) as { readonly base64?: string };
  if (typeof base64 !== "string") return value;
  return JSON.parse(Buffer.from(base64, "base64").toString(), (_, inner: unknown) =>
    typeof inner === "string" ? inner.toWellFormed().replaceAll("\0", "\u2400") : inner,
  );
}

function aboutOf(input: Input): string {
  const patch: Patch = "patch" in input && input.patch !== undefined ? input.patch : {};
  const name = [patch.firstName, patch.lastName].filter((part) => part).join(" ");
  const known = [name, patch.company, patch.email, patch.phone, patch.externalId].filter((part): part is string => typeof part === "string" && part !== "");
  return known.length === 0 ? "somebody who is not named" : known.slice(0, 3).join(", ").slice(0, 300);
}

/** A capture as its sender would write it. */
function asCapture({ patch, touches, capturedAt }: Extract<Input, { readonly kind: "capture" }>, target: Target | null): Record<string, unknown> {
  const { addTags, tags, ...profile } = patch;
  const visitor = target?.by === "keys" ? target.keys.find(({ kind }) => kind === "visitor")?.value : undefined;
  const known = Object.entries(profile).filter(([, value]) => value !== undefined && value !== null);
  return {
    ...Object.fromEntries(known),
    ...((addTags ?? tags ?? []).length === 0 ? {} : { tags: addTags ?? tags }),
    ...(visitor === undefined ? {} : { visitor }),
    ...(capturedAt === undefined ? {} : { capturedAt: new Date(capturedAt).toISOString() }),
    ...(touches.length === 0 ? {} : { touches: touches.map(asTouch) }),
  };
}

function asTouch({ kind, at, props, key }: TouchInput): Record<string, unknown> {
  return { kind, ...(at === null ? {} : { at: new Date(at).toISOString() }), ...(props === null ? {} : { props }), ...(key ? { id: key } : {}) };
}
