/** What holds for the whole import: how leads are found, the past, and what empty cells mean. */
import { ActionIcon, NativeSelect, Switch, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { useState } from "react";
import { useRead } from "../../api/query.ts";
import css from "./import.module.css";
import { groupsOf, NEW_FIELD, targetLabel } from "./targets.ts";
import type { Draft, Settings } from "./use-draft.ts";

export function Choices({ draft }: { readonly draft: Draft }) {
  const { settings, edit } = draft;
  return (
    <section aria-labelledby="choices" className={css.part}>
      <header className={css.partHead}>
        <h2 id="choices">Rules</h2>
      </header>
      <div className={css.rules}>
        <NativeSelect
          label="A row is the same lead when it has the same"
          value={settings.match ?? ""}
          onChange={(event) => edit({ match: event.currentTarget.value === "" ? null : (event.currentTarget.value as NonNullable<Settings["match"]>) })}
          data={[
            { value: "", label: "id, else e-mail, else phone" },
            { value: "email", label: "e-mail" },
            { value: "externalId", label: "id in another system" },
            { value: "phone", label: "phone" },
            { value: "none", label: "never: every row is a new lead" },
          ]}
        />
        <Switch
          label="These leads are the past"
          description="Dates are kept as they are; nobody is assigned, no tasks begin, no mail goes out."
          checked={settings.history}
          onChange={(event) => edit({ history: event.currentTarget.checked })}
        />
      </div>
      <Defaults draft={draft} />
      <Lists draft={draft} />
    </section>
  );
}

/** What stands in where a cell is empty or no column is mapped. */
function Defaults({ draft: { settings, edit, survey } }: { readonly draft: Draft }) {
  const fields = useRead("getConfig").data?.config.fields ?? [];
  const names = [...fields, ...settings.newFields];
  const taken = Object.keys(settings.defaults);
  const groups = groupsOf(fields, settings, survey.columns).map(({ group, items }) => ({
    group,
    items: items.filter(({ value }) => value !== NEW_FIELD && !taken.includes(value)),
  }));
  return (
    <div className={css.defaults}>
      <h2>Where the file says nothing</h2>
      {Object.entries(settings.defaults).map(([target, value]) => (
        <DefaultLine
          key={target}
          label={targetLabel(target, names)}
          value={value}
          onChange={(next) => edit({ defaults: { ...settings.defaults, [target]: next } })}
          onRemove={() => edit({ defaults: Object.fromEntries(Object.entries(settings.defaults).filter(([other]) => other !== target)) })}
        />
      ))}
      <NativeSelect
        aria-label="Set a value for every row without one"
        value=""
        onChange={(event) => {
          if (event.currentTarget.value !== "") edit({ defaults: { ...settings.defaults, [event.currentTarget.value]: "" } });
        }}
        data={[{ value: "", label: "Set a value, as the source…" }, ...groups.filter(({ items }) => items.length > 0)]}
      />
    </div>
  );
}

type LineProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void; readonly onRemove: () => void };

function DefaultLine({ label, value, onChange, onRemove }: LineProps) {
  const [typed, setTyped] = useState(value);
  const send = (): void => {
    if (typed !== value) onChange(typed);
  };
  return (
    <div className={css.defaultLine}>
      <TextInput
        label={label}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={send}
        onKeyDown={(event) => {
          if (event.key === "Enter") send();
        }}
      />
      <ActionIcon aria-label={`No value for ${label}`} onClick={onRemove}>
        <X size={14} />
      </ActionIcon>
    </div>
  );
}

/** How texts of the file are read, as chosen among the problems. */
function Lists({ draft: { settings, edit } }: { readonly draft: Draft }) {
  const fields = useRead("getConfig").data?.config.fields ?? [];
  const names = [...fields, ...settings.newFields];
  const lines = Object.entries(settings.lists).flatMap(([target, list]) => Object.entries(list).map(([from, to]) => ({ target, from, to })));
  if (lines.length === 0) return null;
  const remove = (target: string, from: string): void => {
    const rest = Object.fromEntries(Object.entries(settings.lists[target] ?? {}).filter(([other]) => other !== from));
    const others = Object.fromEntries(Object.entries(settings.lists).filter(([other]) => other !== target));
    edit({ lists: Object.keys(rest).length === 0 ? others : { ...others, [target]: rest } });
  };
  return (
    <div className={css.defaults}>
      <h3>Values read as others</h3>
      <ul>
        {lines.map(({ target, from, to }) => (
          <li key={`${target} ${from}`} className={css.listLine}>
            <span className="cut">
              {targetLabel(target, names)}: “{from}” {to === "" ? "is left out" : <>is read as “{to}”</>}
            </span>
            <ActionIcon aria-label={`Read “${from}” as it stands`} onClick={() => remove(target, from)}>
              <X size={14} />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </div>
  );
}
