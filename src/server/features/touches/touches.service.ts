/**
 * Recording touches: those of one person travel together, in the order they came. They are acknowledged once stored, and
 * worked off behind live requests; with an idempotency key, or of somebody who may not for every lead, they go through the
 * door itself, which knows keys and rights and answers for each.
 */
import { reachOf } from "../../../core/access/access.ts";
import { bearerOf } from "../../../core/access/door.ts";
import { TOUCH_KINDS } from "../../../core/config/config.ts";
import type { TouchInput } from "../../../core/flow/input.ts";
import { isUuid } from "../../../core/ids.ts";
import { isEmail, keysOf } from "../../../core/identity/identity.ts";
import type { Deps } from "../../deps.ts";
import type { Item, Target } from "../../flow/item.ts";
import { partOf } from "../leads/capture.service.ts";
import { type Idempotency, problemOf } from "../leads/write.service.ts";

export type Touch = TouchInput & {
  readonly lead?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly visitor?: string | null | undefined;
};

export type Ignored = { readonly index: number; readonly why: string };
export type Recorded = { readonly accepted: number; readonly ignored: readonly Ignored[]; readonly replayed: boolean };

type Group = { readonly target: Target; readonly email: string; readonly touches: TouchInput[]; readonly places: number[] };

export async function recordTouches(deps: Deps, touches: readonly Touch[], idempotency: Idempotency): Promise<Recorded> {
  const ignored: Ignored[] = [];
  const groups = [...groupByPerson(touches, ignored).values()];
  const items = groups.map(({ target, email, touches }, i): Item => ({
    inputId: deps.newId(),
    actor: deps.actor,
    bearer: bearerOf(deps.viewer),
    input: { kind: "touches", touches, patch: email === "" ? undefined : { email } },
    target,
    idempotency: partOf(idempotency, i),
  }));
  const { refused, replayed } =
    idempotency === null && reachOf(deps.viewer.role, "touches.record") === "all" ? await leave(deps, items) : await submit(deps, items);
  groups.forEach(({ places }, i) => {
    const why = refused[i];
    if (typeof why === "string") for (const index of places) ignored.push({ index, why });
  });
  ignored.sort((a, b) => a.index - b.index);
  return { accepted: touches.length - ignored.length, ignored, replayed };
}

/** For each item why it was refused, if it was. */
type Answered = { readonly refused: readonly (string | null)[]; readonly replayed: boolean };

async function leave({ door, db }: Deps, items: readonly Item[]): Promise<Answered> {
  if (items.length === 0) return { refused: [], replayed: false };
  const unknown = await door.leave(db.workspaceId, items);
  return {
    refused: items.map(({ target }, i) => (unknown[i] === true ? `There is no lead ${target.by === "lead" ? target.id : ""}.` : null)),
    replayed: false,
  };
}

async function submit({ door, db }: Deps, items: readonly Item[]): Promise<Answered> {
  const outcomes = await Promise.all(items.map((item) => door.submit(db.workspaceId, item)));
  for (const outcome of outcomes) if (outcome.kind === "refused" && outcome.type.startsWith("idempotency-")) throw problemOf(outcome);
  return {
    refused: outcomes.map((outcome) => (outcome.kind === "refused" ? outcome.detail : null)),
    replayed: outcomes.some((outcome) => outcome.kind === "done" && outcome.replayed),
  };
}

function groupByPerson(touches: readonly Touch[], ignored: Ignored[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  touches.forEach((touch, index) => {
    const { kind, at, props, key } = touch;
    const target = KINDS.has(kind) ? targetOf(touch) : `"${kind}" is no kind of touch; the kinds are ${TOUCH_KINDS.join(", ")}`;
    if (typeof target === "string") {
      ignored.push({ index, why: target });
      return;
    }
    const person = target.by === "keys" ? target.keys.map(({ kind, value }) => `${kind} ${value}`).join("\n") : target.id;
    let group = groups.get(person);
    if (group === undefined) {
      group = { target, email: target.by === "keys" ? addressOf(touch) : "", touches: [], places: [] };
      groups.set(person, group);
    }
    group.touches.push({ kind, at, props, key });
    group.places.push(index);
  });
  return groups;
}

const KINDS: ReadonlySet<string> = new Set(TOUCH_KINDS);

function addressOf({ email }: Pick<Touch, "email">): string {
  return email?.trim().toLowerCase() ?? "";
}

/** Whom a touch is of, or why that cannot be told. */
function targetOf({ lead, email, visitor }: Touch): Target | string {
  const id = lead?.trim().toLowerCase() ?? "";
  if (id !== "") return isUuid(id) ? { by: "lead", id } : `There is no lead ${lead}.`;
  const address = addressOf({ email });
  if (address !== "" && !isEmail(address)) return "email is not an e-mail address";
  const keys = keysOf({ email: address, visitor: visitor?.trim() });
  return keys.length === 0 ? "says of nobody: name a lead, an email or a visitor" : { by: "keys", keys, only: null };
}
