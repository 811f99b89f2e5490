/** A new lead in a few keys, from anywhere. Somebody known already is updated, and the toast says so. */
import { Autocomplete, Modal, TextInput } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useRead } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { leadName } from "../../format/format.ts";
import { FormBody, useForm } from "../../parts/form.tsx";
import css from "../session/door.module.css";
import { undoLeadWrite } from "./undo.ts";

const EMPTY = { firstName: "", lastName: "", email: "", phone: "", company: "", jobTitle: "", source: "" };

export function QuickAdd({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter();
  const sources = useRead("listLeadFacets", { query: {} }).data?.sources ?? [];
  const form = useForm({
    op: "captureLead",
    initial: EMPTY,
    input: (values) => ({ body: Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value.trim() === "" ? [] : [[name, value.trim()]]))) }),
    check: ({ firstName, lastName, email, phone, company }) =>
      [firstName, lastName, email, phone, company].every((value) => value.trim() === "") ? { lastName: "Enter a name, an address or a company." } : {},
    refreshes: ["listLeads", "countViews", "myDay"],
    onDone: (answer) => {
      onClose();
      if (answer.outcome === "held") return void toast({ text: "Kept, but not understood: it waits under Held inputs." });
      const { outcome, lead, undo } = answer;
      toast({
        text: `${leadName(lead)} ${outcome === "created" ? "added" : outcome === "updated" ? "was known already; updated" : "is known already; nothing changed"}`,
        ...(undo === null ? {} : { undo: undoLeadWrite(lead.id, undo) }),
        action: { label: "Open", run: () => void router.navigate({ to: `/leads/${lead.id}` as string }) },
      });
    },
  });
  return (
    <Modal opened onClose={onClose} title="New lead" size={480} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Add lead" cancel={onClose}>
        <div className={css.two}>
          <TextInput label="First name" data-autofocus autoComplete="off" {...form.text("firstName")} />
          <TextInput label="Last name" autoComplete="off" {...form.text("lastName")} />
        </div>
        <div className={css.two}>
          <TextInput label="E-mail" type="email" autoComplete="off" {...form.text("email")} />
          <TextInput label="Phone" type="tel" autoComplete="off" {...form.text("phone")} />
        </div>
        <div className={css.two}>
          <TextInput label="Company" autoComplete="off" {...form.text("company")} />
          <TextInput label="Job title" autoComplete="off" {...form.text("jobTitle")} />
        </div>
        <Autocomplete
          label="Source"
          size="xs"
          autoComplete="off"
          data={sources.flatMap(({ value }) => (value === null ? [] : [value]))}
          {...form.field("source")}
        />
      </FormBody>
    </Modal>
  );
}
