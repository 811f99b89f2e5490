/** What the pictures share: a number that opens its leads, a bar, a frame with title, answer and definition. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatNumber } from "../../format/format.ts";
import css from "./reports.module.css";
import type { Behind } from "./reports-search.ts";

/** Opens what was counted. `count` is how many lines there must be. */
export function Count({
  behind,
  count,
  label,
  children,
}: {
  readonly behind: Behind;
  readonly count: number;
  readonly label: string;
  readonly children?: ReactNode;
}) {
  if (count === 0) return <span className="mut num">{children ?? 0}</span>;
  return (
    <Link
      from="/reports"
      to="/reports"
      search={(old) => ({ ...old, behind })}
      className={css.number}
      data-count={count}
      aria-label={`${label}: ${formatNumber(count)}, show them`}
      resetScroll={false}
      replace
    >
      {children ?? formatNumber(count)}
    </Link>
  );
}

/** A bar of SVG, so that it is printed too. `share` and `upTo` are parts of the whole width. */
export function Bar({ share, tone, upTo }: { readonly share: number; readonly tone: string; readonly upTo?: number }) {
  const wide = (part: number): number => Math.max(0, Math.min(100, part * 100));
  return (
    <svg className={css.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden focusable="false">
      {upTo !== undefined && <rect x="0" y="3.5" width={wide(upTo)} height="3" style={{ fill: tone }} opacity="0.35" />}
      <rect x="0" y="0" width={share > 0 ? Math.max(0.4, wide(share)) : 0} height="10" style={{ fill: tone }} />
    </svg>
  );
}

export type FigureProps = {
  readonly id: string;
  /** The question. */
  readonly title: string;
  /** The answer, in a sentence. */
  readonly answer: ReactNode;
  readonly definition: string;
  /** When the numbers were read. */
  readonly asOf: string;
  readonly children: ReactNode;
};

export function Figure({ id, title, answer, definition, asOf, children }: FigureProps) {
  return (
    <section className={css.figure} aria-labelledby={id}>
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      <p className={css.answer}>{answer}</p>
      {children}
      <p className={css.definition}>
        {definition} <span className={css.asOf}>{asOf}</span>
      </p>
    </section>
  );
}

/** Too few to be sure of. */
export const FEW = 30;
