/** A view gets a name, and whom it is for. */
import { Modal, NativeSelect, TextInput } from "@mantine/core";
import { useCan, useSession } from "../../app/session.tsx";
import { toast } from "../../app/toasts.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import type { LeadsView } from "./use-leads-view.ts";

type Values = { readonly name: string; readonly scope: string };

export function SaveView({ view, rename, onClose }: { readonly view: LeadsView; readonly rename: boolean; readonly onClose: () => void }) {
  const { teams } = useSession();
  const shares = useCan()("views.share");
  const saved = rename ? view.tab.saved : null;
  const done =
    (name: string) =>
    (answer: { readonly id: string }): void => {
      onClose();
      view.open(answer);
      toast({ text: `“${name}” saved` });
    };
  const check = ({ name }: Values): { readonly name?: string } => (name.trim() === "" ? { name: "Enter a name." } : {});
  const whose = ({ scope }: Values) =>
    scope.startsWith("team:") ? { scope: "team" as const, team: scope.slice(5) } : { scope: scope as "private" | "workspace" };
  const content = { filter: view.filter ?? null, sort: view.sort, columns: [...view.columns] };
  const initial: Values = { name: saved?.name ?? "", scope: saved === null ? "private" : saved.scope === "team" ? `team:${saved.team ?? ""}` : saved.scope };
  const create = useForm({
    op: "createView",
    initial,
    check,
    refreshes: ["listViews", "countViews"],
    input: (values: Values) => ({ body: { name: values.name.trim(), kind: "leads" as const, ...content, ...whose(values) } }),
    onDone: (answer, { name }) => done(name)(answer),
  });
  const change = useForm({
    op: "changeView",
    initial,
    check,
    refreshes: ["listViews", "countViews"],
    input: (values: Values) => ({
      params: { id: saved?.id ?? "" },
      ...(saved === null ? {} : { ifMatch: saved.version }),
      body: { name: values.name.trim(), ...whose(values) },
    }),
    onDone: (answer, { name }) => done(name)(answer),
  });
  const form = saved === null ? create : change;
  return (
    <Modal opened onClose={onClose} title={saved === null ? "Save view" : "View"} size={400}>
      <FormBody form={form} submit="Save" cancel={onClose}>
        <TextInput label="Name" data-autofocus maxLength={100} {...form.text("name")} />
        {shares && (
          <NativeSelect
            label="For"
            {...form.text("scope")}
            data={[
              { value: "private", label: "Only me" },
              ...teams.map(({ id, name }) => ({ value: `team:${id}`, label: `Team ${name}` })),
              { value: "workspace", label: "Everybody" },
            ]}
          />
        )}
      </FormBody>
    </Modal>
  );
}
