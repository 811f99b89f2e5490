/** Beside the timeline: why the score is what it is, what is known of need and money, who it is. */
import { useRead } from "../../api/query.ts";
import { formatDate, formatNumber } from "../../format/format.ts";
import { signed } from "../../parts/lead-parts.tsx";
import { InlineField } from "./inline-field.tsx";
import { useLeadCan } from "./lead-can.tsx";
import css from "./lead.module.css";
import type { Lead } from "./lead-writes.ts";
import type { Marks } from "./use-others.ts";

const TONES: Readonly<Record<string, string>> = {
  fit: "var(--fit)",
  engagement: "var(--eng)",
  bant: "var(--bant)",
  quality: "var(--qual)",
  freshness: "var(--exit)",
};

export function ScorePanel({ lead }: { readonly lead: Lead }) {
  const explained = useRead("explainLeadScore", { params: { id: lead.id } }).data;
  const lines = (explained?.lines ?? []).filter(({ points }) => points !== 0).toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const most = Math.max(1, ...lines.map(({ points }) => Math.abs(points)));
  const falls = explained?.below[0];
  return (
    <section aria-labelledby="score-why">
      <h2 className={css.h2} id="score-why">
        Score
        <span>
          {formatNumber(Math.round(explained?.score ?? lead.score))}
          {falls !== undefined && ` · falls below ${formatNumber(falls.threshold)} on ${formatDate(falls.at)}`}
        </span>
      </h2>
      <ul className={css.waterfall}>
        {lines.map(({ rule, label, section, points, expiresAt }) => (
          <li key={rule} title={expiresAt === null ? undefined : `Counts until ${formatDate(expiresAt)}`}>
            <span>{label}</span>
            <i aria-hidden>
              <u style={{ width: `${(Math.abs(points) / most) * 100}%`, background: points < 0 ? "var(--lost)" : (TONES[section] ?? "var(--exit)") }} />
            </i>
            <em>{signed(points)}</em>
          </li>
        ))}
      </ul>
      {explained !== undefined && lines.length === 0 && <p className="mut">Nothing counts yet.</p>}
      {explained !== undefined && explained.raise.length > 0 && (
        <details className={css.raise}>
          <summary>What would raise it</summary>
          <ul className={css.waterfall}>
            {explained.raise.slice(0, 5).map(({ what, points }) => (
              <li key={what}>
                <span>{what}</span>
                <i />
                <em>{signed(points)}</em>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const PARTS = [
  { key: "budget", label: "Budget", key_: "b" },
  { key: "authority", label: "Authority" },
  { key: "need", label: "Need" },
  { key: "timeline", label: "Timeline" },
] as const;

export function BantPanel({ lead, marks }: { readonly lead: Lead; readonly marks: Marks }) {
  const can = useLeadCan();
  const known = PARTS.filter(({ key }) => lead.bant[key] !== null).length;
  return (
    <section aria-labelledby="bant">
      <h2 className={css.h2} id="bant">
        BANT <span>{known} of 4 known</span>
      </h2>
      <div className={css.bant}>
        {PARTS.map(({ key, label }) => (
          <div key={key} data-known={lead.bant[key] === null ? undefined : ""} data-bant={key}>
            <span className={css.bantLabel}>{label}</span>
            <InlineField
              lead={lead}
              label={label}
              placeholder="ask"
              read={(one) => one.bant[key] ?? ""}
              write={(value) => ({ bant: { [key]: value } })}
              marked={marks[`bant.${key}`]}
              disabled={!can("leads.edit") || lead.deletedAt !== null}
            />
          </div>
        ))}
      </div>
    </section>
  );
}
