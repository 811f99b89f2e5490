/** A field that the import will create: its name, what it holds, and the options there are. */
import { Button, NativeSelect, Popover, TagsInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { formatNumber } from "../../format/format.ts";
import css from "./import.module.css";
import type { Draft, NewField } from "./use-draft.ts";

const TYPES: readonly { readonly value: NewField["type"]; readonly label: string }[] = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "select", label: "One of a list" },
];

export function NewFieldEditor({ field, draft: { settings, edit } }: { readonly field: NewField; readonly draft: Draft }) {
  const [open, setOpen] = useState(false);
  const type = TYPES.find(({ value }) => value === field.type)?.label.toLowerCase() ?? field.type;
  return (
    <Popover opened={open} onChange={setOpen} width={300} position="bottom-start" trapFocus returnFocus withRoles>
      <Popover.Target>
        <button
          type="button"
          className={css.fresh}
          onClick={() => setOpen(!open)}
          aria-expanded={open}
          aria-label={`New field ${field.label}: ${type}. Change it`}
        >
          New field · {type}
          {field.options !== undefined && field.type === "select" && ` of ${formatNumber(field.options.length)}`}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`New field ${field.label}`}>
        {open && (
          <FieldForm
            field={field}
            onDone={(next) => {
              edit({ newFields: settings.newFields.map((one) => (one.key === field.key ? next : one)) });
              setOpen(false);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function FieldForm({ field, onDone }: { readonly field: NewField; readonly onDone: (field: NewField) => void }) {
  const [label, setLabel] = useState(field.label);
  const [type, setType] = useState(field.type);
  const [options, setOptions] = useState<readonly string[]>(field.options ?? []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    if (label.trim() !== "") onDone({ key: field.key, label: label.trim(), type, ...(type === "select" ? { options: [...options] } : {}) });
  };
  return (
    <form className={css.fieldForm} onSubmit={submit}>
      <TextInput
        label="Name"
        value={label}
        maxLength={100}
        onChange={(event) => setLabel(event.currentTarget.value)}
        data-autofocus
        error={label.trim() === "" ? "Give it a name" : undefined}
      />
      <NativeSelect label="Holds" value={type} onChange={(event) => setType(event.currentTarget.value as NewField["type"])} data={[...TYPES]} />
      {type === "select" && (
        <TagsInput
          label="Options"
          description="Values of the file that are missing here are added."
          value={[...options]}
          onChange={setOptions}
          maxDropdownHeight={0}
        />
      )}
      <Button type="submit" variant="filled">
        Keep
      </Button>
    </form>
  );
}
