/** Which columns the table has. */
import { Button, Checkbox, Popover } from "@mantine/core";
import { useState } from "react";
import css from "./leads.module.css";

export type ColumnMenuProps = {
  readonly every: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
  readonly onClose: () => void;
};

export function ColumnMenu({ every, chosen, onChange, onClose }: ColumnMenuProps) {
  const [typed, setTyped] = useState("");
  const found = every.filter(({ label }) => label.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <Popover opened onChange={(opened) => !opened && onClose()} position="bottom-end" width={240} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="subtle" onClick={onClose}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <input
          className={css.find}
          data-autofocus
          aria-label="Find a column"
          placeholder="Find a column"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className={css.columns} role="group" aria-label="Columns">
          {found.map(({ id, label }) => (
            <Checkbox
              key={id}
              label={label}
              checked={chosen.includes(id)}
              disabled={id === "name"}
              onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
