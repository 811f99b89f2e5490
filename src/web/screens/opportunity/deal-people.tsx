/** Who takes part in the decision: the lead, and others with their roles. */
import { ActionIcon, Button, Modal, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { query } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { type Deal, refreshDeals } from "../pipeline/deals.ts";
import { undoLeadWrite } from "../leads/undo.ts";
import css from "./opportunity.module.css";

type Written = Out<"linkContact">;
type Member = { readonly id: string; readonly lead: string; readonly name: string; readonly detail: string | null; readonly role: string };

export function DealPeople({ deal }: { readonly deal: Deal }) {
  const can = useCan();
  const [adding, setAdding] = useState(false);
  const members = useMembers(deal);
  const may = can("leads.edit");
  const remove = async ({ lead, id, name }: Member): Promise<void> => {
    try {
      said(await call("unlinkContact", { params: { id: lead, contact: id } }), `${name} is out of ${deal.name}`);
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <section aria-labelledby="deal-people">
      <h2 className={css.h2} id="deal-people">
        People
        {may && (
          <Button size="compact-xs" variant="subtle" leftSection={<Plus size={12} aria-hidden />} onClick={() => setAdding(true)}>
            Add
          </Button>
        )}
      </h2>
      <ul className={css.rows}>
        {!members.some(({ lead }) => lead === deal.lead) && (
          <li>
            <span className="cut">
              <Link className={css.ref} to="/leads/$leadId" params={{ leadId: deal.lead }} search={{}}>
                {deal.person.name}
              </Link>{" "}
              <span className="mut">the lead</span>
            </span>
          </li>
        )}
        {members.map((member) => (
          <li key={member.id}>
            <span className="cut">
              <Link className={css.ref} to="/leads/$leadId" params={{ leadId: member.lead }} search={{}}>
                {member.name}
              </Link>{" "}
              <span className="mut">
                {member.role}
                {member.detail !== null && ` · ${member.detail}`}
              </span>
            </span>
            {may && (
              <ActionIcon size={24} aria-label={`Take ${member.name} out`} onClick={() => void remove(member)}>
                <X size={13} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {adding && <AddMember deal={deal} onClose={() => setAdding(false)} />}
    </section>
  );
}

/** A company's page knows who has a role in its opportunities; without a company only the lead's own roles are known. */
function useMembers(deal: Deal): readonly Member[] {
  const can = useCan();
  const company = useQuery({
    ...query("getCompany", { params: { id: deal.company?.id ?? "" } }),
    enabled: deal.company !== null && can("companies.read"),
  }).data;
  const own = useQuery({ ...query("listLeadContacts", { params: { id: deal.lead } }), enabled: deal.company === null }).data;
  if (company !== undefined)
    return company.contacts
      .filter(({ opportunity }) => opportunity?.id === deal.id)
      .map(({ id, role, lead }) => ({ id, role, lead: lead.id, name: lead.name, detail: lead.jobTitle }));
  return (own?.own ?? [])
    .filter(({ opportunity }) => opportunity?.id === deal.id)
    .map(({ id, role }) => ({ id, role, lead: deal.lead, name: deal.person.name, detail: null }));
}

const ROLES = ["Decision maker", "Champion", "User", "Buyer", "Technical", "Blocker"];

function AddMember({ deal, onClose }: { readonly deal: Deal; readonly onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [words] = useDebouncedValue(typed.trim(), 120);
  const found =
    useQuery({ ...query("search", { query: { q: words, limit: 20 } }), enabled: words.length > 0, placeholderData: keepPreviousData }).data?.items ?? [];
  const people = found
    .filter(({ type }) => type === "lead")
    .map(({ id, title, detail }) => ({ value: id, label: detail === "" ? title : `${title} · ${detail}` }));
  const form = useForm({
    op: "linkContact",
    initial: { lead: "", role: "" },
    check: ({ lead, role }) => ({
      ...(lead === "" ? { lead: "Find the person first" } : {}),
      ...(role.trim() === "" ? { role: "Say what part they play" } : {}),
    }),
    input: ({ lead, role }) => ({ params: { id: lead }, body: { opportunity: deal.id, role: role.trim() } }),
    onDone: (answer, { role }) => {
      said(answer, `Added as ${role.trim()}`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Who else decides on ${deal.name}?`} size={420} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Add" cancel={onClose}>
        <Select
          label="Person"
          placeholder="Find a lead by name"
          data-autofocus
          searchable
          data={people}
          filter={({ options }) => options}
          nothingFoundMessage={typed.trim() === "" ? undefined : "No lead of that name"}
          searchValue={typed}
          onSearchChange={setTyped}
          error={form.errorOf("lead")}
          value={form.values.lead === "" ? null : form.values.lead}
          onChange={(lead) => form.set({ lead: lead ?? "" })}
        />
        <TextInput label="Role" maxLength={100} {...form.text("role")} />
        <div className={css.often} role="group" aria-label="Frequent roles">
          {ROLES.map((role) => (
            <button key={role} type="button" onClick={() => form.set({ role })}>
              {role}
            </button>
          ))}
        </div>
      </FormBody>
    </Modal>
  );
}

function said(answer: Written, text: string): void {
  refreshDeals();
  if (answer.outcome === "held") return void toast({ text: "Kept, but it could not be processed: it waits under Held inputs." });
  toast({ text, ...(answer.undo === null ? {} : { undo: undoLeadWrite(answer.lead.id, answer.undo) }) });
}
