/** Users: who works here, as what, in which teams; inviting, deactivating, links to hand over. */
import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { Ellipsis, Search } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call.ts";
import { refresh, useRead } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { useKeys } from "../../keys/keys.ts";
import { Avatar } from "../../parts/avatar.tsx";
import { Confirm } from "../../parts/confirm.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { Loaded } from "../../parts/states.tsx";
import tableCss from "../../parts/table.module.css";
import { ROLE_WORDS } from "./roles.ts";
import { Section } from "./section.tsx";
import css from "./settings.module.css";
import { changeUser, READS, type User } from "./user-writes.ts";
import { EditUser, InviteUser, type LinkShown, LinkDialog } from "./user-dialogs.tsx";

type Open =
  | { readonly what: "invite" }
  | { readonly what: "edit"; readonly user: User }
  | { readonly what: "link"; readonly link: LinkShown }
  | { readonly what: "factor"; readonly user: User }
  | { readonly what: "revoke"; readonly user: User }
  | null;

export function UsersSection() {
  const users = useRead("listUsers");
  const teams = useRead("listTeams").data?.items ?? [];
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  useKeys([{ keys: "i", label: "Invite a user", scope: "This screen", command: true, run: () => setOpen({ what: "invite" }) }]);
  const wanted = typed.trim().toLowerCase();
  return (
    <Section
      wide
      title="Users"
      about="Only active users sign in and are dealt leads. Whoever leaves is deactivated, not deleted: the leads and the history stay whose they were."
      actions={
        <>
          <TextInput
            aria-label="Find a user"
            placeholder="Find"
            leftSection={<Search size={13} aria-hidden />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button variant="filled" onClick={() => setOpen({ what: "invite" })} aria-keyshortcuts="i">
            Invite
          </Button>
        </>
      }
    >
      <Loaded from={users}>
        {({ items }) => {
          const shown = items
            .filter(({ name, email, role }) => `${name} ${email} ${ROLE_WORDS[role].label}`.toLowerCase().includes(wanted))
            .toSorted((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
          return (
            <>
              <table className={`${tableCss.plain} ${css.stack}`}>
                <thead>
                  <tr>
                    <th>Name</th>
                    <th>Role</th>
                    <th>Teams</th>
                    <th>Signed in</th>
                    <th>
                      <span className="out">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((user) => (
                    <Row key={user.id} user={user} teams={user.teams.map((id) => teams.find((team) => team.id === id)?.name ?? id)} onOpen={setOpen} />
                  ))}
                </tbody>
              </table>
              {shown.length === 0 && <p className={css.none}>Nobody of that name. Fewer letters find more.</p>}
            </>
          );
        }}
      </Loaded>
      {open?.what === "invite" && <InviteUser onClose={close} onDone={(link) => setOpen(link === null ? null : { what: "link", link })} />}
      {open?.what === "edit" && <EditUser user={open.user} onClose={close} />}
      {open?.what === "link" && <LinkDialog link={open.link} onClose={close} />}
      {open?.what === "factor" && (
        <Confirm
          title={`Take away ${open.user.name}’s second factor?`}
          verb="Take away"
          onClose={close}
          onConfirm={async () => {
            await call("removeSecondFactor", { params: { id: open.user.id } });
            refresh(...READS);
            toast({ text: `${open.user.name} signs in with the password alone now` });
          }}
        >
          For who has lost both phone and recovery codes. All sessions end, and the password alone will do until a new one is set up.
        </Confirm>
      )}
      {open?.what === "revoke" && (
        <Confirm
          title={`Revoke the invitation of ${open.user.name}?`}
          verb="Revoke"
          onClose={close}
          onConfirm={async () => {
            await call("revokeInvitation", { params: { id: open.user.id } });
            refresh(...READS);
            toast({ text: "Invitation revoked" });
          }}
        >
          The link stops working. A new one can be made at any time.
        </Confirm>
      )}
    </Section>
  );
}

function Row({ user, teams, onOpen }: { readonly user: User; readonly teams: readonly string[]; readonly onOpen: (open: Open) => void }) {
  const me = useSession().user.id === user.id;
  const { id, name, email, role, active, state, rights, secondFactor, signedInAt, invitedUntil } = user;
  const link = async (what: "inviteAgain" | "createResetLink"): Promise<void> => {
    try {
      const { url, expiresAt, mailed } = await call(what, { params: { id } });
      refresh(...READS);
      onOpen({ what: "link", link: { name, url, expiresAt, mailed, kind: what === "inviteAgain" ? "invitation" : "reset" } });
    } catch (error) {
      toastProblem(error);
    }
  };
  const signOut = async (): Promise<void> => {
    try {
      const { ended } = await call("endUserSessions", { params: { id } });
      toast({ text: ended === 0 ? `${name} was signed in nowhere` : `${name} is signed out everywhere` });
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <tr className={active ? undefined : css.off}>
      <td>
        <div className={css.person}>
          <Avatar name={name} />
          <div>
            <button type="button" className={css.open} onClick={() => onOpen({ what: "edit", user })}>
              {name}
              {me && <span className="mut"> (you)</span>}
            </button>
            <small>{email}</small>
          </div>
        </div>
      </td>
      <td>
        {ROLE_WORDS[role].label}
        {(rights.signerMarketing || rights.signerSales) && (
          <span className={css.sub}>
            signs for {[rights.signerMarketing ? "marketing" : "", rights.signerSales ? "sales" : ""].filter((word) => word !== "").join(" and ")}
          </span>
        )}
      </td>
      <td>{teams.length === 0 ? <span className="mut">none</span> : teams.join(", ")}</td>
      <td>
        {!active ? (
          <span className={css.pill}>Inactive</span>
        ) : state === "invited" ? (
          <span className={css.pill} data-tone={invitedUntil === null ? "late" : "good"}>
            {invitedUntil === null ? (
              "No link: invite again"
            ) : (
              <>
                Invited, until <When at={invitedUntil} dateOnly />
              </>
            )}
          </span>
        ) : (
          <>
            {signedInAt === null ? <span className="mut">not yet</span> : <When at={signedInAt} relative />}
            {secondFactor && <span className={css.sub}>with second factor</span>}
          </>
        )}
      </td>
      <td className={css.rowMenu}>
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={`Actions for ${name}`}>
              <Ellipsis size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onOpen({ what: "edit", user })}>Change…</Menu.Item>
            {active && state === "invited" && <Menu.Item onClick={() => void link("inviteAgain")}>Invite again</Menu.Item>}
            {active && invitedUntil !== null && <Menu.Item onClick={() => onOpen({ what: "revoke", user })}>Revoke invitation…</Menu.Item>}
            {active && state === "active" && <Menu.Item onClick={() => void link("createResetLink")}>Make a reset link</Menu.Item>}
            {secondFactor && <Menu.Item onClick={() => onOpen({ what: "factor", user })}>Take away second factor…</Menu.Item>}
            {active && state === "active" && !me && <Menu.Item onClick={() => void signOut()}>Sign out everywhere</Menu.Item>}
            <Menu.Divider />
            <Menu.Item
              onClick={() =>
                void changeUser(
                  user,
                  { active: !active },
                  active ? `${name} is inactive: signed out, dealt nothing any more` : `${name} is active again`,
                ).catch(toastProblem)
              }
            >
              {active ? "Deactivate" : "Activate"}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </td>
    </tr>
  );
}
