/** An opportunity on the board: what, who, how much, by when, whose, the next meeting, and whether it has stalled. */
import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CalendarClock, Ellipsis } from "lucide-react";
import { dayOf, formatDate, formatMoney, formatNumber, formatWhen } from "../../format/format.ts";
import { Owner } from "../../parts/avatar.tsx";
import type { Column, Deal } from "./deals.ts";
import css from "./pipeline.module.css";

export const CARD_HEIGHT = 104;

export type CardActions = {
  readonly columns: readonly Column[];
  readonly mayMove: boolean;
  readonly onMove: (deal: Deal, stage: string) => void;
  readonly onPeek: (deal: Deal) => void;
};

export function CardFace({ deal }: { readonly deal: Deal }) {
  const { name, person, company, value, closeDate, nextMeeting, owner, stalled, days, wonAt, lostAt, lostReason } = deal;
  const closed = wonAt ?? lostAt;
  const late = closed === null && closeDate !== null && closeDate < dayOf(Date.now());
  const who = [company?.name === name ? null : company?.name, person.name].filter((word) => word !== null && word !== undefined && word !== name).join(" · ");
  return (
    <>
      <span className={`${css.who} cut`}>{who || "\u00a0"}</span>
      <span className={css.line}>
        <b className="num">{value === null ? <span className="mut">no amount</span> : formatMoney(value)}</b>
        {closed !== null ? (
          <span className="mut">{formatDate(closed)}</span>
        ) : closeDate === null ? (
          <span className="mut">no close date</span>
        ) : (
          <span className={late ? "late" : "mut"} title={late ? "The close date is past" : "Expected to close"}>
            {late ? "due " : ""}
            {formatDate(closeDate)}
          </span>
        )}
      </span>
      <span className={css.line}>
        <span className={css.next}>
          <Owner owner={owner} />
          {lostAt !== null ? (
            <span className="cut mut">{lostReason}</span>
          ) : wonAt !== null ? null : nextMeeting !== null && Date.parse(nextMeeting) > Date.now() ? (
            <span className={css.meeting}>
              <CalendarClock size={13} strokeWidth={1.75} aria-label="Next meeting" /> {formatWhen(nextMeeting)}
            </span>
          ) : (
            <span className="mut">no meeting</span>
          )}
        </span>
        {stalled ? (
          <span className={css.stalled}>stalled {formatNumber(Math.floor(days))} d</span>
        ) : (
          closed === null && <span className="mut num">{formatNumber(Math.floor(days))} d</span>
        )}
      </span>
    </>
  );
}

export function DealCard({
  deal,
  menu,
  onMenu,
  ...actions
}: CardActions & { readonly deal: Deal; readonly menu: boolean; readonly onMenu: (open: boolean) => void }) {
  return (
    <>
      <span className={css.top}>
        <Link to="/pipeline/$opportunityId" params={{ opportunityId: deal.id }} className={`${css.name} cut`} draggable={false} data-deal={deal.id}>
          {deal.name}
        </Link>
        <DealMenu deal={deal} opened={menu} onChange={onMenu} {...actions} />
      </span>
      <CardFace deal={deal} />
    </>
  );
}

/** Everything a drag can do, for keys and thumbs. */
function DealMenu({
  deal,
  opened,
  onChange,
  columns,
  mayMove,
  onMove,
  onPeek,
}: CardActions & { readonly deal: Deal; readonly opened: boolean; readonly onChange: (open: boolean) => void }) {
  return (
    <Menu opened={opened} onChange={onChange} withinPortal returnFocus>
      <Menu.Target>
        <ActionIcon
          className={css.menu}
          size={24}
          aria-label={`What to do with ${deal.name}`}
          onPointerDown={(event) => event.stopPropagation()}
          onMouseDown={(event) => event.stopPropagation()}
          onTouchStart={(event) => event.stopPropagation()}
        >
          <Ellipsis size={14} />
        </ActionIcon>
      </Menu.Target>
      {opened && (
        <Menu.Dropdown
          onPointerDown={(event) => event.stopPropagation()}
          onMouseDown={(event) => event.stopPropagation()}
          onTouchStart={(event) => event.stopPropagation()}
        >
          {mayMove && (
            <>
              <Menu.Label>Move to</Menu.Label>
              {columns
                .filter(({ stage }) => stage !== deal.stage)
                .map(({ stage, label, open }) => (
                  <Menu.Item key={stage} onClick={() => onMove(deal, stage)}>
                    {label}
                    {stage === "lost" || (!open && stage === "won" && deal.value === null) ? "…" : ""}
                  </Menu.Item>
                ))}
              <Menu.Divider />
            </>
          )}
          <Menu.Item onClick={() => onPeek(deal)} rightSection={<kbd>Space</kbd>}>
            Quick look
          </Menu.Item>
          <Menu.Item component={Link} to="/leads/$leadId" params={{ leadId: deal.lead } as never}>
            Open {deal.person.name}
          </Menu.Item>
        </Menu.Dropdown>
      )}
    </Menu>
  );
}
