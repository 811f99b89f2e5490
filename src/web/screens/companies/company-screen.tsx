/** One company: its people and what part they play, its opportunities, where it belongs, and what was noted. */
import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { call, type In, type Out } from "../../api/call.ts";
import { query, refresh, useRead } from "../../api/query.ts";
import { noteVisit } from "../../app/commands.ts";
import { useCan } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { formatDate, formatMoney, formatNumber } from "../../format/format.ts";
import { Owner } from "../../parts/avatar.tsx";
import { InlineEdit } from "../../parts/inline-edit.tsx";
import { Heat, StageTag, When } from "../../parts/lead-parts.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Bones, Refused } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import css from "./companies.module.css";
import { CompanyNotes } from "./company-notes.tsx";

const route = getRouteApi("/shell/companies/$companyId");
type Page = Out<"getCompany">;
type Company = Page["company"];
type Edit = NonNullable<In<"editCompany">["body"]>;

export function CompanyScreen() {
  const { companyId: id } = route.useParams();
  const from = useRead("getCompany", { params: { id } });
  if (from.data !== undefined) return <CompanyPage key={id} page={from.data} />;
  return (
    <Screen title="Company" heading={<Trail />}>
      {from.error === null ? <Bones rows={10} /> : <Refused error={from.error} retry={() => void from.refetch()} />}
    </Screen>
  );
}

function Trail() {
  return (
    <nav className={css.trail} aria-label="Where this is">
      <Link to="/companies">Companies</Link>
      <span aria-hidden>/</span>
      <span className="mut">Company</span>
    </nav>
  );
}

async function edit(company: Company, body: Edit, text: string): Promise<void> {
  const now = await call("editCompany", { params: { id: company.id }, body, ifMatch: company.version });
  const before: Edit = {
    ...("name" in body ? { name: company.name } : {}),
    ...("domain" in body ? { domain: company.domain } : {}),
    ...("parent" in body ? { parent: company.parent?.id ?? null } : {}),
  };
  refreshCompany();
  toast({
    text,
    undo: async () => {
      await call("editCompany", { params: { id: company.id }, body: before, ifMatch: now.version });
      refreshCompany();
    },
  });
}

function refreshCompany(): void {
  refresh("getCompany", "listCompanies", "listOpportunities", "readBoard", "search");
}

function CompanyPage({ page }: { readonly page: Page }) {
  const { company, contacts, opportunities, children } = page;
  const can = useCan();
  const may = can("companies.edit");
  const { id, name, domain } = company;
  useEffect(() => noteVisit({ type: "company", id, title: name, detail: domain ?? "" }), [id, name, domain]);
  const leads = { filter: { field: "company", op: "eq", value: name } } as const;
  return (
    <Screen title={name} heading={<Trail />} padded>
      <h1 className={css.title}>
        <InlineEdit label="Name" kind="text" value={name} show={name} readOnly={!may} onSave={(next) => edit(company, { name: next.trim() }, "Renamed")} />
      </h1>
      <div className={css.columns}>
        <div className={css.main}>
          <People contacts={contacts} leads={company.leads} search={leads} />
          <Opportunities company={company} items={opportunities} />
        </div>
        <div className={css.side}>
          <dl className={css.fields}>
            <dt>Domain</dt>
            <dd>
              <InlineEdit
                label="Domain"
                kind="text"
                value={domain ?? ""}
                show={domain}
                readOnly={!may}
                onSave={(next) => edit(company, { domain: next.trim() === "" ? null : next.trim() }, next.trim() === "" ? "Domain cleared" : "Domain changed")}
              />
            </dd>
            <dt>Part of</dt>
            <dd>
              <Parent company={company} may={may} />
            </dd>
            {children.length > 0 && (
              <>
                <dt>Above</dt>
                <dd className={css.pad}>
                  {children.map((child) => (
                    <div key={child.id}>
                      <Link className={css.ref} to="/companies/$companyId" params={{ companyId: child.id }}>
                        {child.name}
                      </Link>
                    </div>
                  ))}
                </dd>
              </>
            )}
            <dt>Since</dt>
            <dd className={css.pad}>
              <When at={company.createdAt} dateOnly />
            </dd>
          </dl>
          <CompanyNotes page={page} may={may} />
        </div>
      </div>
    </Screen>
  );
}

function People({
  contacts,
  leads,
  search,
}: {
  readonly contacts: Page["contacts"];
  readonly leads: number;
  readonly search: { readonly filter: { readonly field: "company"; readonly op: "eq"; readonly value: string } };
}) {
  const people = [...Map.groupBy(contacts, ({ lead }) => lead.id).values()].flatMap((roles) =>
    roles[0] === undefined ? [] : [{ lead: roles[0].lead, roles }],
  );
  return (
    <section aria-labelledby="people">
      <h2 className={css.h2} id="people">
        People
        <Link to="/leads" search={search} className={css.more}>
          {formatNumber(leads)} of this company in Leads
        </Link>
      </h2>
      {people.length === 0 ? (
        <p className="mut">Nobody has a role here yet. Converting a lead of this company gives them one.</p>
      ) : (
        <div className={css.wide}>
          <table className={table.plain}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Role</th>
                <th scope="col">Stage</th>
                <th scope="col" className={table.right}>
                  Score
                </th>
                <th scope="col">Heat</th>
                <th scope="col">Owner</th>
              </tr>
            </thead>
            <tbody>
              {people.map(({ lead, roles }) => (
                <tr key={lead.id}>
                  <td>
                    <Link className={css.ref} to="/leads/$leadId" params={{ leadId: lead.id }} search={{}}>
                      {lead.name}
                    </Link>{" "}
                    <span className="mut">{lead.jobTitle}</span>
                  </td>
                  <td>{[...new Set(roles.map(({ role, opportunity }) => (opportunity === null ? role : `${role}, ${opportunity.name}`)))].join("; ")}</td>
                  <td>
                    <StageTag stage={lead.stage} />
                  </td>
                  <td className={table.right}>{Math.round(lead.score)}</td>
                  <td>
                    <Heat heat={lead.heat} />
                  </td>
                  <td>
                    <Owner owner={lead.owner} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Opportunities({ company, items }: { readonly company: Company; readonly items: Page["opportunities"] }) {
  const open = company.open.map(formatMoney).join(" + ");
  const won = company.won.map(formatMoney).join(" + ");
  return (
    <section aria-labelledby="opportunities">
      <h2 className={css.h2} id="opportunities">
        Opportunities
        <span className={css.worth}>{[open === "" ? null : `${open} open`, won === "" ? null : `${won} won`].filter((word) => word !== null).join(" · ")}</span>
      </h2>
      {items.length === 0 ? (
        <p className="mut">None yet.</p>
      ) : (
        <div className={css.wide}>
          <table className={table.plain}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Stage</th>
                <th scope="col" className={table.right}>
                  Amount
                </th>
                <th scope="col">Close date</th>
                <th scope="col">Owner</th>
              </tr>
            </thead>
            <tbody>
              {items.map((deal) => (
                <tr key={deal.id}>
                  <td>
                    <Link className={css.ref} to="/pipeline/$opportunityId" params={{ opportunityId: deal.id }}>
                      {deal.name}
                    </Link>{" "}
                    <span className="mut">{deal.person.name}</span>
                  </td>
                  <td>
                    {deal.wonAt !== null ? (
                      <span className={css.won}>Won</span>
                    ) : deal.lostAt !== null ? (
                      <span className={css.lost}>Lost</span>
                    ) : (
                      `${deal.stage.charAt(0).toUpperCase()}${deal.stage.slice(1)}`
                    )}
                    {deal.stalled && <span className={css.stalled}> stalled</span>}
                  </td>
                  <td className={table.right}>{deal.value === null ? <span className="mut">—</span> : formatMoney(deal.value)}</td>
                  <td>{deal.closeDate === null ? <span className="mut">—</span> : formatDate(deal.closeDate)}</td>
                  <td>
                    <Owner owner={deal.owner} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The company above; found by name. */
function Parent({ company, may }: { readonly company: Company; readonly may: boolean }) {
  const [choosing, setChoosing] = useState(false);
  const [typed, setTyped] = useState("");
  const [words] = useDebouncedValue(typed.trim(), 120);
  const found =
    useQuery({ ...query("listCompanies", { query: { q: words, limit: 20 } }), enabled: choosing && words !== "", placeholderData: keepPreviousData }).data
      ?.items ?? [];
  const { parent } = company;
  const choose = async (id: string | null): Promise<void> => {
    setChoosing(false);
    if (id === (parent?.id ?? null)) return;
    try {
      await edit(company, { parent: id }, id === null ? "Stands by itself now" : "Parent company changed");
    } catch (error) {
      toastProblem(error);
    }
  };
  if (choosing)
    return (
      <Select
        aria-label="Part of"
        autoFocus
        searchable
        clearable
        placeholder="Find a company"
        data={[
          ...(parent === null ? [] : [{ value: parent.id, label: parent.name }]),
          ...found.filter(({ id }) => id !== company.id && id !== parent?.id).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        filter={({ options }) => options}
        nothingFoundMessage={words === "" ? undefined : "No company of that name"}
        value={parent?.id ?? null}
        onSearchChange={setTyped}
        onChange={(id) => void choose(id)}
        onBlur={() => setChoosing(false)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setChoosing(false);
        }}
      />
    );
  return (
    <span className={css.parent}>
      {parent !== null && (
        <Link className={css.ref} to="/companies/$companyId" params={{ companyId: parent.id }}>
          {parent.name}
        </Link>
      )}
      {may && (
        <Button size="compact-xs" variant="subtle" className={css.choose} onClick={() => setChoosing(true)}>
          {parent === null ? "Choose a parent" : "Change"}
        </Button>
      )}
      {!may && parent === null && <span className="mut">—</span>}
    </span>
  );
}
