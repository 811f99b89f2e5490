/** Putting the entries of a short list into another order: two buttons each, and Alt with the arrows on either. */
import { ActionIcon } from "@mantine/core";
import { ArrowDown, ArrowUp } from "lucide-react";

export function moved<T>(list: readonly T[], at: number, by: number): readonly T[] {
  const to = at + by;
  const item = list[at];
  if (item === undefined || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, i) => i !== at);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

export function MoveButtons({
  name,
  at,
  count,
  onMove,
}: {
  readonly name: string;
  readonly at: number;
  readonly count: number;
  readonly onMove: (by: -1 | 1) => void;
}) {
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const by = event.altKey && event.key === "ArrowUp" ? -1 : event.altKey && event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <>
      <ActionIcon data-move aria-keyshortcuts="Alt+ArrowUp" aria-label={`Move ${name} up`} disabled={at === 0} onClick={() => onMove(-1)} onKeyDown={onKeyDown}>
        <ArrowUp size={14} />
      </ActionIcon>
      <ActionIcon
        data-move
        aria-keyshortcuts="Alt+ArrowDown"
        aria-label={`Move ${name} down`}
        disabled={at === count - 1}
        onClick={() => onMove(1)}
        onKeyDown={onKeyDown}
      >
        <ArrowDown size={14} />
      </ActionIcon>
    </>
  );
}
