/** The fields that a step's form asks for, with what is known already filled in. */
import { Select, TextInput } from "@mantine/core";
import { useRead } from "../../api/query.ts";
import { DateField, DateTimeField, MoneyField, PersonPicker } from "../../parts/fields.tsx";
import css from "./lead.module.css";
import type { Task } from "./lead-writes.ts";

export type Answer = Task["known"][string];
export type Answers = Readonly<Record<string, Answer | null>>;
type FieldDef = Pick<Task["fields"][number], "key" | "label" | "type"> & { readonly required?: boolean };

export type StepFieldsProps = {
  readonly fields: readonly FieldDef[];
  readonly answers: Answers;
  readonly known: Task["known"];
  readonly onChange: (key: string, value: Answer | null) => void;
  readonly errorOf?: (key: string) => string | undefined;
};

export function StepFields({ fields, answers, known, onChange, errorOf }: StepFieldsProps) {
  const first = fields.find(({ key }) => isEmpty(answers[key])) ?? fields[0];
  return (
    <div className={css.stepFields}>
      {fields.map((field) => (
        <StepField
          key={field.key}
          field={field}
          value={answers[field.key] ?? null}
          known={!isEmpty(known[field.key])}
          focus={field === first}
          error={errorOf?.(field.key)}
          onChange={(value) => onChange(field.key, value)}
        />
      ))}
    </div>
  );
}

type OneProps = {
  readonly field: FieldDef;
  readonly value: Answer | null;
  readonly known: boolean;
  readonly focus: boolean;
  readonly error: string | undefined;
  readonly onChange: (value: Answer | null) => void;
};

function StepField({ field, value, known, focus, error, onChange }: OneProps) {
  const teams = useRead("getConfig").data?.config.teams ?? [];
  const text = typeof value === "string" ? value : "";
  const common = {
    label: field.label,
    required: field.required === true,
    withAsterisk: field.required === true,
    error,
    ...(known ? { "data-known": "" } : {}),
    ...(focus ? { "data-step-focus": "" } : {}),
  };
  switch (field.type) {
    case "money":
      return <MoneyField {...common} value={typeof value === "object" ? value : null} onChange={onChange} />;
    case "date":
      return <DateField {...common} value={text} onChange={onChange} />;
    case "dateTime":
      return <DateTimeField {...common} value={text} onChange={onChange} />;
    case "team":
      return (
        <Select {...common} clearable data={teams.map(({ id, name }) => ({ value: id, label: name }))} value={text === "" ? null : text} onChange={onChange} />
      );
    case "user":
      return <PersonPicker {...common} clearable value={text === "" ? null : text} onChange={onChange} />;
    default:
      return <TextInput {...common} value={text} onChange={(event) => onChange(event.currentTarget.value)} autoComplete="off" />;
  }
}

export function isEmpty(value: Answer | null | undefined): boolean {
  return value === null || value === undefined || value === "";
}

/** What is sent: answers that say something. */
export function givenAnswers(answers: Answers): Readonly<Record<string, Answer>> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([key, value]) => (value === null || value === "" ? [] : [[key, typeof value === "string" ? value.trim() : value]])),
  );
}

/** "5 of 7 known" */
export function knownWords(task: Pick<Task, "fields" | "known">): string {
  return `${task.fields.filter(({ key }) => !isEmpty(task.known[key])).length} of ${task.fields.length} known`;
}
