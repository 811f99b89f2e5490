/** Finding out which lead each input of a batch is about, new ones included. */
import { identify, type IdentityKey, type IdentityKind, keysOf } from "../../core/identity/identity.ts";
import type { Contested } from "../../core/flow/input.ts";
import { deriveId } from "../../core/ids.ts";
import type { Db } from "../db/db.ts";
import { listEmailIdentities, listIdentities, listOpportunityLeads, listTaskLeads, lockForBatch } from "./flow.queries.ts";
import type { Item, Target } from "./item.ts";

/**
 * `claims` are identities that become this lead's; `contested` ones belong to another lead and stay there; `taken` ones make
 * an edit impossible. Null: there is no such lead, task or opportunity.
 */
export type Resolved = {
  readonly leadId: string;
  readonly isNew: boolean;
  readonly claims: readonly IdentityKey[];
  readonly contested: readonly Contested[];
  readonly taken: readonly Contested[];
} | null;

export type Resolution = { readonly config: number; readonly targets: readonly Resolved[] };

/**
 * Locks the configuration, whose number it answers, and the identities of the open items, and decides in their order, so that
 * the second input about a new person finds the lead the first one makes.
 */
export async function resolveTargets(db: Db, items: readonly Item[], open: readonly number[]): Promise<Resolution> {
  const targets = open.map((i) => (items[i] as Item).target);
  const keys = open.flatMap((i) => keysOfItem(items[i] as Item));
  lockForBatch(db, keys);
  const [{ config, known }, tasks, opportunities] = await Promise.all([
    knownIdentities(db, keys),
    leadsOfTasks(db, targets),
    leadsOfOpportunities(db, targets),
  ]);
  const resolved: Resolved[] = items.map(() => null);
  for (const i of open) {
    const item = items[i] as Item;
    const { target } = item;
    if (target.by === "keys") {
      resolved[i] = decide(known, target, item.inputId);
      continue;
    }
    const leadId = target.by === "lead" ? target.id : (target.by === "task" ? tasks : opportunities).get(target.id);
    if (leadId !== undefined) resolved[i] = { leadId, isNew: false, contested: [], ...claimFor(known, leadId, keysOfItem(item)) };
  }
  return { config, targets: resolved };
}

function keysOfItem({ target, input }: Item): readonly IdentityKey[] {
  if (target.by === "keys") return target.keys;
  return input.kind === "edit" ? keysOf(input.patch) : [];
}

function claimFor(
  known: Known,
  leadId: string,
  keys: readonly IdentityKey[],
): { readonly claims: readonly IdentityKey[]; readonly taken: readonly Contested[] } {
  const taken = keys.flatMap((key) => {
    const other = known.leads.get(`${key.kind} ${key.value}`);
    return other === undefined || other === leadId ? [] : [{ ...key, leadId: other }];
  });
  if (taken.length > 0) return { claims: [], taken };
  for (const { kind, value } of keys) known.leads.set(`${kind} ${value}`, leadId);
  return { claims: keys.filter((key) => !known.stored.has(`${key.kind} ${key.value}`)), taken };
}

/** `stored` is what the database knew before the batch. */
type Known = { readonly stored: ReadonlySet<string>; readonly leads: Map<string, string>; readonly emails: Map<string, string[]> };

async function knownIdentities(db: Db, keys: readonly IdentityKey[]): Promise<{ readonly config: number; readonly known: Known }> {
  const stored = new Set<string>();
  const known: Known = { stored, leads: new Map(), emails: new Map() };
  const weak = new Set<string>();
  const { number, identities } = await listIdentities(db, keys);
  for (const { kind, value, lead_id } of identities) {
    stored.add(`${kind} ${value}`);
    known.leads.set(`${kind} ${value}`, lead_id);
    if (kind === "phone" || kind === "visitor") weak.add(lead_id);
  }
  if (weak.size > 0) for (const { lead_id, value } of await listEmailIdentities(db, [...weak])) remember(known, lead_id, value);
  return { config: number, known };
}

function remember(known: Known, leadId: string, email: string): void {
  const emails = known.emails.get(leadId);
  if (emails === undefined) known.emails.set(leadId, [email]);
  else if (!emails.includes(email)) emails.push(email);
}

function decide(known: Known, target: Extract<Target, { by: "keys" }>, inputId: string): Resolved {
  const found = identify(
    target.keys,
    { leadOf: ({ kind, value }) => known.leads.get(`${kind} ${value}`), emailsOf: (leadId) => known.emails.get(leadId) ?? [] },
    target.only as IdentityKind | null,
  );
  const leadId = found.leadId ?? deriveId(inputId, 4095);
  for (const { kind, value } of found.claims) {
    known.leads.set(`${kind} ${value}`, leadId);
    if (kind === "email") remember(known, leadId, value);
  }
  const claims = target.keys.filter(({ kind, value }) => known.leads.get(`${kind} ${value}`) === leadId && !known.stored.has(`${kind} ${value}`));
  return { leadId, isNew: found.leadId === null, claims, contested: found.contested, taken: [] };
}

async function leadsOfTasks(db: Db, targets: readonly Target[]): Promise<ReadonlyMap<string, string>> {
  const ids = targets.flatMap((target) => (target.by === "task" ? [target.id] : []));
  return ids.length === 0 ? new Map() : new Map((await listTaskLeads(db, ids)).map((row) => [row.id, row.lead_id]));
}

async function leadsOfOpportunities(db: Db, targets: readonly Target[]): Promise<ReadonlyMap<string, string>> {
  const ids = targets.flatMap((target) => (target.by === "opportunity" ? [target.id] : []));
  return ids.length === 0 ? new Map() : new Map((await listOpportunityLeads(db, ids)).map((row) => [row.id, row.lead_id]));
}
