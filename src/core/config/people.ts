/** The people of a configuration by name. Who has left it keeps the id as name. */
import type { CompiledConfig } from "./compile.ts";

export type PersonRef = { readonly id: string; readonly name: string };

const names = new WeakMap<object, ReadonlyMap<string, string>>();

export function userRef({ config }: Pick<CompiledConfig, "config">, id: string | null): PersonRef | null {
  if (id === null) return null;
  let known = names.get(config);
  if (known === undefined) {
    known = new Map(config.users.map((user) => [user.id, user.name]));
    names.set(config, known);
  }
  return { id, name: known.get(id) ?? id };
}
