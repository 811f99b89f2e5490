/** Until when: a few moments to choose from by arrow, number or pointer, or any other one. */
import { Button, Modal } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useSession } from "../../app/session.tsx";
import { formatWhen } from "../../format/format.ts";
import { DateTimeField } from "../../parts/fields.tsx";
import { laterChoices } from "./later.ts";
import css from "./lead.module.css";

export function LaterDialog({ title, onChoose, onClose }: { readonly title: string; readonly onChoose: (at: string) => void; readonly onClose: () => void }) {
  const { timezone } = useSession().workspace;
  const [choices] = useState(() => laterChoices(timezone));
  const [own, setOwn] = useState("");
  const choose = (at: string): void => {
    onClose();
    onChoose(at);
  };
  const move = (event: KeyboardEvent<HTMLUListElement>): void => {
    const number = Number(event.key);
    const there = choices[number - 1];
    if (there !== undefined) return choose(there.at);
    const by = event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  return (
    <Modal opened onClose={onClose} title={title} size={340}>
      <ul className={css.laters} onKeyDown={move}>
        {choices.map(({ id, label, at }, i) => (
          <li key={id}>
            <button type="button" data-autofocus={i === 0 ? true : undefined} onClick={() => choose(at)}>
              <kbd>{i + 1}</kbd>
              <span>{label}</span>
              <span className="mut">{formatWhen(at)}</span>
            </button>
          </li>
        ))}
      </ul>
      <form
        className={css.laterOwn}
        onSubmit={(event) => {
          event.preventDefault();
          if (own !== "") choose(own);
        }}
      >
        <DateTimeField label="Or until" value={own} onChange={setOwn} />
        <Button type="submit" disabled={own === ""}>
          Put off
        </Button>
      </form>
    </Modal>
  );
}
