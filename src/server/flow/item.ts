/** One thing that happened, on its way through the door, and what became of it. */
import type { Bearer } from "../../core/access/door.ts";
import type { CompiledConfig } from "../../core/config/compile.ts";
import type { Input, Refusal } from "../../core/flow/input.ts";
import type { LeadState } from "../../core/flow/state.ts";
import type { IdentityKey, IdentityKind } from "../../core/identity/identity.ts";

export type Target =
  | { readonly by: "lead"; readonly id: string }
  | { readonly by: "keys"; readonly keys: readonly IdentityKey[]; readonly only: IdentityKind | null }
  | { readonly by: "task"; readonly id: string }
  | { readonly by: "opportunity"; readonly id: string };

export type Item = {
  /** UUIDv7; everything the reaction creates is named after it. */
  readonly inputId: string;
  /** Who did it: `key:…`, `user:…`, `import:…`, `timer`, `cli`. */
  readonly actor: string;
  /** Whose rights decide, under the lead's lock; null for the house itself and for keys of nobody. */
  readonly bearer: Bearer;
  readonly input: Input;
  readonly target: Target;
  readonly idempotency: { readonly key: string; readonly hash: string } | null;
};

/** `id` names the intake row where a held input waits. */
export type Outcome =
  | {
      readonly kind: "done";
      readonly outcome: "created" | "updated" | "unchanged";
      readonly lead: LeadState;
      readonly config: CompiledConfig;
      readonly replayed: boolean;
    }
  | Refusal
  | { readonly kind: "held"; readonly id: string; readonly reason: string };
