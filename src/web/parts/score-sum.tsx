/** A score in one sentence, "73 = 40 fit + 48 engagement − 15 idle", each part in the colour of its section. */
import type { Out } from "../api/call.ts";
import { formatNumber } from "../format/format.ts";
import css from "./score-sum.module.css";

export type Explained = Out<"explainLeadScore">;

export const SECTION_TONES: Readonly<Record<string, string>> = {
  fit: "var(--fit)",
  engagement: "var(--eng)",
  bant: "var(--bant)",
  quality: "var(--qual)",
  freshness: "var(--warm)",
};

export function ScoreSum({ explained: { parts, score } }: { readonly explained: Pick<Explained, "parts" | "score"> }) {
  return (
    <p className={css.sum}>
      <b>{whole(Math.round(score))}</b>
      {parts.length === 0 && <span>: nothing counts yet</span>}
      {parts.map(({ of, label, points }, i) => (
        <span key={of}>
          {" "}
          <span className={css.part}>
            {i === 0 ? `= ${points < 0 ? "−" : ""}` : points < 0 ? "− " : "+ "}
            {SECTION_TONES[of] !== undefined && <i style={{ background: SECTION_TONES[of] }} aria-hidden />}
            {formatNumber(Math.abs(points))} {label}
          </span>
        </span>
      ))}
    </p>
  );
}

function whole(points: number): string {
  return `${points < 0 ? "−" : ""}${formatNumber(Math.abs(points))}`;
}

/** "+11", "−2.63": points as exact as they are. */
export function exactly(points: number): string {
  const rounded = Math.round(Math.abs(points) * 100) / 100;
  return `${rounded === 0 ? "" : points < 0 ? "−" : "+"}${formatNumber(rounded)}`;
}
