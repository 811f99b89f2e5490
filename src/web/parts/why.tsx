/** The small "why" beside whatever the system decided: opens the reason in place. */
import { Popover } from "@mantine/core";
import { type ReactNode, useState } from "react";
import css from "./small.module.css";

export type WhyProps = {
  /** What the reason is of, for assistive technology: "score", "owner". */
  readonly of: string;
  readonly title?: string;
  /** Made only when opened, so it may read from the API. */
  readonly children: ReactNode;
  readonly width?: number;
  readonly label?: string;
};

export function WhyPopover({ of, title, children, width = 320, label = "why" }: WhyProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} width={width} position="bottom-start" trapFocus returnFocus withRoles>
      <Popover.Target>
        <button type="button" className={css.why} aria-label={`Why this ${of}`} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Why this ${of}`}>
        <div tabIndex={-1} data-autofocus>
          {title !== undefined && <div className={css.popTitle}>{title}</div>}
          {opened && children}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
