/** Next steps and reminders over HTTP. A lead's list of them stands with the lead. */
import { myDay as dayContract } from "../../../contracts/my-day.ts";
import * as contracts from "../../../contracts/task.ts";
import { momentOf } from "../../../contracts/values.ts";
import { type Mounted, route } from "../../http/route.ts";
import { touchOf } from "../leads/log.service.ts";
import { myDay } from "./my-day.service.ts";
import { listTasks } from "./task-list.service.ts";
import * as tasks from "./tasks.service.ts";

export function mountTasks(mounted: Mounted): void {
  route(mounted, contracts.listTasks, async (deps, { query }) => ({
    status: 200,
    body: await listTasks(deps, { ...query, from: moment(query.from), to: moment(query.to) }),
  }));
  route(mounted, dayContract, async (deps, { query }) => ({ status: 200, body: await myDay(deps, query.user) }));
  route(mounted, contracts.createTask, async (deps, { body, idempotency }) => {
    const made = await tasks.createTask(deps, { ...body, dueAt: moment(body.dueAt) ?? deps.now() }, idempotency);
    return made.outcome === "held" ? { status: 202, body: made } : { status: 201, body: made };
  });
  route(mounted, contracts.editTask, async (deps, { params, body, idempotency }) =>
    answer(await tasks.editTask(deps, params.id, { ...body, dueAt: moment(body.dueAt) }, idempotency)),
  );
  route(mounted, contracts.completeTask, async (deps, { params, body, idempotency }) => {
    const { log, ...completion } = body ?? {};
    const touch = log === undefined ? undefined : touchOf(deps, { ...log, at: moment(log.at) });
    return answer(await tasks.completeTask(deps, params.id, { ...completion, touch }, idempotency));
  });
  route(mounted, contracts.snoozeTask, async (deps, { params, body, idempotency }) =>
    answer(await tasks.snoozeTask(deps, params.id, { until: moment(body.until) ?? 0, reason: body.reason }, idempotency)),
  );
  route(mounted, contracts.delegateTask, async (deps, { params, body, idempotency }) => answer(await tasks.delegateTask(deps, params.id, body, idempotency)));
  route(mounted, contracts.cancelTask, async (deps, { params, body, idempotency }) =>
    answer(await tasks.cancelTask(deps, params.id, body?.reason, idempotency)),
  );
}

function answer(write: tasks.TaskWrite) {
  return write.outcome === "held" ? ({ status: 202, body: write } as const) : ({ status: 200, body: write } as const);
}

function moment(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (momentOf(text) ?? undefined);
}
