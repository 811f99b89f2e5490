/**
 * Submissions by strangers: through the door as captures, or aside into quarantine when they look like a machine's. Never
 * more at once than the API can bear, and only so many a minute from one address.
 */
import { EVERYONE } from "../../../core/access/access.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { captureOf, errorsOf, type FormBody, type FormError, STAMP, suspicion, type Values, valuesOf } from "../../../core/forms/form.ts";
import { keysOf } from "../../../core/identity/identity.ts";
import { normalizePhone } from "../../../core/identity/phone.ts";
import { bindDb } from "../../db/db.ts";
import { findFormByKey } from "../../db/house.queries.ts";
import type { Deps, House } from "../../deps.ts";
import type { Item } from "../../flow/item.ts";
import { Problem } from "../../problems.ts";
import { quarantine } from "../held/held.service.ts";
import { countSubmission, findFormRow, type FormRow } from "./forms.queries.ts";

export type PublicForm = { readonly deps: Deps; readonly row: FormRow; readonly body: FormBody; readonly config: CompiledConfig };

export type Submitted = { readonly kind: "received" } | { readonly kind: "wrong"; readonly values: Values; readonly errors: readonly FormError[] };

export type Desk = {
  /** Null: there is no such form, or it has another address now. */
  find(key: string): Promise<PublicForm | null>;
  /** When a page was made, so that it cannot be made up. */
  stamp(form: PublicForm): string;
  /** @throws Problem 429 or 503 when it is too much just now */
  submit(form: PublicForm, sent: Readonly<Record<string, unknown>>, address: string): Promise<Submitted>;
};

/** A form that was looked up is known for so long. */
const KNOWN_MS = 2000;
/** Submissions under way in this process. */
const AT_ONCE = 16;
/** Submissions from one address: so many at once, then one every so often. An office shares an address. */
const BURST = 30;
const REFILL_MS = 2000;
const MOST_ADDRESSES = 20_000;

export function openDesk(house: House): Desk {
  const known = new Map<string, { readonly found: PublicForm | null; readonly until: number }>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  let underWay = 0;

  const take = (address: string): void => {
    const now = performance.now();
    const bucket = buckets.get(address) ?? { tokens: BURST, at: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    bucket.at = now;
    buckets.delete(address);
    buckets.set(address, bucket);
    if (buckets.size > MOST_ADDRESSES) buckets.delete(buckets.keys().next().value as string);
    if (bucket.tokens < 1)
      throw new Problem(
        429,
        "too-many",
        "Too many submissions came from this address. Please try again in a moment.",
        [],
        Math.ceil(((1 - bucket.tokens) * REFILL_MS) / 1000),
      );
    bucket.tokens--;
  };

  return {
    async find(key) {
      const cached = known.get(key);
      if (cached !== undefined && cached.until > performance.now()) return cached.found;
      const found = /^[A-Za-z0-9_-]{22}$/.test(key) ? await lookUp(house, key) : null;
      if (known.size > 10_000) known.clear();
      known.set(key, { found, until: performance.now() + KNOWN_MS });
      return found;
    },
    stamp({ deps, row }) {
      const at = String(deps.now());
      return `${at}.${signatureOf(deps, row.id, at)}`;
    },
    async submit(form, sent, address) {
      take(address);
      if (underWay >= AT_ONCE) throw new Problem(503, "unavailable", "Too much is coming in just now. Please send it again in a few seconds.", [], 5);
      underWay++;
      try {
        return await receive(form, sent);
      } finally {
        underWay--;
      }
    },
  };
}

async function lookUp(house: House, key: string): Promise<PublicForm | null> {
  const address = await findFormByKey(house.database.pool, key);
  if (address === null) return null;
  const db = bindDb(house.database.pool, address.workspace_id);
  const [row, config] = await Promise.all([findFormRow(db, address.id), house.configs.get(db)]);
  if (row === null || row.key !== key) return null;
  return { deps: { ...house, db, actor: `form:${row.id}`, viewer: EVERYONE }, row, body: row.body, config };
}

async function receive({ deps, row, body, config }: PublicForm, sent: Readonly<Record<string, unknown>>): Promise<Submitted> {
  const values = valuesOf(body, sent);
  const errors = errorsOf(body, values, config.fields);
  if (errors.length > 0) return { kind: "wrong", values, errors };
  const item = itemOf(deps, row, body, config, values);
  const spam = suspicion(values, madeAt(deps, row.id, values[STAMP]), deps.now());
  if (spam !== null) {
    await quarantine(deps, item, spam);
  } else {
    const outcome = await deps.door.submit(deps.db.workspaceId, item);
    if (outcome.kind === "refused") await quarantine(deps, { ...item, inputId: deps.newId() }, `It was refused: ${outcome.detail}`);
  }
  await countSubmission(deps.db, row.id, spam !== null, new Date(deps.now())).catch((error: unknown) =>
    deps.log.warn({ err: error }, "a submission was not counted"),
  );
  return { kind: "received" };
}

function itemOf(deps: Deps, row: FormRow, form: FormBody, config: CompiledConfig, values: Values): Item {
  const { patch, touch, phone } = captureOf({ form, id: row.id, consentVersion: row.consent_version, values, fields: config.fields });
  const country = typeof patch.country === "string" ? patch.country.toUpperCase() : config.config.defaultCountry;
  const whole = phone === null ? patch : { ...patch, phone: normalizePhone(phone, country) };
  return {
    inputId: deps.newId(),
    actor: deps.actor,
    bearer: null,
    input: { kind: "capture", patch: whole, touches: [touch] },
    target: { by: "keys", keys: keysOf({ email: whole.email, phone: whole.phone }), only: null },
    idempotency: null,
  };
}

/** Null when the page says nothing of it, or something this house did not sign. */
function madeAt(deps: Deps, formId: string, stamp: string | undefined): number | null {
  const [at = "", signature = ""] = (stamp ?? "").split(".");
  return /^\d{13}$/.test(at) && signature === signatureOf(deps, formId, at) ? Number(at) : null;
}

function signatureOf({ gate }: Deps, formId: string, at: string): string {
  return gate.sign("form stamp", `${formId} ${at}`).slice(0, 22);
}
