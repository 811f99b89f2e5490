/** Signing in: address and password, then the code of the second factor, then which workspace, as far as they are asked for. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ApiProblem } from "../../api/call.ts";
import type { Session } from "../../app/session.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import css from "./door.module.css";

type Choice = { readonly id: string; readonly name: string };

export function SignInForm({ email = "", onDone }: { readonly email?: string; readonly onDone: (session: Session) => void }) {
  const [asksCode, setAsksCode] = useState(false);
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const form = useForm({
    op: "signIn",
    initial: { email, password: "", code: "", workspace: "" },
    input: ({ email: address, password, code, workspace }) => ({
      body: { email: address.trim(), password, ...(code.trim() === "" ? {} : { code: code.trim() }), ...(workspace === "" ? {} : { workspace }) },
    }),
    check: ({ email: address, password, code }) => ({
      ...(address.trim() === "" ? { email: "Enter your e-mail address." } : {}),
      ...(password === "" ? { password: "Enter your password." } : {}),
      ...(asksCode && code.trim() === "" ? { code: "Enter the code of your authenticator app, or a recovery code." } : {}),
    }),
    onDone,
    onProblem: (problem) => {
      if (problem.type === "second-factor") {
        const wasAsked = asksCode;
        setAsksCode(true);
        return !wasAsked;
      }
      if (problem.type !== "choose-workspace") return false;
      setChoices(choicesOf(problem));
      return true;
    },
  });
  if (choices.length > 0 && form.values.workspace === "")
    return (
      <div className={css.stack}>
        <p className={css.sub}>This address works in several workspaces. Which one?</p>
        {choices.map(({ id, name }, i) => (
          <Button key={id} size="sm" fullWidth autoFocus={i === 0} onClick={() => form.submitWith({ workspace: id })}>
            {name}
          </Button>
        ))}
      </div>
    );
  return (
    <FormBody form={form} submit="Sign in" submitProps={{ fullWidth: true, size: "sm" }}>
      {choices.length > 0 && (
        <p className={css.sub}>
          Workspace {choices.find(({ id }) => id === form.values.workspace)?.name}.{" "}
          <button type="button" className={css.quiet} onClick={() => form.set({ workspace: "" })}>
            Another one
          </button>
        </p>
      )}
      <TextInput label="E-mail" type="email" autoComplete="username" size="sm" data-autofocus autoFocus={email === ""} {...form.text("email")} />
      <PasswordInput label="Password" autoComplete="current-password" size="sm" autoFocus={email !== ""} {...form.text("password")} />
      {asksCode && (
        <TextInput
          label="Code"
          description="Six digits of your authenticator app, or a recovery code"
          autoComplete="one-time-code"
          inputMode="text"
          size="sm"
          autoFocus
          {...form.text("code")}
        />
      )}
    </FormBody>
  );
}

function choicesOf({ problem }: ApiProblem): readonly Choice[] {
  return problem.workspaces ?? [];
}
