/** Signing in, and asking for a reset link. */
import { Button, TextInput } from "@mantine/core";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { toastProblem } from "../../app/toasts.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { DoorPage } from "./door.tsx";
import css from "./door.module.css";
import { enter } from "./enter.ts";
import { SignInForm } from "./sign-in-form.tsx";

const route = getRouteApi("/sign-in");

/** Why the way through another house (OIDC) ended here. */
const PROBLEMS: Readonly<Record<string, string>> = {
  "oidc-failed": "Signing in there did not work. Try again, or sign in with your password.",
  "oidc-unknown": "Nobody of this workspace has that address. Ask an administrator for an invitation.",
  "oidc-unverified": "The address was not verified there. Verify it, or sign in with your password.",
  "oidc-expired": "That took too long. Start again.",
};

export function SignInScreen() {
  const { back, problem } = route.useSearch();
  const router = useRouter();
  const options = useRead("signInOptions").data;
  const [forgot, setForgot] = useState(false);
  useEffect(() => {
    if (options?.needsSetup === true) void router.navigate({ to: "/setup", search: {}, replace: true });
  }, [options, router]);
  if (forgot) return <Forgot mails={options?.mailsLinks ?? false} onBack={() => setForgot(false)} />;
  return (
    <DoorPage title="Sign in">
      {problem !== undefined && (
        <p className={css.refused} role="alert">
          {PROBLEMS[problem] ?? "Signing in did not work. Try again."}
        </p>
      )}
      {options?.demo != null && (
        <p className={css.sub}>
          This is a demo. Sign in as <b>{options.demo.email}</b> with the password <b>{options.demo.password}</b>.
        </p>
      )}
      <SignInForm
        onDone={(session) => {
          enter(session);
          router.history.replace(back ?? "/");
        }}
      />
      {options !== undefined && options.oidc.length > 0 && (
        <>
          <div className={css.or}>or</div>
          <div className={css.stack}>
            {options.oidc.map(({ workspace, label }) => (
              <Button key={workspace} size="sm" fullWidth onClick={() => void elsewhere(workspace, back)}>
                {label}
              </Button>
            ))}
          </div>
        </>
      )}
      <p style={{ marginTop: 14 }}>
        <button type="button" className={css.quiet} onClick={() => setForgot(true)}>
          Forgot your password?
        </button>
      </p>
    </DoorPage>
  );
}

async function elsewhere(workspace: string, next: string | undefined): Promise<void> {
  try {
    const { url } = await call("startOidc", { body: { workspace, ...(next === undefined ? {} : { next }) } });
    location.assign(url);
  } catch (error) {
    toastProblem(error);
  }
}

function Forgot({ mails, onBack }: { readonly mails: boolean; readonly onBack: () => void }) {
  const [sent, setSent] = useState(false);
  const form = useForm({
    op: "requestPasswordReset",
    initial: { email: "" },
    input: ({ email }) => ({ body: { email: email.trim() } }),
    check: ({ email }) => (email.trim() === "" ? { email: "Enter your e-mail address." } : {}),
    onDone: () => setSent(true),
  });
  const words = mails
    ? "If somebody here has this address, a link is on its way to it. It is good for a day."
    : "No mail is set up here. Ask an administrator: under Settings, Users there is a reset link to hand over.";
  return (
    <DoorPage title="New password">
      {sent ? (
        <p className={css.sub} role="status">
          {words}
        </p>
      ) : (
        <FormBody form={form} submit="Send a link" cancel={onBack}>
          <TextInput label="E-mail" type="email" autoComplete="username" size="sm" autoFocus {...form.text("email")} />
        </FormBody>
      )}
      {sent && <Button onClick={onBack}>Back to sign in</Button>}
    </DoorPage>
  );
}
