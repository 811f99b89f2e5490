/** Beside the timeline: what is known of need and money. */
import { InlineField } from "./inline-field.tsx";
import { useLeadCan } from "./lead-can.tsx";
import css from "./lead.module.css";
import type { Lead } from "./lead-writes.ts";
import type { Marks } from "./use-others.ts";

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
