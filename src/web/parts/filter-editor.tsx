/** Choosing a field, and saying what must hold of it, with a value field of its kind. */
import { Button, MultiSelect, NativeSelect, NumberInput, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Condition, Op, Scalar, TouchCount } from "../../core/filter/filter.ts";
import css from "./filter.module.css";
import { emptyCondition, emptyValue, type FilterField, isListed, operatorsOf, operatorWord } from "./filter-words.ts";

const GROUPS: Readonly<Record<FilterField["group"], string>> = {
  lead: "Lead",
  person: "Person",
  company: "Company",
  origin: "Origin",
  score: "Score",
  qualification: "Qualification",
  times: "Times",
  fields: "Own fields",
  behaviour: "Behaviour",
  consent: "Consent",
};

export function FieldPicker({
  fields,
  onPick,
  onNested,
}: {
  readonly fields: readonly FilterField[];
  readonly onPick: (condition: Condition) => void;
  readonly onNested: () => void;
}) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const wanted = typed.trim().toLowerCase();
  const found = fields.filter(({ label, group }) => `${label} ${GROUPS[group]}`.toLowerCase().includes(wanted));
  const current = Math.min(at, found.length - 1);
  const pick = (field: FilterField | undefined): void => {
    if (field !== undefined) onPick(emptyCondition(field));
  };
  return (
    <div>
      <input
        className={css.find}
        data-autofocus
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="filter-fields"
        aria-activedescendant={current < 0 ? undefined : `filter-field-${current}`}
        aria-label="Field to filter by"
        placeholder="Filter by…"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            const next = (current + step + found.length) % Math.max(1, found.length);
            setAt(next);
            document.getElementById(`filter-field-${next}`)?.scrollIntoView({ block: "nearest" });
          } else if (event.key === "Enter") {
            event.preventDefault();
            pick(found[current]);
          }
        }}
      />
      <div className={css.fields} id="filter-fields" role="listbox" aria-label="Fields">
        {found.map((field, i) => (
          <div key={field.field}>
            {found[i - 1]?.group !== field.group && <div className={css.group}>{GROUPS[field.group]}</div>}
            <div
              id={`filter-field-${i}`}
              role="option"
              aria-selected={i === current}
              className={css.field}
              onPointerMove={() => setAt(i)}
              onClick={() => pick(field)}
            >
              {field.label}
            </div>
          </div>
        ))}
        {found.length === 0 && <div className={css.group}>No field of that name</div>}
      </div>
      <button type="button" className={css.nested} onClick={onNested}>
        Nested: and, or, not…
      </button>
    </div>
  );
}

export function ConditionEditor({
  condition,
  fields,
  onDone,
}: {
  readonly condition: Condition;
  readonly fields: readonly FilterField[];
  readonly onDone: (condition: Condition) => void;
}) {
  const [draft, setDraft] = useState(condition);
  const info = fields.find(({ field }) => field === draft.field);
  return (
    <form
      className={css.editor}
      onSubmit={(event) => {
        event.preventDefault();
        onDone(draft);
      }}
    >
      <div className={css.editorTitle}>{info?.label ?? draft.field}</div>
      <ConditionFields condition={draft} info={info} onChange={setDraft} focused />
      <Button type="submit" variant="filled" fullWidth>
        Apply
      </Button>
    </form>
  );
}

/** Operator and value of a condition. */
export function ConditionFields({
  condition,
  info,
  onChange,
  focused = false,
}: {
  readonly condition: Condition;
  readonly info: FilterField | undefined;
  readonly onChange: (condition: Condition) => void;
  readonly focused?: boolean;
}) {
  const { op } = condition;
  const ops = info === undefined ? [op] : [...new Set([...operatorsOf(info), op])];
  const word = (one: Op): string => operatorWord(info, one);
  const choices = ops.flatMap((one) =>
    one === "isEmpty"
      ? [
          { value: "isEmpty", label: word(one) },
          { value: "known", label: "is known" },
        ]
      : [{ value: one, label: word(one) }],
  );
  return (
    <>
      <NativeSelect
        aria-label="Operator"
        data={choices}
        value={op === "isEmpty" && condition.value === false ? "known" : op}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen === "known") onChange({ ...condition, op: "isEmpty", value: false });
          else onChange({ ...condition, op: chosen as Op, value: info === undefined ? condition.value : valueFor(info, chosen as Op, condition) });
        }}
      />
      {info !== undefined && op !== "isEmpty" && (
        <ValueField condition={condition} info={info} onChange={(value) => onChange({ ...condition, value })} focused={focused} />
      )}
    </>
  );
}

/** What can be kept of the value when the operator changes. */
function valueFor(info: FilterField, op: Op, { op: old, value }: Condition): Condition["value"] {
  const single = !["in", "between", "isEmpty"].includes(op);
  if (single && !["in", "between", "isEmpty"].includes(old)) return value;
  if (op === "in" && typeof value === "string" && value !== "") return [value];
  if (single && Array.isArray(value) && value.length > 0) return value[0] as Scalar;
  return emptyValue(info, op);
}

type ValueProps = {
  readonly condition: Condition;
  readonly info: FilterField;
  readonly onChange: (value: Condition["value"]) => void;
  readonly focused: boolean;
};

function ValueField({ condition: { op, value }, info, onChange, focused }: ValueProps) {
  const focus = focused ? { "data-autofocus": true, autoFocus: true } : {};
  if (info.type === "touches") return <TouchFields value={value as TouchCount} onChange={onChange} />;
  const options = info.options?.map((one) => ({ value: one.value, label: one.label })) ?? [];
  const own = info.type === "user" ? [{ value: "me", label: "Me" }, ...options.filter((one) => one.value !== "me")] : options;
  if (op === "in") {
    const values = (Array.isArray(value) ? value : []).map(String);
    return isListed(info) ? (
      <MultiSelect aria-label="Values" searchable hidePickedOptions data={withThose(own, values)} value={values} onChange={onChange} {...focus} />
    ) : (
      <TagsInput aria-label="Values" placeholder="One, Enter, another" data={options.map((one) => one.value)} value={values} onChange={onChange} {...focus} />
    );
  }
  if (op === "between") {
    const [low, high] = (Array.isArray(value) ? value : ["", ""]) as readonly Scalar[];
    const type = info.type === "date" ? "date" : "number";
    const read = (text: string): Scalar => (type === "number" ? Number(text) : text);
    return (
      <div className={css.pair}>
        <TextInput
          type={type}
          aria-label="From"
          value={String(low ?? "")}
          onChange={(event) => onChange([read(event.currentTarget.value), high ?? ""])}
          {...focus}
        />
        <TextInput type={type} aria-label="To" value={String(high ?? "")} onChange={(event) => onChange([low ?? "", read(event.currentTarget.value)])} />
      </div>
    );
  }
  const text = typeof value === "object" || value === undefined ? "" : String(value);
  if (info.type === "boolean")
    return (
      <NativeSelect
        aria-label="Value"
        data={[
          { value: "true", label: "Yes" },
          { value: "false", label: "No" },
        ]}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value === "true")}
      />
    );
  if (info.type === "number")
    return <NumberInput aria-label="Value" value={value as number} onChange={(next) => onChange(typeof next === "number" ? next : 0)} {...focus} />;
  if (isListed(info))
    return <NativeSelect aria-label="Value" data={withThose(own, [text])} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  return (
    <TextInput
      type={info.type === "date" ? "date" : "text"}
      aria-label="Value"
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...focus}
    />
  );
}

/** A value that is no option any more stays choosable. */
function withThose(options: readonly { readonly value: string; readonly label: string }[], values: readonly string[]): { value: string; label: string }[] {
  const missing = values.filter((value) => !options.some((one) => one.value === value)).map((value) => ({ value, label: value === "" ? "Choose…" : value }));
  return [...missing, ...options];
}

function TouchFields({ value, onChange }: { readonly value: TouchCount; readonly onChange: (value: TouchCount) => void }) {
  return (
    <div className={css.pair}>
      <NumberInput label="Times" min={0} value={value.count} onChange={(next) => onChange({ ...value, count: Number(next) || 0 })} data-autofocus />
      <NumberInput
        label="Within days"
        placeholder="ever"
        min={1}
        max={400}
        value={value.withinDays ?? ""}
        onChange={(next) => onChange(next === "" ? { count: value.count } : { count: value.count, withinDays: Number(next) })}
      />
    </div>
  );
}
