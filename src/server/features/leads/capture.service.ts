/** Capturing leads: one, or many that are each their own. */
import { reachOf, type Viewer } from "../../../core/access/access.ts";
import { keysOf } from "../../../core/identity/identity.ts";
import type { TouchInput } from "../../../core/flow/input.ts";
import type { Deps } from "../../deps.ts";
import type { Item } from "../../flow/item.ts";
import { invalid, Problem } from "../../problems.ts";
import { needsCountry, patchOf, type ProfileInput } from "./lead-patch.ts";
import { type Idempotency, type Write, write } from "./write.service.ts";

export type CaptureInput = ProfileInput & {
  readonly visitor?: string | null | undefined;
  /** Milliseconds. */
  readonly capturedAt?: number | undefined;
  readonly touches?: readonly TouchInput[] | undefined;
};

/** @throws Problem 422 when nobody can be told from it, or a value is not one */
export async function captureLead(deps: Deps, capture: CaptureInput, idempotency: Idempotency): Promise<Write> {
  const { input, target } = captureItem(deps, capture, needsCountry(capture) ? await countryOf(deps) : null);
  return write(deps, input, target, idempotency);
}

export type Captured = Write | Problem;

/** Not atomic: each has its own answer, in order; those that are problems already stay what they are. One key stands for the whole batch. */
export async function captureLeads(deps: Deps, captures: readonly (CaptureInput | Problem)[], idempotency: Idempotency): Promise<readonly Captured[]> {
  const country = captures.some((capture) => !(capture instanceof Problem) && needsCountry(capture)) ? await countryOf(deps) : null;
  return Promise.all(
    captures.map((capture, i) => (capture instanceof Problem ? Promise.resolve(capture) : captureOne(deps, capture, country, partOf(idempotency, i)))),
  );
}

/** A batch's key with the place of the part: a line break cannot come in a header, so no caller's key is like it. */
export function partOf(idempotency: Idempotency, place: number): Idempotency {
  return idempotency === null ? null : { key: `${idempotency.key}\n${place}`, hash: idempotency.hash };
}

async function captureOne(deps: Deps, capture: CaptureInput, country: string | null, idempotency: Idempotency): Promise<Captured> {
  try {
    const { input, target } = captureItem(deps, capture, country);
    return await write(deps, input, target, idempotency);
  } catch (error) {
    if (error instanceof Problem && !error.type.startsWith("idempotency-")) return error;
    throw error;
  }
}

function captureItem({ viewer }: Deps, capture: CaptureInput, country: string | null): Pick<Item, "input" | "target"> {
  const patch = patchOf(capture, "says nothing", country);
  const visitor = capture.visitor?.trim() ?? "";
  const { externalId, email, phone, firstName, lastName, company } = patch;
  if (!(externalId || email || phone || visitor || firstName || lastName || company)) {
    throw invalid("This says nothing about who it is. Send at least one of email, phone, externalId, visitor or a name. Nothing was written.", [
      { path: "", message: "needs email, phone, externalId, visitor, firstName, lastName or company" },
    ]);
  }
  return {
    input: { kind: "capture", patch, touches: capture.touches ?? [], capturedAt: capture.capturedAt, owner: ownerOf(viewer) },
    target: { by: "keys", keys: keysOf({ externalId, email, phone, visitor }), only: null },
  };
}

/** Who may not edit every lead owns those he adds: else he could not even correct them. */
function ownerOf({ role, userId }: Viewer): string | undefined {
  return reachOf(role, "leads.edit") === "all" ? undefined : (userId ?? undefined);
}

async function countryOf({ configs, db }: Deps): Promise<string | null> {
  return (await configs.get(db)).config.defaultCountry;
}
