/** Calls, meetings and messages that people write down: touches with who had them and how they ended. */
import type { TouchInput } from "../../../core/flow/input.ts";
import type { Deps } from "../../deps.ts";
import { type Idempotency, named, type Write, write } from "./write.service.ts";

export type Contacted = {
  readonly kind: "call" | "meeting" | "message";
  readonly outcome?: string | undefined;
  readonly note?: string | undefined;
  /** Milliseconds; now when not given. */
  readonly at?: number | undefined;
  readonly minutes?: number | undefined;
  readonly direction: "out" | "in";
};

export async function logContact(deps: Deps, id: string, contacted: Contacted, idempotency: Idempotency): Promise<Write> {
  return write(deps, { kind: "touches", touches: [touchOf(deps, contacted)] }, named("lead", id), idempotency);
}

export function touchOf({ actor }: Pick<Deps, "actor">, { kind, at, ...said }: Contacted): TouchInput {
  const props = Object.fromEntries(Object.entries({ ...said, by: actor }).filter(([, value]) => value !== undefined));
  return { kind, at: at ?? null, props };
}
