/** What an invitation or a reset link leads to: look what it is for, set a password, be signed in. */
import { PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Out } from "../../api/call.ts";
import { query } from "../../api/query.ts";
import type { Session } from "../../app/session.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { Bones } from "../../parts/states.tsx";
import { wordsOf } from "../../app/toasts.tsx";
import { DoorPage } from "./door.tsx";
import css from "./door.module.css";
import { enter } from "./enter.ts";
import { passwordAdvice } from "./password-advice.ts";

type Look = Out<"lookAtLink">;

export function LinkScreen() {
  const { token = "" } = useSearch({ strict: false }) as { readonly token?: string };
  const { data, error } = useQuery({ ...query("lookAtLink", { body: { token } }), retry: false, staleTime: Number.POSITIVE_INFINITY });
  if (error !== null)
    return (
      <DoorPage title="This link does not work">
        <p className={css.sub}>{wordsOf(error)}</p>
        <a href="/sign-in">Sign in</a>
      </DoorPage>
    );
  if (data === undefined)
    return (
      <DoorPage title="One moment">
        <Bones rows={3} />
      </DoorPage>
    );
  return data.kind === "invitation" ? <Accept token={token} look={data} /> : <Reset token={token} look={data} />;
}

function useEnter(): (session: Session) => void {
  const router = useRouter();
  return (session) => {
    enter(session);
    void router.navigate({ to: "/", replace: true });
  };
}

const tooShort = (password: string): { readonly password?: string } => (password.length < 12 ? { password: "At least 12 characters." } : {});

function Accept({ token, look }: { readonly token: string; readonly look: Look }) {
  const onDone = useEnter();
  const form = useForm({
    op: "acceptInvitation",
    initial: { name: look.name, password: "" },
    input: ({ name, password }) => ({ body: { token, name: name.trim(), password } }),
    check: ({ name, password }) => ({ ...(name.trim() === "" ? { name: "Enter your name." } : {}), ...tooShort(password) }),
    onDone,
  });
  return (
    <DoorPage title={`Join ${look.workspace}`}>
      <p className={css.sub}>You sign in as {look.email}.</p>
      <FormBody form={form} submit="Join" submitProps={{ size: "sm", fullWidth: true }}>
        <TextInput label="Your name" size="sm" autoComplete="name" {...form.text("name")} />
        <PasswordInput label="Password" description={passwordAdvice(form.values.password)} size="sm" autoComplete="new-password" {...form.text("password")} />
      </FormBody>
    </DoorPage>
  );
}

function Reset({ token, look }: { readonly token: string; readonly look: Look }) {
  const onDone = useEnter();
  const [asksCode, setAsksCode] = useState(look.secondFactor);
  const form = useForm({
    op: "resetPassword",
    initial: { password: "", code: "" },
    input: ({ password, code }) => ({ body: { token, password, ...(code.trim() === "" ? {} : { code: code.trim() }) } }),
    check: ({ password }) => tooShort(password),
    onDone,
    onProblem: ({ type }) => {
      if (type !== "second-factor" || asksCode) return false;
      setAsksCode(true);
      return true;
    },
  });
  return (
    <DoorPage title="New password">
      <p className={css.sub}>
        For {look.email} in {look.workspace}. You are signed out everywhere else.
      </p>
      <FormBody form={form} submit="Set the password" submitProps={{ size: "sm", fullWidth: true }}>
        <PasswordInput
          label="New password"
          description={passwordAdvice(form.values.password)}
          size="sm"
          autoComplete="new-password"
          autoFocus
          {...form.text("password")}
        />
        {asksCode && (
          <TextInput label="Code" description="Of your authenticator app, or a recovery code" size="sm" autoComplete="one-time-code" {...form.text("code")} />
        )}
      </FormBody>
    </DoorPage>
  );
}
