/** What needs a word before it is done: starting a stage, returning, giving to somebody else, converting, a task of one's own. */
import { Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useRead } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { leadName } from "../../format/format.ts";
import { DateTimeField, PersonPicker, StagePicker } from "../../parts/fields.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { Choice } from "./choice.tsx";
import css from "./lead.module.css";
import { type Lead, settle, type Task } from "./lead-writes.ts";
import { laterChoices } from "./later.ts";
import { type Answers, givenAnswers, StepFields } from "./step-fields.tsx";

export type LeadDialogProps = {
  readonly lead: Pick<Lead, "id" | "firstName" | "lastName" | "email" | "stage" | "owner">;
  readonly onClose: () => void;
  readonly onDone?: () => void;
};

const given = (reason: string): { readonly reason?: string } => (reason.trim() === "" ? {} : { reason: reason.trim() });

export function StageDialog({ lead, stage, onClose }: LeadDialogProps & { readonly stage: string | null }) {
  const stages = useRead("getConfig").data?.config.stages ?? [];
  const form = useForm({
    op: "moveLead",
    initial: { stage, reason: "" } as { readonly stage: string | null; readonly reason: string },
    input: ({ stage, reason }) => ({ params: { id: lead.id }, body: { stage: stage ?? "", ...given(reason) } }),
    check: ({ stage, reason }) => ({
      ...(stage === null ? { stage: "Choose a stage." } : {}),
      ...(isExit(stage) && reason.trim() === "" ? { reason: "Say why: an exit needs a reason." } : {}),
    }),
    onDone: (answer, { stage }) => {
      onClose();
      settle(answer, `${leadName(lead)} is at ${stages.find(({ id }) => id === stage)?.label ?? stage}`);
    },
  });
  function isExit(id: string | null): boolean {
    return stages.find((one) => one.id === id)?.line === "exit";
  }
  const exit = isExit(form.values.stage);
  return (
    <Modal
      opened
      onClose={onClose}
      title={form.values.stage === lead.stage ? "Start the stage again" : "Start a stage"}
      size={420}
      closeOnClickOutside={!form.dirty}
    >
      <FormBody form={form} submit="Start the stage" cancel={onClose}>
        <StagePicker label="Stage" {...form.field("stage")} {...(stage === null ? { "data-autofocus": true, defaultDropdownOpened: true } : {})} />
        <Textarea
          label={exit ? "Reason" : "Reason (if there is one)"}
          required={exit}
          rows={2}
          {...(stage === null ? {} : { "data-autofocus": true })}
          {...form.text("reason")}
        />
      </FormBody>
    </Modal>
  );
}

export function AssignDialog({ lead, onClose, onDone }: LeadDialogProps) {
  const people = useRead("getConfig").data?.config.users ?? [];
  const form = useForm({
    op: "assignLead",
    initial: { owner: null, reason: "" } as { readonly owner: string | null; readonly reason: string },
    input: ({ owner, reason }) => ({ params: { id: lead.id }, body: { owner: owner ?? "", ...given(reason) } }),
    check: ({ owner }) => (owner === null ? { owner: "Choose who is to have it." } : {}),
    onDone: (answer, { owner }) => {
      onClose();
      settle(
        answer,
        owner === "route"
          ? `${leadName(lead)} went through the routing rules`
          : `${leadName(lead)} is given to ${people.find(({ id }) => id === owner)?.name ?? "somebody"}`,
      );
      onDone?.();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Give ${leadName(lead)} to`} size={420} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Assign" cancel={onClose}>
        <TextInput label="Reason (if there is one)" {...form.text("reason")} />
        <PersonPicker
          label="New owner"
          description="Whom you choose gets it at once."
          data-autofocus
          autoFocus
          defaultDropdownOpened
          extra={[{ value: "route", label: "By the routing rules" }]}
          {...form.field("owner")}
          onChange={(owner) => (owner === null ? form.set({ owner }) : form.submitWith({ owner }))}
        />
      </FormBody>
    </Modal>
  );
}

/** A step goes to somebody else; the lead keeps its owner. */
export function DelegateDialog({ task, onClose }: { readonly task: Pick<Task, "id" | "title">; readonly onClose: () => void }) {
  const people = useRead("getConfig").data?.config.users ?? [];
  const form = useForm({
    op: "delegateTask",
    initial: { owner: null, reason: "" } as { readonly owner: string | null; readonly reason: string },
    input: ({ owner, reason }) => ({ params: { id: task.id }, body: { owner: owner ?? "", ...given(reason) } }),
    check: ({ owner }) => (owner === null ? { owner: "Choose who is to do it." } : {}),
    onDone: (answer, { owner }) => {
      onClose();
      settle(answer, `${task.title} goes to ${people.find(({ id }) => id === owner)?.name ?? "somebody"}`);
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Hand over: ${task.title}`} size={420} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Hand over" cancel={onClose}>
        <PersonPicker label="To whom" data-autofocus defaultDropdownOpened {...form.field("owner")} />
        <TextInput label="Reason (if there is one)" {...form.text("reason")} />
      </FormBody>
    </Modal>
  );
}

/** Without an open step for it: the same fields, filled with what Qualify found out. */
export function ConvertDialog({ lead, tasks, onClose }: LeadDialogProps & { readonly tasks: readonly Task[] }) {
  const process = useRead("getConfig").data?.config.process.tasks ?? [];
  const fields = process.find(({ results }) => results.some(({ leadsTo }) => leadsTo !== undefined && "convert" in leadsTo))?.form ?? [];
  const known = Object.assign({}, ...tasks.map(({ form, known }) => ({ ...known, ...form }))) as Task["known"];
  const form = useForm({
    op: "convertLead",
    initial: { name: "", form: Object.fromEntries(fields.map(({ key }) => [key, known[key] ?? null])) as Answers },
    input: ({ name, form }) => ({ params: { id: lead.id }, body: { ...(name.trim() === "" ? {} : { name: name.trim() }), form: givenAnswers(form) } }),
    onDone: (answer) => {
      onClose();
      settle(answer, `${leadName(lead)} is an opportunity`);
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Convert ${leadName(lead)} to an opportunity`} size={480} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Convert" cancel={onClose}>
        <TextInput label="Name of the opportunity" placeholder="As the company is called" data-autofocus {...form.text("name")} />
        <StepFields
          fields={fields}
          known={known}
          answers={form.values.form}
          onChange={(key, value) => form.set({ form: { ...form.values.form, [key]: value } })}
          errorOf={(key) => form.errorOf(key as "form")}
        />
      </FormBody>
    </Modal>
  );
}

const KINDS = [
  { value: "todo", label: "To do" },
  { value: "call", label: "Call" },
  { value: "mail", label: "Mail" },
  { value: "meeting", label: "Meeting" },
];
const REPEATS = [
  { value: "day", label: "Every day" },
  { value: "weekday", label: "Every weekday" },
  { value: "week", label: "Every week" },
  { value: "month", label: "Every month" },
  { value: "year", label: "Every year" },
];

type Own = {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly dueAt: string;
  readonly note: string | null;
  readonly repeat: Task["repeat"];
};
type Kind = "call" | "mail" | "meeting" | "todo";
type Every = "day" | "weekday" | "week" | "month" | "year";

/** A new task or reminder, or one's own to be changed. */
export function OwnTaskDialog({ leadId, task, onClose }: { readonly leadId: string | null; readonly task: Own | null; readonly onClose: () => void }) {
  const { user, workspace } = useSession();
  const [choices] = useState(() => laterChoices(workspace.timezone));
  const initial = {
    title: task?.title ?? "",
    kind: (task?.kind ?? "todo") as Kind,
    dueAt: task?.dueAt ?? choices[1]?.at ?? "",
    owner: user.id as string | null,
    note: task?.note ?? "",
    repeat: (task?.repeat?.every ?? null) as Every | null,
  };
  const repeatOf = (every: Every | null) =>
    every === null ? undefined : { every, interval: task?.repeat?.interval ?? 1, ...(task?.repeat?.until === undefined ? {} : { until: task.repeat.until }) };
  const common = {
    initial,
    check: (values: typeof initial) => ({
      ...(values.title.trim() === "" ? { title: "Say what is to be done." } : {}),
      ...(values.dueAt === "" ? { dueAt: "Choose when." } : {}),
    }),
  };
  const create = useForm({
    ...common,
    op: "createTask",
    input: ({ title, kind, dueAt, owner, note, repeat }) => {
      const again = repeatOf(repeat);
      return {
        body: {
          title: title.trim(),
          kind,
          dueAt,
          ...(leadId === null ? {} : { lead: leadId }),
          ...(owner === null || owner === user.id ? {} : { owner }),
          ...(note.trim() === "" ? {} : { note: note.trim() }),
          ...(again === undefined ? {} : { repeat: again }),
        },
      };
    },
    onDone: (answer, { title }) => {
      onClose();
      settle(answer, `Added: ${title.trim()}`);
    },
  });
  const edit = useForm({
    ...common,
    op: "editTask",
    input: ({ title, kind, dueAt, note, repeat }) => ({
      params: { id: task?.id ?? "" },
      body: { title: title.trim(), kind, dueAt, note: note.trim() === "" ? null : note.trim(), repeat: repeatOf(repeat) ?? null },
    }),
    onDone: (answer, { title }) => {
      onClose();
      settle(answer, `Changed: ${title.trim()}`);
    },
  });
  const form = task === null ? create : edit;
  return (
    <Modal
      opened
      onClose={onClose}
      title={task === null ? (leadId === null ? "New reminder" : "New task") : "Change the task"}
      size={440}
      closeOnClickOutside={!form.dirty}
    >
      <FormBody form={form} submit={task === null ? "Add" : "Save"} cancel={onClose}>
        <TextInput label="What" data-autofocus required placeholder="Send the offer" {...form.text("title")} />
        <Choice label="Kind" options={KINDS} value={form.values.kind} onChange={(kind) => form.set({ kind: kind as Kind })} />
        <DateTimeField label="When" required {...form.field("dueAt")} />
        <div className={css.quick} role="group" aria-label="When, quickly">
          {choices.map(({ id, label, at }) => (
            <button key={id} type="button" className={css.chip} onClick={() => form.set({ dueAt: at })}>
              {label}
            </button>
          ))}
        </div>
        {task === null && leadId !== null && <PersonPicker label="Who" {...form.field("owner")} />}
        <Select
          label="Again"
          clearable
          placeholder="Once"
          data={REPEATS}
          {...form.field("repeat")}
          onChange={(repeat) => form.set({ repeat: repeat as Every | null })}
        />
        <Textarea label="Note" rows={2} {...form.text("note")} />
      </FormBody>
    </Modal>
  );
}
