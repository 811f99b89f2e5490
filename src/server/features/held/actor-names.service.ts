/** Who an actor is, in words: the name of a user, a key or a form. */
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { listFormNames, listKeyNames } from "./held.queries.ts";

/** Names by actor; one that has none (the command line, a timer) is not in it. */
export async function actorNames({ configs, db }: Pick<Deps, "configs" | "db">, actors: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const named = [...new Set(actors)];
  const idsOf = (kind: string): readonly string[] =>
    named.flatMap((actor) => (actor.startsWith(`${kind}:`) && isUuid(actor.slice(kind.length + 1)) ? [actor.slice(kind.length + 1)] : []));
  const [users, keys, forms] = [new Set(idsOf("user")), idsOf("key"), idsOf("form")];
  const { config } = await configs.get(db);
  return new Map([
    ...config.users.flatMap(({ id, name }) => (users.has(id) ? [[`user:${id}`, name] as const] : [])),
    ...(keys.length === 0 ? [] : await listKeyNames(db, keys)).map(({ id, name }) => [`key:${id}`, name] as const),
    ...(forms.length === 0 ? [] : await listFormNames(db, forms)).map(({ id, name }) => [`form:${id}`, name] as const),
  ]);
}
