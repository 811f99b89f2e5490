/** The process: whether sales must accept, which next steps there are at which stage, when they are due, what they must ask. */
import { Checkbox, NumberInput } from "@mantine/core";
import { useState } from "react";
import { defaultProcess } from "../../../core/config/default-config.ts";
import { useRead } from "../../api/query.ts";
import { toastProblem } from "../../app/toasts.tsx";
import { Loaded } from "../../parts/states.tsx";
import { type Config, publishWithUndo } from "./publish.ts";
import { ChangedBy, Part, Section, Setting, SwitchSetting, TextSetting } from "./section.tsx";
import css from "./settings.module.css";

type Task = Config["process"]["tasks"][number];

const KINDS: Readonly<Record<Task["kind"], string>> = {
  mail: "Mail",
  social: "Social network",
  call: "Call",
  meeting: "Meeting",
  form: "Form",
  review: "Review",
};

export function ProcessSection() {
  return <Loaded from={useRead("getConfig")}>{({ config }) => <Body config={config} />}</Loaded>;
}

function Body({ config }: { readonly config: Config }) {
  const { acceptance, process, stages } = config;
  const at = [...new Set(process.tasks.map(({ stage }) => stage))];
  const putTask = (was: Task, next: Task, done: string): Promise<void> => {
    const tasks = process.tasks.map((task) => (task === was ? next : task));
    return publishWithUndo(config, { ...config, process: { ...process, tasks } }, done);
  };
  return (
    <Section
      title="Process"
      about="Which next steps a lead gets at which stage, and what their results lead to. Open next steps keep the due time they were given."
    >
      <Setting
        label="Sales accepts leads"
        effect="On: an owner accepts or returns every MQL before it is worked, and the next steps stand at Sales accepted. Off: they stand at Marketing qualified at once."
        standard="off"
        changed={<ChangedBy action="config.published" part="acceptance" />}
      >
        {(ids) => (
          <SwitchSetting
            ids={ids}
            checked={acceptance}
            onChange={(on) =>
              void publishWithUndo(config, withAcceptance(config, on), on ? "Sales accepts leads now" : "Leads are worked without acceptance now").catch(
                toastProblem,
              )
            }
          />
        )}
      </Setting>
      {at.map((stage) => (
        <Part key={stage} title={stages.find(({ id }) => id === stage)?.label ?? stage}>
          {process.tasks
            .filter((task) => task.stage === stage)
            .map((task) => (
              <TaskRows key={`${task.key} ${task.stage}`} task={task} config={config} onChange={(next, done) => putTask(task, next, done)} />
            ))}
        </Part>
      ))}
      <ChangedBy action="config.published" part="process" />
    </Section>
  );
}

/**
 * Which tasks stand where follows the switch; what was decided about each (title, due time, form) stays. Tasks the default
 * process does not know stay where they are, unless their stage is hidden then.
 */
function withAcceptance(config: Config, on: boolean): Config {
  const [from, to] = on ? ["mql", "sal"] : ["sal", "mql"];
  const kept = config.process.tasks.filter(({ key }) => key !== "accept");
  const accept = defaultProcess(true).tasks.filter(({ key }) => key === "accept");
  const tasks = kept.map((task) => (task.stage === from ? { ...task, stage: to } : task));
  return { ...config, acceptance: on, process: { ...config.process, tasks: on ? [...(accept as readonly Task[]), ...tasks] : tasks } };
}

function TaskRows({
  task,
  config,
  onChange,
}: {
  readonly task: Task;
  readonly config: Config;
  readonly onChange: (next: Task, done: string) => Promise<void>;
}) {
  const { title, kind, dueHours, starts, form = [], results } = task;
  const others = config.process.tasks.filter(({ stage }) => stage === task.stage);
  const begins =
    starts === "entry"
      ? "on entering the stage"
      : `when any of these is done: ${starts.afterAny.map((key) => others.find((one) => one.key === key)?.title ?? key).join("; ")}`;
  const leads = results.map(({ label, leadsTo }) => {
    if (leadsTo === undefined) return label;
    return `${label} → ${"stage" in leadsTo ? (config.stages.find(({ id }) => id === leadsTo.stage)?.label ?? leadsTo.stage) : "converted"}`;
  });
  return (
    <>
      <Setting
        label={title}
        effect={
          <>
            {KINDS[kind]}, made {begins}. Results: {leads.join(", ")}.
          </>
        }
      >
        {(ids) => (
          <>
            <TextSetting ids={ids} value={title} required onSave={(next) => onChange({ ...task, title: next }, `“${next}” it is called now`)} />
            <DueHours
              label={`${title}: due after hours`}
              value={dueHours}
              onSave={(hours) => onChange({ ...task, dueHours: hours }, `“${title}” is due after ${hours} h`)}
            />
          </>
        )}
      </Setting>
      {form.length > 0 && (
        <fieldset className={css.required}>
          <legend className={css.effect}>Fields that must be filled to complete “{title}”</legend>
          {form.map((field, i) => (
            <Checkbox
              key={field.key}
              label={field.label}
              checked={field.required === true}
              onChange={(event) => {
                const { required: _, ...rest } = field;
                const required = event.currentTarget.checked;
                void onChange(
                  { ...task, form: form.with(i, required ? { ...rest, required } : rest) },
                  required ? `“${field.label}” is required now` : `“${field.label}” may be left empty now`,
                ).catch(toastProblem);
              }}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

function DueHours({ label, value, onSave }: { readonly label: string; readonly value: number; readonly onSave: (hours: number) => Promise<void> }) {
  const [typed, setTyped] = useState<number | string | null>(null);
  const save = (): void => {
    if (typeof typed === "number" && typed !== value) void onSave(typed).then(() => setTyped(null), toastProblem);
    else setTyped(null);
  };
  return (
    <NumberInput
      aria-label={label}
      min={0}
      max={87_600}
      suffix=" h until due"
      hideControls
      value={typed ?? value}
      onChange={setTyped}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
      }}
    />
  );
}
