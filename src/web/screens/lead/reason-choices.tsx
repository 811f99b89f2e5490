/** Why a lead goes back, as numbered choices: a digit in the empty field chooses one at once; any other reason is typed. */
import { useQuery } from "@tanstack/react-query";
import type { KeyboardEvent } from "react";
import { query } from "../../api/query.ts";
import css from "./lead.module.css";

/** Read by the screen, so that they stand there when the question comes. */
export function useReturnReasons(wanted: boolean): readonly string[] {
  const { data } = useQuery({ ...query("listReturnReasons"), enabled: wanted, staleTime: 5 * 60_000 });
  return data?.items.map(({ reason }) => reason) ?? [];
}

/** For the field of the reason: a digit chooses while nothing was typed. */
export function chooseByDigit(reasons: readonly string[], choose: (reason: string) => void) {
  return (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>): void => {
    const { nativeEvent, key, currentTarget } = event;
    if (currentTarget.value !== "" || nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(key)) return;
    const reason = reasons[Number(key) - 1];
    if (reason === undefined) return;
    event.preventDefault();
    choose(reason);
  };
}

export function ReasonChoices({ reasons, onChoose }: { readonly reasons: readonly string[]; readonly onChoose: (reason: string) => void }) {
  if (reasons.length === 0) return null;
  return (
    <div className={css.reasons} role="group" aria-label="Reasons to choose from">
      {reasons.map((reason, i) => (
        <button key={reason} type="button" className={css.chip} aria-keyshortcuts={String(i + 1)} onClick={() => onChoose(reason)}>
          <kbd>{i + 1}</kbd> {reason}
        </button>
      ))}
    </div>
  );
}
