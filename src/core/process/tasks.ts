/** Next steps: created by the process, done by people. A task belongs to one pass of its stage. */
import type { TaskDef, TaskResult } from "../config/config.ts";
import { added, newId, note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Task } from "../flow/state.ts";
import { dayOfDate } from "../time.ts";

const HOUR_MS = 3_600_000;

/** Creates the tasks that stand at the beginning of the lead's stage. */
export function createEntryTasks(work: Work): void {
  for (const def of work.config.tasks) if (def.starts === "entry" && def.stage === work.lead.stage) createTask(work, def);
}

/** Creates the tasks that a done task brings, each once a pass. */
export function createFollowers(work: Work, done: Task): void {
  for (const def of work.config.tasks) {
    if (def.starts === "entry" || def.stage !== done.stage || !def.starts.afterAny.includes(done.key)) continue;
    const there = work.lead.tasks.some((task) => task.key === def.key && task.stage === def.stage && task.pass === done.pass && task.state !== "cancelled");
    if (!there && work.lead.passes[done.stage] === done.pass) createTask(work, def);
  }
}

function createTask(work: Work, def: TaskDef): void {
  const { lead, meta, config } = work;
  const task: Task = {
    id: newId(work),
    key: def.key,
    kind: def.kind,
    title: def.title,
    stage: def.stage,
    pass: lead.passes[def.stage] ?? 1,
    state: "open",
    ownerId: lead.ownerId ?? config.config.routing.fallback.responsible,
    processConfig: config.number,
    dueAt: meta.now + def.dueHours * HOUR_MS,
    createdAt: meta.now,
    doneAt: null,
    doneBy: null,
    result: null,
    form: null,
  };
  lead.tasks = added(lead.tasks, task);
}

/** Closes all open tasks of the process; those that people made themselves stay. */
export function closeOpenTasks(work: Work, as: "superseded" | "cancelled"): void {
  const closes = (task: Task): boolean => task.state === "open" && task.own !== true;
  if (!work.lead.tasks.some(closes)) return;
  work.lead.tasks = work.lead.tasks.map((task) => (closes(task) ? { ...task, state: as, doneAt: work.meta.now } : task));
}

/** Open tasks of the process follow the lead's owner, unless they were given to somebody by hand. */
export function handOverTasks(work: Work): void {
  const owner = work.lead.ownerId ?? work.config.config.routing.fallback.responsible;
  const follows = (task: Task): boolean => task.state === "open" && task.own !== true && task.delegated !== true && task.ownerId !== owner;
  if (!work.lead.tasks.some(follows)) return;
  work.lead.tasks = work.lead.tasks.map((task) => (follows(task) ? { ...task, ownerId: owner } : task));
}

/** The open task with this id, or a refusal that says why there is none. */
export function openTask(work: Work, taskId: string): Task {
  const task = work.lead.tasks.find((candidate) => candidate.id === taskId);
  if (task === undefined) throw new Refused(refuse(404, "not-found", `There is no task ${taskId}.`));
  if (task.state !== "open") throw new Refused(refuse(409, "task-closed", `"${task.title}" is ${task.state} already and cannot be completed again.`));
  return task;
}

/** What a task defines; a task whose process has dropped it since is completed without consequences. */
export function definitionOf(work: Work, task: Task): TaskDef | null {
  return work.config.tasks.find((def) => def.key === task.key && def.stage === task.stage) ?? null;
}

/** The result meant, or a refusal that lists the ones there are. */
export function chooseResult(def: TaskDef, wanted: string | undefined): TaskResult {
  const found = wanted === undefined ? (def.results.length === 1 ? def.results[0] : undefined) : def.results.find((result) => result.id === wanted);
  if (found !== undefined) return found;
  throw new Refused(
    refuse(422, "invalid", `"${def.title}" ends in one of: ${def.results.map((result) => result.id).join(", ")}.`, [
      { path: "result", message: wanted === undefined ? "is missing" : `"${wanted}" is not a result of this task` },
    ]),
  );
}

/** Closes the task with its result and writes the fact. */
export function markDone(work: Work, task: Task, result: string, form: Task["form"], reason: string | null, text: string | null = null): Task {
  const done: Task = { ...task, state: "done", doneAt: work.meta.now, doneBy: work.meta.actor, result, form };
  work.lead.tasks = work.lead.tasks.map((candidate) => (candidate.id === task.id ? done : candidate));
  work.changed = true;
  note(work, "task.completed", {
    task: task.id,
    key: task.key,
    title: task.title,
    result,
    ...(form === null ? {} : { form }),
    ...(reason === null ? {} : { reason }),
    ...(text === null ? {} : { note: text }),
  });
  return done;
}

/** Refuses a form whose answers do not fit its fields, naming each one. */
export function checkForm(work: Work, def: Pick<TaskDef, "title" | "form">, form: Task["form"]): void {
  const fields = def.form ?? [];
  const answers = form ?? {};
  const problems: { path: string; message: string }[] = [];
  for (const key of Object.keys(answers))
    if (!fields.some((field) => field.key === key)) problems.push({ path: `form.${key}`, message: "is not a field of this form" });
  for (const field of fields) {
    const answer = Object.hasOwn(answers, field.key) ? answers[field.key] : undefined;
    const wrong = answer === undefined || answer === "" ? (field.required === true ? "is required" : null) : answerProblem(work, field.type, answer);
    if (wrong !== null) problems.push({ path: `form.${field.key}`, message: wrong });
  }
  if (problems.length > 0)
    throw new Refused(refuse(422, "invalid", `The form "${def.title}" is not filled in as it should be. Nothing was written.`, problems));
}

function answerProblem(work: Work, type: string, answer: unknown): string | null {
  const { users, teams } = work.config.config;
  switch (type) {
    case "money": {
      const money = answer as { amount?: unknown; currency?: unknown };
      return typeof answer === "object" && Number.isSafeInteger(money.amount) && /^[A-Z]{3}$/.test(String(money.currency))
        ? null
        : "must be {amount, currency}, the amount in minor units";
    }
    case "date":
      return typeof answer === "string" && dayOfDate(answer) !== null ? null : 'must be a date as "YYYY-MM-DD"';
    case "dateTime":
      return typeof answer === "string" && /^\d{4}-\d{2}-\d{2}T/.test(answer) && !Number.isNaN(Date.parse(answer))
        ? null
        : "must be a date and time in ISO 8601";
    case "team":
      return teams.some((team) => team.id === answer) ? null : `must be one of the teams ${teams.map((team) => team.id).join(", ")}`;
    case "user":
      return users.some((user) => user.id === answer && user.active) ? null : "must be the id of an active user";
    default:
      return typeof answer === "string" ? null : "must be text";
  }
}
