/** What an opportunity is worth, when it closes, when one meets, and whose it is: each edited where it stands. */
import { Link } from "@tanstack/react-router";
import { CalendarArrowDown } from "lucide-react";
import type { ReactNode } from "react";
import { addressOf } from "../../api/call.ts";
import { useCan } from "../../app/session.tsx";
import { dayOf, formatDate, formatMoney } from "../../format/format.ts";
import { Owner } from "../../parts/avatar.tsx";
import { InlineEdit } from "../../parts/inline-edit.tsx";
import { Heat, When } from "../../parts/lead-parts.tsx";
import { type Deal, editDeal } from "../pipeline/deals.ts";
import css from "./opportunity.module.css";

export function DealFields({ deal }: { readonly deal: Deal }) {
  const readOnly = !useCan()("opportunities.edit");
  const { id, value, closeDate, nextMeeting, owner, company, person, lead, wonAt, lostAt, createdAt } = deal;
  const open = wonAt === null && lostAt === null;
  const late = open && closeDate !== null && closeDate < dayOf(Date.now());
  return (
    <dl className={css.fields}>
      <Field label="Amount">
        <InlineEdit
          label="Amount"
          kind="money"
          readOnly={readOnly}
          value={value}
          show={value === null ? null : <b className="num">{formatMoney(value)}</b>}
          onSave={(next) => editDeal(deal, { value: next }, next === null ? "Amount cleared" : `Amount is ${formatMoney(next)}`)}
        />
      </Field>
      <Field label="Close date">
        <InlineEdit
          label="Close date"
          kind="date"
          readOnly={readOnly}
          value={closeDate ?? ""}
          show={
            closeDate === null ? null : (
              <span className={late ? "late" : undefined}>
                {formatDate(closeDate)}
                {late && ", past"}
              </span>
            )
          }
          onSave={(next) => editDeal(deal, { closeDate: next === "" ? null : next }, next === "" ? "Close date cleared" : `Closes ${formatDate(next)}`)}
        />
      </Field>
      <Field label="Next meeting">
        <InlineEdit
          label="Next meeting"
          kind="moment"
          readOnly={readOnly}
          value={nextMeeting ?? ""}
          show={nextMeeting === null ? null : <When at={nextMeeting} />}
          onSave={(next) => editDeal(deal, { nextMeeting: next === "" ? null : next }, next === "" ? "Meeting cleared" : "Meeting set")}
        />
        {nextMeeting !== null && (
          <a className={css.ics} href={addressOf("getMeeting", { params: { id } })} download>
            <CalendarArrowDown size={13} strokeWidth={1.75} aria-hidden /> Calendar file
          </a>
        )}
      </Field>
      <Field label="Owner">
        <InlineEdit
          label="Owner"
          kind="person"
          readOnly={readOnly}
          value={owner?.id ?? null}
          show={owner === null ? null : <Owner owner={owner} withName />}
          onSave={(next) => editDeal(deal, { owner: next }, next === null ? "Without owner now" : "Owner changed")}
        />
      </Field>
      <Field label="Lead">
        <Link className={css.ref} to="/leads/$leadId" params={{ leadId: lead }} search={{}}>
          {person.name}
        </Link>{" "}
        <Heat heat={person.heat} /> <span className="mut num">{Math.round(person.score)}</span>
      </Field>
      <Field label="Company">
        {company === null ? (
          <span className="mut">—</span>
        ) : (
          <Link className={css.ref} to="/companies/$companyId" params={{ companyId: company.id }}>
            {company.name}
          </Link>
        )}
      </Field>
      <Field label="Opened">
        <When at={createdAt} dateOnly />
      </Field>
    </dl>
  );
}

export function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
