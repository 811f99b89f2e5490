/** Inviting a user, changing one, and the link that is handed over. */
import { Button, Checkbox, Modal, MultiSelect, NativeSelect, TextInput } from "@mantine/core";
import type { Role } from "../../../core/access/role.ts";
import type { Out } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { formatMoment } from "../../format/format.ts";
import { FormBody, useForm } from "../../parts/form.tsx";
import { ROLE_CHOICES, ROLE_WORDS } from "./roles.ts";
import { HandOver } from "./section.tsx";
import css from "./settings.module.css";
import { changeUser, READS, type User } from "./user-writes.ts";

export type LinkShown = Out<"createResetLink"> & { readonly name: string; readonly kind: "invitation" | "reset" };

function useTeamChoices() {
  return (useRead("listTeams").data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

export function InviteUser({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (link: LinkShown | null) => void }) {
  const teams = useTeamChoices();
  const form = useForm({
    op: "createUser",
    initial: { name: "", email: "", role: "salesRep" as Role, teams: [] as string[], signerMarketing: false, signerSales: false },
    input: ({ name, email, role, teams: chosen, signerMarketing, signerSales }) => ({
      body: { name, email: email.trim(), role, ...(chosen.length === 0 ? {} : { teams: chosen }), rights: { signerMarketing, signerSales } },
    }),
    check: ({ name, email }) => ({
      ...(name.trim() === "" ? { name: "Enter the name." } : {}),
      ...(email.trim() === "" ? { email: "Enter the e-mail address." } : {}),
    }),
    refreshes: READS,
    onDone: ({ name, invitation }) => {
      toast({ text: `${name} is invited` });
      onDone(invitation === null ? null : { ...invitation, name, kind: "invitation" });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Invite a user" size={460} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Invite" cancel={onClose}>
        <TextInput label="Name" data-autofocus autoComplete="off" {...form.text("name")} />
        <TextInput label="E-mail" type="email" autoComplete="off" {...form.text("email")} />
        <RoleFields form={form} teams={teams} />
      </FormBody>
    </Modal>
  );
}

type Fields = { readonly role: Role; readonly teams: string[]; readonly signerMarketing: boolean; readonly signerSales: boolean };
type FieldsForm = {
  readonly values: Fields;
  readonly set: (change: Partial<Fields>) => void;
  readonly errorOf: (name: "role" | "teams") => string | undefined;
};

function RoleFields({ form, teams }: { readonly form: FieldsForm; readonly teams: readonly { readonly value: string; readonly label: string }[] }) {
  const { role, teams: chosen, signerMarketing, signerSales } = form.values;
  return (
    <>
      <NativeSelect
        label="Role"
        description={ROLE_WORDS[role].does}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={ROLE_CHOICES}
        value={role}
        error={form.errorOf("role")}
        onChange={(event) => form.set({ role: event.currentTarget.value as Role })}
      />
      <MultiSelect
        label="Teams"
        placeholder={chosen.length === 0 ? "None: is dealt no leads" : ""}
        searchable
        data={[...teams]}
        value={chosen}
        error={form.errorOf("teams")}
        onChange={(next) => form.set({ teams: next })}
      />
      <Checkbox
        label="Signs definitions and promises for marketing"
        checked={signerMarketing}
        onChange={(event) => form.set({ signerMarketing: event.currentTarget.checked })}
      />
      <Checkbox
        label="Signs definitions and promises for sales"
        checked={signerSales}
        onChange={(event) => form.set({ signerSales: event.currentTarget.checked })}
      />
    </>
  );
}

export function EditUser({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const teams = useTeamChoices();
  const was = { name: user.name, role: user.role, teams: [...user.teams], signerMarketing: user.rights.signerMarketing, signerSales: user.rights.signerSales };
  const form = useForm({
    // Asked first, so that what is shown is what is changed; the change itself is below, with Undo.
    op: "listUsers",
    initial: was,
    input: () => ({}),
    check: ({ name }) => (name.trim() === "" ? { name: "Enter the name." } : {}),
    onDone: async (_, { name, role, teams: chosen, signerMarketing, signerSales }) => {
      const change = {
        ...(name.trim() === was.name ? {} : { name: name.trim() }),
        ...(role === was.role ? {} : { role }),
        ...(chosen.toSorted().join() === was.teams.toSorted().join() ? {} : { teams: chosen }),
        ...(signerMarketing === was.signerMarketing && signerSales === was.signerSales ? {} : { rights: { signerMarketing, signerSales } }),
      };
      if (Object.keys(change).length > 0) await changeUser(user, change, `${name.trim()} changed`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={user.name} size={460} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Save" cancel={onClose}>
        <TextInput label="Name" data-autofocus {...form.text("name")} />
        <TextInput
          label="E-mail"
          value={user.email}
          readOnly
          description="Whom one signs in as; it stays."
          inputWrapperOrder={["label", "input", "description"]}
        />
        <RoleFields form={form} teams={teams} />
        {form.values.role !== was.role && <p className={css.effect}>Another role ends the sessions of {user.name}: signing in again brings the new rights.</p>}
      </FormBody>
    </Modal>
  );
}

export function LinkDialog({ link: { name, url, expiresAt, mailed, kind }, onClose }: { readonly link: LinkShown; readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={kind === "invitation" ? `Invitation for ${name}` : `Reset link for ${name}`} size={560} closeOnClickOutside={false}>
      <HandOver label="Link" value={url}>
        <p>
          {mailed ? "It was mailed, and you can hand it over yourself as well. " : `Hand this link to ${name}. `}
          It is good once, until {formatMoment(expiresAt)}, and shown this once.
        </p>
      </HandOver>
      <div className={css.sectionActions} style={{ paddingTop: 16 }}>
        <Button onClick={onClose}>Done</Button>
      </div>
    </Modal>
  );
}
