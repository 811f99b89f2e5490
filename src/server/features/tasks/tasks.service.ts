/** Completing a next step; what follows from it is the flow's. */
import type { FormAnswers } from "../../../core/flow/state.ts";
import type { Deps } from "../../deps.ts";
import { type Idempotency, named, type Write, write } from "../leads/write.service.ts";

export type Completion = { readonly result?: string | undefined; readonly reason?: string | undefined; readonly form?: FormAnswers | undefined };

export async function completeTask(deps: Deps, id: string, completion: Completion, idempotency: Idempotency): Promise<Write> {
  const target = named("task", id);
  return write(deps, { kind: "completeTask", taskId: id.toLowerCase(), ...completion }, target, idempotency);
}
