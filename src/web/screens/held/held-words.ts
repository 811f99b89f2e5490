/** A held input, and who sent it. */
import type { Out } from "../../api/call.ts";

export type Held = Out<"getHeld">;

/** Who sent it, in words. */
export function fromWords({ by: { actor, name }, kind }: Pick<Held, "by" | "kind">): string {
  const [sort = ""] = actor.split(":");
  const who = sort === "form" ? "form" : sort === "key" ? "API key" : sort === "import" ? "import" : sort === "user" ? "" : actor;
  return [kind, [who, name].filter((word) => word).join(" ")].filter((word) => word !== "").join(" by ");
}
