/** Who it is, in two lines: name, title, company, place; score, heat and owner with their reasons. */
import { useRead } from "../../api/query.ts";
import { formatMoment, formatNumber, leadName } from "../../format/format.ts";
import { Heat, ScoreBar } from "../../parts/lead-parts.tsx";
import { ScoreSum } from "../../parts/score-sum.tsx";
import { WhyPopover } from "../../parts/why.tsx";
import { signed } from "../../parts/lead-parts.tsx";
import css from "./lead.module.css";
import type { Lead, Reasons } from "./lead-writes.ts";
import { StageBar } from "./stage-bar.tsx";
import type { Marks } from "./use-others.ts";

export type LeadHeaderProps = { readonly lead: Lead; readonly reasons: Reasons | undefined; readonly marks: Marks; readonly onStart: (stage: string) => void };

export function LeadHeader({ lead, reasons, marks, onStart }: LeadHeaderProps) {
  const place = [lead.city, lead.country].filter((part) => part !== null).join(", ");
  return (
    <div className={css.top}>
      <div className={css.who}>
        <h1>{leadName(lead)}</h1>
        <span className={css.what}>
          {[lead.jobTitle, lead.company?.name, place].filter((part) => part !== null && part !== undefined && part !== "").join(" · ")}
        </span>
      </div>
      <div className={css.meta}>
        <span>
          <b>{formatNumber(Math.round(lead.score))}</b> score
          <WhyPopover of="score" title="Why this score">
            <ScoreWhy id={lead.id} />
          </WhyPopover>
        </span>
        <ScoreBar scores={lead.scores} />
        <Heat heat={lead.heat} />
        <span data-marked={marks["owner"] === undefined ? undefined : ""}>
          owner {lead.owner === null ? <b className="late">nobody</b> : <b>{lead.owner.name}</b>}
          <WhyPopover of="owner" title="Why this owner">
            <OwnerWhy reasons={reasons} />
          </WhyPopover>
        </span>
        <span className="mut">{lead.status}</span>
        {lead.phone !== null && <a href={`tel:${lead.phone.replaceAll(/\s/g, "")}`}>{lead.phone}</a>}
      </div>
      <StageBar lead={lead} reasons={reasons} onStart={onStart} />
    </div>
  );
}

function ScoreWhy({ id }: { readonly id: string }) {
  const data = useRead("explainLeadScore", { params: { id } }).data;
  const biggest = (data?.lines ?? []).toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, 6);
  return (
    <>
      {data !== undefined && <ScoreSum explained={data} />}
      <ul className={css.whyList}>
        {biggest.map(({ rule, label, points }) => (
          <li key={rule}>
            <span>{label}</span>
            <b>{signed(points)}</b>
          </li>
        ))}
      </ul>
    </>
  );
}

function OwnerWhy({ reasons }: { readonly reasons: Reasons | undefined }) {
  if (reasons === undefined) return <p className="mut">…</p>;
  const { sentence, at, config } = reasons.owner;
  return (
    <>
      <p>{sentence}</p>
      <p className="mut">
        {at === null ? "" : formatMoment(at)}
        {config === null ? "" : ` · configuration ${config}`}
      </p>
    </>
  );
}
