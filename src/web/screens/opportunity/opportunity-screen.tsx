/** One opportunity: where it stands, what it is worth, who decides, what happened. */
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useLive } from "../../api/live.ts";
import { refresh, useRead } from "../../api/query.ts";
import { noteVisit } from "../../app/commands.ts";
import { useCan } from "../../app/session.tsx";
import { formatMoney, formatNumber } from "../../format/format.ts";
import { InlineEdit } from "../../parts/inline-edit.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Bones, Refused } from "../../parts/states.tsx";
import { WhyPopover } from "../../parts/why.tsx";
import { type Deal, editDeal } from "../pipeline/deals.ts";
import { DealAnswers } from "./deal-answers.tsx";
import { DealFields } from "./deal-fields.tsx";
import { DealHistory } from "./deal-history.tsx";
import { DealPeople } from "./deal-people.tsx";
import css from "./opportunity.module.css";
import { StagePath, useDealMoves } from "./stage-path.tsx";

const route = getRouteApi("/shell/pipeline/$opportunityId");

export function OpportunityScreen() {
  const { opportunityId: id } = route.useParams();
  const from = useRead("getOpportunity", { params: { id } });
  const deal = from.data;
  useLive((message) => {
    if (message.type === "leads" && (!("ids" in message) || deal === undefined || message.ids.includes(deal.lead))) refresh("getOpportunity");
  });
  if (deal !== undefined) return <DealPage key={id} deal={deal} />;
  return (
    <Screen title="Opportunity" heading={<Trail />}>
      {from.error === null ? <Bones rows={10} /> : <Refused error={from.error} retry={() => void from.refetch()} />}
    </Screen>
  );
}

function Trail() {
  return (
    <nav className={css.trail} aria-label="Where this is">
      <Link to="/pipeline">Pipeline</Link>
      <span className={css.wideOnly} aria-hidden>
        /
      </span>
      <span className={`mut ${css.wideOnly}`}>Opportunity</span>
    </nav>
  );
}

function DealPage({ deal }: { readonly deal: Deal }) {
  const can = useCan();
  const { move, dialog } = useDealMoves(deal);
  const { id, name, company, person, value, wonAt, lostAt, lostReason } = deal;
  const open = wonAt === null && lostAt === null;
  const may = can("opportunities.edit");
  useEffect(() => noteVisit({ type: "opportunity", id, title: name, detail: company?.name ?? person.name }), [id, name, company?.name, person.name]);
  return (
    <Screen
      title={name}
      heading={<Trail />}
      padded
      actions={
        may && open ? (
          <>
            <Button onClick={() => move("lost")} aria-keyshortcuts="x">
              Lost…
            </Button>
            <Button variant="filled" onClick={() => move("won")} aria-keyshortcuts="w">
              Won <kbd className={css.onAccent}>W</kbd>
            </Button>
          </>
        ) : undefined
      }
    >
      <header className={css.head}>
        <h1 className={css.title}>
          <InlineEdit label="Name" kind="text" value={name} show={name} readOnly={!may} onSave={(next) => editDeal(deal, { name: next.trim() }, "Renamed")} />
        </h1>
        {value !== null && <b className={css.worth}>{formatMoney(value)}</b>}
      </header>
      <p className={css.under}>
        {wonAt !== null ? (
          <span className={css.won}>
            Won <When at={wonAt} relative />
          </span>
        ) : lostAt !== null ? (
          <span className={css.lost}>
            Lost <When at={lostAt} relative />
            {lostReason !== null && `: ${lostReason}`}
          </span>
        ) : deal.stalled ? (
          <span className={css.stalled}>
            Stalled, {formatNumber(Math.floor(deal.days))} d in this stage
            <WhyPopover of="mark" title="Stalled">
              {whyStalled(deal)}
            </WhyPopover>
          </span>
        ) : (
          <span className="mut">{deal.days < 1 ? "In this stage since today" : `${formatNumber(Math.floor(deal.days))} d in this stage`}</span>
        )}
      </p>
      <StagePath deal={deal} keys />
      <div className={css.columns}>
        <div className={css.side}>
          <DealFields deal={deal} />
          <DealPeople deal={deal} />
          <DealAnswers deal={deal} />
        </div>
        <DealHistory deal={deal} />
      </div>
      {dialog}
    </Screen>
  );
}

function whyStalled({ days, closeDate, nextMeeting }: Deal): string {
  const past = closeDate !== null && closeDate < new Date().toISOString().slice(0, 10);
  const reasons = [
    ...(days > 30 ? [`it has been in this stage for ${formatNumber(Math.floor(days))} days, more than 30`] : []),
    ...(past ? ["its close date is past"] : []),
  ];
  return `${reasons.join(", and ") || "it has waited long"}, and ${nextMeeting === null ? "no meeting is planned" : "the last meeting planned is over"}. A next meeting or a move ends it.`.replace(
    /^./,
    (letter) => letter.toUpperCase(),
  );
}
