/** Custom fields: what the workspace wants to know of a lead beyond what every lead has. */
import { ActionIcon, Button, Menu, Modal, NativeSelect, TagsInput, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useRead } from "../../api/query.ts";
import { toastProblem, wordsOf } from "../../app/toasts.tsx";
import { useKeys } from "../../keys/keys.ts";
import { EmptyState, Loaded } from "../../parts/states.tsx";
import { type Config, publishWithUndo } from "./publish.ts";
import { ChangedBy, Section } from "./section.tsx";
import css from "./settings.module.css";

type Field = Config["fields"][number];

const TYPES: readonly { readonly value: Field["type"]; readonly label: string }[] = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "select", label: "One of a list" },
];

export function FieldsSection() {
  return <Loaded from={useRead("getConfig")}>{({ config }) => <Body config={config} />}</Loaded>;
}

function Body({ config }: { readonly config: Config }) {
  const { fields } = config;
  const [open, setOpen] = useState<Field | "new" | null>(null);
  useKeys([{ keys: "n", label: "New field", scope: "This screen", command: true, run: () => setOpen("new") }]);
  const save = (next: readonly Field[], done: string): Promise<void> => publishWithUndo(config, { ...config, fields: [...next] }, done);
  const add = (
    <Button variant="filled" onClick={() => setOpen("new")} aria-keyshortcuts="n">
      New field
    </Button>
  );
  return (
    <Section
      title="Custom fields"
      about={
        <>
          A field is there at once: as a column and a filter in <Link to="/leads">Leads</Link>, on a lead’s page, in imports, forms, scoring and the API as{" "}
          <code>fields.key</code>.
        </>
      }
      actions={add}
    >
      {fields.length === 0 ? (
        <EmptyState title="No custom fields yet" actions={add}>
          What do you ask every lead that stands nowhere yet?
        </EmptyState>
      ) : (
        <div className={css.rows}>
          {fields.map((field) => (
            <div className={css.row} key={field.key}>
              <div className={css.rowText}>
                <button type="button" className={css.open} onClick={() => setOpen(field)}>
                  {field.label}
                </button>
                <span className={css.sub}>
                  <code>{field.key}</code> · {TYPES.find(({ value }) => value === field.type)?.label}
                  {field.options !== undefined && field.options.length > 0 && `: ${field.options.join(", ")}`}
                </span>
              </div>
              <Menu>
                <Menu.Target>
                  <ActionIcon aria-label={`Actions for ${field.label}`}>
                    <Ellipsis size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setOpen(field)}>Change…</Menu.Item>
                  <Menu.Item
                    onClick={() =>
                      void save(
                        fields.filter(({ key }) => key !== field.key),
                        `“${field.label}” removed; leads keep their values`,
                      ).catch(toastProblem)
                    }
                  >
                    Remove
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </div>
          ))}
        </div>
      )}
      <ChangedBy action="config.published" part="fields" />
      {open !== null && (
        <FieldDialog
          field={open === "new" ? null : open}
          taken={fields.map(({ key }) => key)}
          onClose={() => setOpen(null)}
          onSave={(field) => {
            const at = fields.findIndex(({ key }) => key === field.key);
            return save(
              at === -1 ? [...fields, field] : fields.with(at, field),
              at === -1 ? `“${field.label}” added: it is a column and a filter now` : `“${field.label}” changed`,
            );
          }}
        />
      )}
    </Section>
  );
}

/** "Number of sites" is "numberOfSites". */
function keyOf(label: string): string {
  const words = label
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  return words.map((word, i) => (i === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())).join("");
}

function FieldDialog({
  field,
  taken,
  onClose,
  onSave,
}: {
  readonly field: Field | null;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onSave: (field: Field) => Promise<void>;
}) {
  const [label, setLabel] = useState(field?.label ?? "");
  const [type, setType] = useState<Field["type"]>(field?.type ?? "text");
  const [options, setOptions] = useState<readonly string[]>(field?.options ?? []);
  const [ownKey, setOwnKey] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const key = field?.key ?? ownKey ?? keyOf(label);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (label.trim() === "") return setError("Give it a name.");
    if (key === "") return setError("Give it a key of Latin letters and digits.");
    if (field === null && taken.includes(key)) return setError(`There is a field “${key}” already. Choose another key.`);
    if (type === "select" && options.length === 0) return setError("Enter at least one option; Enter after each.");
    setBusy(true);
    try {
      await onSave({ key, label: label.trim(), type, ...(type === "select" ? { options: [...options] } : {}) });
      onClose();
    } catch (problem) {
      setError(wordsOf(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={field?.label ?? "New field"} size={460} closeOnClickOutside={false}>
      <form className={css.formRow} onSubmit={(event) => void submit(event)} noValidate>
        <TextInput label="Name" placeholder="Number of sites" data-autofocus value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        <NativeSelect
          label="Type"
          description={field === null ? "Cannot be changed later: leads have values of it" : "Stays: leads have values of it"}
          disabled={field !== null}
          data={[...TYPES]}
          value={type}
          onChange={(event) => setType(event.currentTarget.value as Field["type"])}
        />
        {type === "select" && <TagsInput label="Options" description="Enter after each" value={[...options]} onChange={setOptions} acceptValueOnBlur />}
        <TextInput
          label="Key"
          description="Its name in the API and in files; stays"
          readOnly={field !== null}
          value={key}
          onChange={(event) => setOwnKey(event.currentTarget.value)}
        />
        {error !== null && (
          <p className={css.alert} role="alert">
            {error}
          </p>
        )}
        <div className={css.sectionActions}>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="filled" loading={busy}>
            {field === null ? "Add" : "Save"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
