/** Next steps over HTTP. A lead's list of them stands with the lead. */
import * as contracts from "../../../contracts/task.ts";
import { type Mounted, route } from "../../http/route.ts";
import { written } from "../../http/written.ts";
import { completeTask } from "./tasks.service.ts";

export function mountTasks(mounted: Mounted): void {
  route(mounted, contracts.completeTask, async (deps, { params, body, idempotency }) => written(await completeTask(deps, params.id, body ?? {}, idempotency)));
}
