/** Publishing what one changed in the configuration, onto whatever is live by then, with Undo. */
import { ApiProblem, call, type Out } from "../../api/call.ts";
import { query, queryClient, refresh } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { mergeConfig, same } from "./merge-config.ts";

export type Config = Out<"getConfig">["config"];

/** Somebody else published between reading and publishing; more often than this in a row it is said. */
const TRIES = 4;

/** Makes of the live configuration what made `to` of `from`. @throws Error that names what somebody else changed meanwhile */
export async function publishChange(from: Config, to: Config, why?: string): Promise<Out<"publishConfig">> {
  for (let tries = 1; ; tries++) {
    const live = await call("getConfig");
    const { value, conflicts } = mergeConfig(from, to, live.config);
    if (conflicts.length > 0) {
      queryClient.setQueryData(query("getConfig").queryKey, live);
      throw new Error(
        `Somebody else changed the same meanwhile: ${conflicts.join("; ")}. Nothing was published. Look at what is live now and repeat your change.`,
      );
    }
    try {
      const said = why?.trim() ?? "";
      const answer = await call("publishConfig", { body: value, ifMatch: live.number, ...(said === "" ? {} : { query: { why: said } }) });
      queryClient.setQueryData(query("getConfig").queryKey, answer);
      refresh("getConfig", "listAudit", "listLeadFields", "listTeams");
      return answer;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412 || tries >= TRIES) throw error;
    }
  }
}

/** The same with a toast that takes it back. */
export async function publishWithUndo(from: Config, to: Config, done: string, why?: string): Promise<void> {
  if (same(from, to)) return;
  const { number } = await publishChange(from, to, why);
  toast({ text: `${done} · version ${number}`, undo: () => publishChange(to, from, `Took back: ${done}`) });
}
