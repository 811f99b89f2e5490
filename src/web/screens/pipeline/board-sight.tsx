/** Which stages of the board are in sight, and the ways to those that are not: tabs on a phone, a button at either edge elsewhere. */
import { ActionIcon } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { formatNumber } from "../../format/format.ts";
import type { Column } from "./deals.ts";
import css from "./pipeline.module.css";

/** Names of stages: of those hidden at either side, and the one a phone shows. */
export type Sight = { readonly before: readonly string[]; readonly after: readonly string[]; readonly here: string | null };

const NOTHING: Sight = { before: [], after: [], here: null };

export function useSight(box: RefObject<HTMLDivElement | null>, columns: number): Sight {
  const [sight, setSight] = useState(NOTHING);
  useEffect(() => {
    const board = box.current;
    if (board === null) return;
    const look = (): void => {
      const next = sightOf(board);
      setSight((was) => (JSON.stringify(was) === JSON.stringify(next) ? was : next));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(board);
    board.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      board.removeEventListener("scroll", look);
    };
  }, [box, columns]);
  return sight;
}

/** A column of which more than a third is cut off counts as hidden. */
function sightOf(board: HTMLElement): Sight {
  const edge = board.getBoundingClientRect();
  const places = [...board.querySelectorAll<HTMLElement>("[data-stage]")].map((column) => ({
    stage: column.dataset["stage"] ?? "",
    at: column.getBoundingClientRect(),
  }));
  const nearest = places.toSorted((a, b) => Math.abs(a.at.left - edge.left) - Math.abs(b.at.left - edge.left))[0];
  return {
    before: places.filter(({ at }) => at.left + at.width / 3 < edge.left).map(({ stage }) => stage),
    after: places.filter(({ at }) => at.right - at.width / 3 > edge.right).map(({ stage }) => stage),
    here: nearest?.stage ?? null,
  };
}

type SightProps = { readonly columns: readonly Column[]; readonly sight: Sight };

/** On a phone one column fills the screen: a row of stages says where one is and goes there. */
export function PhoneTabs({ columns, sight }: SightProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>('[aria-current="true"]');
    if (row.current !== null && tab !== null && tab !== undefined) row.current.scrollTo({ left: tab.offsetLeft - 48, behavior: "smooth" });
  }, [sight.here]);
  return (
    <div ref={row} className={css.phoneTabs} role="group" aria-label="Stages">
      {columns.map(({ stage, label, count }) => (
        <button key={stage} type="button" aria-current={sight.here === stage ? "true" : undefined} onClick={() => show(stage)}>
          {label} <span className="num">{formatNumber(count)}</span>
        </button>
      ))}
    </div>
  );
}

function show(stage: string): void {
  document.querySelector(`[data-stage="${CSS.escape(stage)}"]`)?.scrollIntoView({ behavior: "smooth", inline: "start", block: "nearest" });
}

/** Stages that do not fit are named at the edge behind which they are. */
export function FurtherStages({ columns, sight, box }: SightProps & { readonly box: RefObject<HTMLDivElement | null> }) {
  const names = (stages: readonly string[]): string => stages.map((stage) => columns.find((column) => column.stage === stage)?.label ?? stage).join(", ");
  const go = (by: -1 | 1): void => box.current?.scrollBy({ left: by * box.current.clientWidth * 0.7, behavior: "smooth" });
  return (
    <>
      {sight.before.length > 0 && (
        <div className={css.edge} data-side="before">
          <ActionIcon variant="default" radius="xl" aria-label={`Stages before: ${names(sight.before)}`} title={names(sight.before)} onClick={() => go(-1)}>
            <ChevronLeft size={16} />
          </ActionIcon>
        </div>
      )}
      {sight.after.length > 0 && (
        <div className={css.edge} data-side="after">
          <ActionIcon variant="default" radius="xl" aria-label={`Further stages: ${names(sight.after)}`} title={names(sight.after)} onClick={() => go(1)}>
            <ChevronRight size={16} />
          </ActionIcon>
        </div>
      )}
    </>
  );
}
