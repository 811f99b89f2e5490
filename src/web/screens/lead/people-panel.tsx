/** Around the lead: its opportunities, its roles, the others at its company, and leads that may be the same person. */
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { addressOf, call } from "../../api/call.ts";
import { query, useRead } from "../../api/query.ts";
import { formatDate, formatMoney, formatWhen, leadName } from "../../format/format.ts";
import { FormBody, useForm } from "../../parts/form.tsx";
import { Heat } from "../../parts/lead-parts.tsx";
import { useLeadCan } from "./lead-can.tsx";
import css from "./lead.module.css";
import { attempt, type Lead, type Reasons, settle } from "./lead-writes.ts";

export function OpportunitiesPanel({ lead }: { readonly lead: Lead }) {
  const can = useLeadCan();
  const items = useQuery({ ...query("listOpportunities", { query: { lead: lead.id } }), enabled: can("opportunities.read") }).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="opportunities">
      <h2 className={css.h2} id="opportunities">
        Opportunities
      </h2>
      <ul className={css.rows}>
        {items.map(({ id, name, stage, value, closeDate, nextMeeting, wonAt, lostAt }) => (
          <li key={id}>
            <span>
              <a href={`/pipeline/${id}`}>{name}</a>
              <br />
              <span className="mut">
                {wonAt !== null ? `won ${formatDate(wonAt)}` : lostAt !== null ? `lost ${formatDate(lostAt)}` : stage}
                {closeDate !== null && wonAt === null && lostAt === null && ` · closes ${formatDate(closeDate)}`}
              </span>
              {nextMeeting !== null && (
                <>
                  <br />
                  Meeting {formatWhen(nextMeeting)} · <a href={addressOf("getMeeting", { params: { id } })}>calendar file</a>
                </>
              )}
            </span>
            {value !== null && <b className="num">{formatMoney(value)}</b>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function PeoplePanel({ lead }: { readonly lead: Lead }) {
  const can = useLeadCan();
  const [linking, setLinking] = useState(false);
  const contacts = useQuery({ ...query("listLeadContacts", { params: { id: lead.id } }), enabled: can("companies.read") }).data;
  const own = contacts?.own ?? [];
  const colleagues = (contacts?.colleagues ?? []).filter((one, i, all) => all.findIndex((other) => other.lead.id === one.lead.id) === i);
  const company = lead.company;
  if (company === null && own.length === 0) return null;
  const unlink = (contact: string, role: string): void => void attempt(() => call("unlinkContact", { params: { id: lead.id, contact } }), `No longer ${role}`);
  return (
    <section aria-labelledby="people">
      <h2 className={css.h2} id="people">
        {company === null ? "Roles" : company.id === null || !can("companies.read") ? company.name : <a href={`/companies/${company.id}`}>{company.name}</a>}
        <span>
          {can("leads.edit") && lead.deletedAt === null && (company?.id ?? null) !== null && (
            <button type="button" className={css.more} aria-label="Add a role" title="Add a role" onClick={() => setLinking(true)}>
              <Plus size={15} aria-hidden />
            </button>
          )}
        </span>
      </h2>
      <ul className={css.rows}>
        {own.map(({ id, role, company, opportunity }) => (
          <li key={id}>
            <span>
              {role} <span className="mut">{opportunity === null ? `at ${company?.name ?? ""}` : `in ${opportunity.name}`}</span>
            </span>
            {can("leads.edit") && (
              <button type="button" className={css.more} aria-label={`Remove the role ${role}`} onClick={() => unlink(id, role)}>
                <X size={14} aria-hidden />
              </button>
            )}
          </li>
        ))}
        {colleagues.slice(0, 6).map(({ id, role, lead: { id: other, name, jobTitle, heat, score } }) => (
          <li key={id}>
            <span className="cut">
              <Link to="/leads/$leadId" params={{ leadId: other }} search={{}}>
                {name}
              </Link>{" "}
              <span className="mut">{jobTitle ?? role}</span>
            </span>
            <span>
              <Heat heat={heat} /> {Math.round(score)}
            </span>
          </li>
        ))}
      </ul>
      {own.length + colleagues.length === 0 && (
        <p className="mut">{company?.id === null ? "Known by name only; converting makes it a company." : "Nobody else is known there."}</p>
      )}
      {linking && company !== null && company.id !== null && (
        <RoleDialog lead={lead} company={{ id: company.id, name: company.name }} onClose={() => setLinking(false)} />
      )}
    </section>
  );
}

function RoleDialog({
  lead,
  company,
  onClose,
}: {
  readonly lead: Lead;
  readonly company: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}) {
  const deals = useRead("listOpportunities", { query: { company: company.id } }).data?.items ?? [];
  const form = useForm({
    op: "linkContact",
    initial: { role: "", at: "company" },
    input: ({ role, at }) => ({ params: { id: lead.id }, body: { role: role.trim(), ...(at === "company" ? { company: company.id } : { opportunity: at }) } }),
    check: ({ role }) => (role.trim() === "" ? { role: "Say which role." } : {}),
    onDone: (answer, { role }) => {
      onClose();
      settle(answer, `${leadName(lead)} is ${role.trim()}`);
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Role of ${leadName(lead)}`} size={400}>
      <FormBody form={form} submit="Add" cancel={onClose}>
        <TextInput label="Role" data-autofocus placeholder="Decision maker" {...form.text("role")} />
        <Select
          label="Where"
          allowDeselect={false}
          data={[{ value: "company", label: company.name }, ...deals.map(({ id, name }) => ({ value: id, label: name }))]}
          value={form.values.at}
          onChange={(at) => form.set({ at: at ?? "company" })}
        />
      </FormBody>
    </Modal>
  );
}

export function DuplicatesPanel({ reasons }: { readonly reasons: Reasons | undefined }) {
  const duplicates = reasons?.duplicates ?? [];
  if (duplicates.length === 0) return null;
  return (
    <section aria-labelledby="duplicates">
      <h2 className={css.h2} id="duplicates">
        Perhaps the same person
      </h2>
      <ul className={css.rows}>
        {duplicates.map(({ lead, kind, value }) => (
          <Duplicate key={lead} id={lead} kind={kind} value={value} />
        ))}
      </ul>
    </section>
  );
}

function Duplicate({ id, kind, value }: { readonly id: string; readonly kind: string; readonly value: string }) {
  const other = useQuery({ ...query("getLead", { params: { id } }), retry: false });
  return (
    <li>
      <span>
        {other.data === undefined ? (
          <span className="mut">{other.error === null ? "…" : "A lead out of your sight"}</span>
        ) : (
          <Link to="/leads/$leadId" params={{ leadId: id }} search={{}}>
            {leadName(other.data)}
          </Link>
        )}{" "}
        <span className="mut">
          has the {kind} {value}
        </span>
      </span>
    </li>
  );
}

export function BinBanner({ name, onRestore }: { readonly name: string; readonly onRestore: (() => void) | null }) {
  return (
    <div className={css.banner} role="status">
      <span>{name} is in the bin. Nothing acts on it; everything is kept.</span>
      {onRestore !== null && <Button onClick={onRestore}>Restore</Button>}
    </div>
  );
}
