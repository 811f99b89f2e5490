/** How I sign in: password, second factor, and where I am signed in. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { call, type Out } from "../../api/call.ts";
import { refresh, useRead } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { counted } from "../../format/format.ts";
import { FormBody, useForm } from "../../parts/form.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { Loaded } from "../../parts/states.tsx";
import { useSession } from "../../app/session.tsx";
import { passwordAdvice } from "../session/password-advice.ts";
import { Part, Section } from "../settings/section.tsx";
import css from "../settings/settings.module.css";
import { SecondFactor } from "./second-factor.tsx";

export function SecuritySection() {
  return (
    <Section title="Sign-in and security">
      <Password />
      <Part
        title="Second factor"
        about="Besides the password, signing in asks for a code of an authenticator app. Whoever learns your password cannot get in with it alone."
      >
        <SecondFactor />
      </Part>
      <Part title="Where you are signed in" about="A session ends by itself when it is not used for a while.">
        <Loaded from={useRead("listSessions")}>{({ items }) => <Sessions items={items} />}</Loaded>
      </Part>
    </Section>
  );
}

function Password() {
  const { user } = useSession();
  const form = useForm({
    op: "changePassword",
    initial: { current: "", password: "" },
    input: (values) => ({ body: values }),
    check: ({ current, password }) => ({
      ...(current === "" ? { current: "Enter the password you have now." } : {}),
      ...(password.length < 12 ? { password: "At least 12 characters." } : {}),
    }),
    refreshes: ["listSessions", "getSession"],
    onDone: ({ ended }) => {
      form.set({ current: "", password: "" });
      toast({ text: ended === 0 ? "Password changed" : `Password changed; ${counted(ended, "other session")} ended` });
    },
  });
  return (
    <Part title="Password" about="Changing it signs you out everywhere else.">
      <div className={css.formRow} style={{ maxWidth: 340 }}>
        <FormBody form={form} submit="Change password">
          <TextInput className="out" tabIndex={-1} aria-hidden readOnly autoComplete="username" value={user.email} />
          <PasswordInput label="Present password" autoComplete="current-password" {...form.text("current")} />
          <PasswordInput label="New password" autoComplete="new-password" description={passwordAdvice(form.values.password)} {...form.text("password")} />
        </FormBody>
      </div>
    </Part>
  );
}

type Entry = Out<"listSessions">["items"][number];

const VIA: Readonly<Record<Entry["via"], string>> = { password: "by password", oidc: "by single sign-on", link: "by a link", setup: "at the first run" };

function Sessions({ items }: { readonly items: readonly Entry[] }) {
  const end = async (run: () => Promise<{ readonly ended: number }>): Promise<void> => {
    try {
      const { ended } = await run();
      refresh("listSessions");
      toast({ text: ended === 1 ? "That session ended" : `${counted(ended, "session")} ended` });
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <>
      <div className={css.rows}>
        {items.map(({ id, current, device, address, via, createdAt, lastSeenAt }) => (
          <div className={css.row} key={id}>
            <div className={css.rowText}>
              {device}{" "}
              {current && (
                <span className={css.pill} data-tone="good">
                  here
                </span>
              )}
              <span className={css.sub}>
                {address} · {VIA[via]} <When at={createdAt} />
                {!current && (
                  <>
                    {" "}
                    · last used <When at={lastSeenAt} relative />
                  </>
                )}
              </span>
            </div>
            {!current && (
              <Button variant="subtle" onClick={() => void end(() => call("endSession", { params: { id } }))} aria-label={`Sign out ${device}, ${address}`}>
                Sign out
              </Button>
            )}
          </div>
        ))}
      </div>
      {items.length > 1 && (
        <Button style={{ marginTop: 12 }} onClick={() => void end(() => call("endOtherSessions"))}>
          Sign out everywhere else
        </Button>
      )}
    </>
  );
}
