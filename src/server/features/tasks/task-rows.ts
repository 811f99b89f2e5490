/** Next steps and reminders as queues show them. */
import type { Repeat } from "../../../core/calendar/repeat.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import type { LeadState, Task } from "../../../core/flow/state.ts";

export type TaskRow = {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly stage: string | null;
  readonly state: string;
  readonly owner_id: string | null;
  readonly due_at: Date;
  readonly created_at: Date;
  readonly done_at: Date | null;
  readonly result: string | null;
  readonly own: boolean;
  readonly delegated: boolean;
  readonly note: string | null;
  readonly repeat: Repeat | null;
  /** Null for a reminder. */
  readonly lead: LeadLine | null;
};

export type LeadLine = {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly job_title: string | null;
  readonly stage: string;
  readonly status: string;
  readonly heat: string;
  readonly score: number;
  readonly email: string | null;
  readonly phone: string | null;
  readonly external_id: string | null;
  readonly owner_id: string | null;
};

export type TaskItem = ReturnType<typeof taskItem>;
export type TaskLead = ReturnType<typeof taskLead>;

export function taskItem(row: TaskRow, config: CompiledConfig, now: number) {
  const def = config.tasks.find((candidate) => candidate.key === row.key && candidate.stage === row.stage);
  return {
    id: row.id,
    key: row.key,
    kind: row.kind,
    title: row.title,
    stage: row.stage,
    state: row.state as Task["state"],
    owner: userRef(config, row.owner_id),
    dueAt: row.due_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    doneAt: row.done_at?.toISOString() ?? null,
    result: row.result,
    own: row.own,
    delegated: row.delegated,
    note: row.note,
    repeat: repeatView(row.repeat),
    overdue: row.state === "open" && row.due_at.getTime() < now,
    form: !row.own && (def?.form ?? []).length > 0,
    results: row.own ? [] : (def?.results ?? []).map(({ id, label, needsReason }) => ({ id, label, needsReason: needsReason === true })),
    lead: row.lead === null ? null : taskLead(row.lead, config),
  };
}

/** The zone is the workspace's: nobody is shown it. */
export function repeatView(repeat: Repeat | null | undefined) {
  if (repeat === null || repeat === undefined) return null;
  const { every, interval, until } = repeat;
  return { every, interval, ...(until === undefined ? {} : { until }) };
}

export function taskLead(lead: LeadLine, config: CompiledConfig) {
  return {
    id: lead.id,
    name: leadName(lead),
    company: lead.company,
    jobTitle: lead.job_title,
    stage: lead.stage,
    status: lead.status,
    heat: lead.heat,
    score: lead.score / 100,
    email: lead.email,
    phone: lead.phone,
    owner: userRef(config, lead.owner_id),
  };
}

/** A task of a lead whose state is at hand, as the queue would read it. */
export function rowOfTask(task: Task, lead: LeadState): TaskRow {
  return {
    id: task.id,
    key: task.key,
    kind: task.kind,
    title: task.title,
    stage: task.stage,
    state: task.state,
    owner_id: task.ownerId,
    due_at: new Date(task.dueAt),
    created_at: new Date(task.createdAt),
    done_at: task.doneAt === null ? null : new Date(task.doneAt),
    result: task.result,
    own: task.own === true,
    delegated: task.delegated === true,
    note: task.note ?? null,
    repeat: task.repeat ?? null,
    lead: {
      id: lead.id,
      first_name: lead.firstName,
      last_name: lead.lastName,
      company: lead.company,
      job_title: lead.jobTitle,
      stage: lead.stage,
      status: lead.status,
      heat: lead.heat,
      score: lead.scores.total,
      email: lead.email,
      phone: lead.phone,
      external_id: lead.externalId,
      owner_id: lead.ownerId,
    },
  };
}
