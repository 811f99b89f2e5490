/** Teams: whom routing deals leads to, in turn, and whose leads their members see. */
import { ActionIcon, Button, Menu, Modal, MultiSelect, Select, TextInput } from "@mantine/core";
import { Ellipsis, X } from "lucide-react";
import { useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { refresh, useRead } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { counted } from "../../format/format.ts";
import { useKeys } from "../../keys/keys.ts";
import { Avatar } from "../../parts/avatar.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { EmptyState, Loaded } from "../../parts/states.tsx";
import { moved } from "./move.tsx";
import { OrderedRows } from "./ordered-rows.tsx";
import { ChangedBy, Section } from "./section.tsx";
import css from "./settings.module.css";

type Team = Out<"listTeams">["items"][number];
const READS = ["listTeams", "listUsers", "getConfig", "getSession", "listAudit"] as const;

export function TeamsSection() {
  const teams = useRead("listTeams");
  const [open, setOpen] = useState<Team | "new" | null>(null);
  useKeys([{ keys: "n", label: "New team", scope: "This screen", command: true, run: () => setOpen("new") }]);
  const remove = async (team: Team): Promise<void> => {
    await call("deleteTeam", { params: { id: team.id } });
    refresh(...READS);
    const [members, managers] = [team.members.map(({ id }) => id), team.managers.map(({ id }) => id)];
    toast({
      text: `${team.name} deleted`,
      undo: async () => {
        await call("createTeam", { body: { id: team.id, name: team.name, members, managers } });
        refresh(...READS);
      },
    });
  };
  const add = (
    <Button variant="filled" onClick={() => setOpen("new")} aria-keyshortcuts="n">
      New team
    </Button>
  );
  return (
    <Section
      title="Teams"
      about="A lead routed to a team goes to its next active member in turn. Members see the leads of their teams when “Sales reps see” says so."
      actions={add}
    >
      <Loaded from={teams}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No teams yet" actions={add}>
              Make one, so that routing has somebody to deal leads to.
            </EmptyState>
          ) : (
            <div className={css.rows}>
              {items.map((team) => (
                <div className={css.row} key={team.id}>
                  <div className={css.rowText}>
                    <button type="button" className={css.open} onClick={() => setOpen(team)}>
                      {team.name}
                    </button>
                    <span className={css.sub}>
                      {team.members.length === 0
                        ? "Nobody: leads for it go to the fallback queue"
                        : team.members.map(({ name, active }) => (active ? name : `${name} (inactive)`)).join(", ")}
                    </span>
                  </div>
                  <div className={css.rowActions}>
                    <span className="mut num">{counted(team.members.length, "member")}</span>
                    <Menu>
                      <Menu.Target>
                        <ActionIcon aria-label={`Actions for ${team.name}`}>
                          <Ellipsis size={16} />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item onClick={() => setOpen(team)}>Change…</Menu.Item>
                        <Menu.Item onClick={() => void remove(team).catch(toastProblem)}>Delete</Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  </div>
                </div>
              ))}
            </div>
          )
        }
      </Loaded>
      <ChangedBy action="config.published" part="teams" />
      {open !== null && <TeamDialog team={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

function TeamDialog({ team, onClose }: { readonly team: Team | null; readonly onClose: () => void }) {
  const people = useRead("listUsers").data?.items ?? [];
  const was = { name: team?.name ?? "", members: team?.members.map(({ id }) => id) ?? [], managers: team?.managers.map(({ id }) => id) ?? [] };
  const change = async (body: typeof was): Promise<void> => {
    if (team === null) return;
    await call("changeTeam", { params: { id: team.id }, body });
    refresh(...READS);
  };
  const form = useForm({
    op: team === null ? "createTeam" : "changeTeam",
    initial: was,
    input: ({ name, members, managers }) =>
      ({ ...(team === null ? {} : { params: { id: team.id } }), body: { name: name.trim(), members, managers } }) as never,
    check: ({ name }) => (name.trim() === "" ? { name: "Enter the name." } : {}),
    refreshes: READS,
    onDone: (answer: Team) => {
      toast({
        text: team === null ? `${answer.name} made` : `${answer.name} changed`,
        undo: async () => {
          if (team !== null) return change(was);
          await call("deleteTeam", { params: { id: answer.id } });
          refresh(...READS);
        },
      });
      onClose();
    },
  });
  const { members } = form.values;
  const nameOf = (id: string): string => people.find((user) => user.id === id)?.name ?? team?.members.find((one) => one.id === id)?.name ?? id;
  const free = people.filter(({ id, active }) => active && !members.includes(id)).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Modal opened onClose={onClose} title={team?.name ?? "New team"} size={460} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit={team === null ? "Make" : "Save"} cancel={onClose}>
        <TextInput label="Name" data-autofocus {...form.text("name")} />
        <div>
          <div className="mantine-InputWrapper-label">Members, in their turn</div>
          {members.length > 0 && (
            <OrderedRows
              label="Members, in their turn"
              items={members}
              idOf={(id) => id}
              nameOf={nameOf}
              onMove={(from, by) => form.set({ members: [...moved(members, from, by)] })}
              row={(id) => (
                <div className={css.inTurn}>
                  <Avatar name={nameOf(id)} size={20} />
                  <span className="cut">{nameOf(id)}</span>
                </div>
              )}
              acts={(id) => (
                <ActionIcon aria-label={`Remove ${nameOf(id)}`} onClick={() => form.set({ members: members.filter((one) => one !== id) })}>
                  <X size={14} />
                </ActionIcon>
              )}
            />
          )}
          {members.length === 0 && <p className={css.effect}>Nobody yet.</p>}
        </div>
        <Select
          label="Add a member"
          placeholder={free.length === 0 ? "Everybody is in it" : "Name"}
          searchable
          value={null}
          data={free}
          error={form.errorOf("members")}
          onChange={(id) => id !== null && form.set({ members: [...members, id] })}
        />
        <MultiSelect
          label="Managers"
          description="They see the team’s leads and are dealt none."
          searchable
          value={form.values.managers}
          data={people.filter(({ id, active }) => active || form.values.managers.includes(id)).map(({ id, name }) => ({ value: id, label: name }))}
          error={form.errorOf("managers")}
          onChange={(managers) => form.set({ managers })}
        />
      </FormBody>
    </Modal>
  );
}
