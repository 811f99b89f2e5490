/** Who did something, by name: facts keep only ids. */
import { userRef } from "../../../core/config/people.ts";
import type { Deps } from "../../deps.ts";
import { listKeyNames } from "./who.queries.ts";

export type Who = {
  readonly kind: "user" | "key" | "import" | "timer" | "publish" | "operator" | "form" | "system";
  readonly id: string | null;
  readonly name: string;
};

/** Reads the names once; the answer tells any number of actors. */
export async function whoReader({ db, configs }: Pick<Deps, "db" | "configs">): Promise<(actor: string) => Who> {
  const [keys, config] = await Promise.all([listKeyNames(db), configs.get(db)]);
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  return (actor) => {
    const [kind, id = null] = actor.split(":") as [string, string?];
    switch (kind) {
      case "user":
        return { kind, id, name: userRef(config, id)?.name ?? "Somebody" };
      case "key":
        return { kind, id, name: names.get(id ?? "") ?? "An API key" };
      case "import":
        return { kind, id, name: "An import" };
      case "form":
        return { kind, id, name: "A form" };
      case "timer":
        return { kind, id: null, name: "Time" };
      case "publish":
        return { kind, id: null, name: "A new configuration" };
      case "cli":
        return { kind: "operator", id: null, name: "The operator" };
      default:
        return { kind: "system", id: null, name: "Baton" };
    }
  };
}
