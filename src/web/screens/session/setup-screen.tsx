/** The first run: a workspace and its administrator, with the token that the server printed. */
import { NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useRead } from "../../api/query.ts";
import { EmptyState } from "../../parts/states.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { DoorPage } from "./door.tsx";
import css from "./door.module.css";
import { enter } from "./enter.ts";
import { passwordAdvice } from "./password-advice.ts";

const route = getRouteApi("/setup");
const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "PLN", "CZK", "SEK", "NOK", "DKK", "UAH", "JPY", "CAD", "AUD", "INR", "BRL"];

export function SetupScreen() {
  const { token = "" } = route.useSearch();
  const router = useRouter();
  const options = useRead("signInOptions").data;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const form = useForm({
    op: "setUp",
    initial: { token, workspace: "", name: "", email: "", password: "", timezone: zone, currency: "EUR" },
    input: (values) => ({ body: { ...values, token: values.token.trim(), email: values.email.trim(), locale: navigator.language } }),
    check: ({ token: key, workspace, name, email, password }) => ({
      ...(key.trim() === "" ? { token: "It stands in the terminal, after “First run”." } : {}),
      ...(workspace.trim() === "" ? { workspace: "Enter the name of your company." } : {}),
      ...(name.trim() === "" ? { name: "Enter your name." } : {}),
      ...(email.trim() === "" ? { email: "Enter your e-mail address." } : {}),
      ...(password.length < 12 ? { password: "At least 12 characters; a few words do well." } : {}),
    }),
    onDone: (session) => {
      enter(session);
      void router.navigate({ to: "/", replace: true });
    },
  });
  if (options?.needsSetup === false)
    return (
      <DoorPage title="Set up already">
        <EmptyState title="This house has its workspace" actions={<a href="/sign-in">Sign in</a>}>
          Ask an administrator for an invitation.
        </EmptyState>
      </DoorPage>
    );
  return (
    <DoorPage title="Set up your workspace" wide>
      <p className={css.sub}>You become its administrator. Everything here can be changed later.</p>
      <FormBody form={form} submit="Set up" submitProps={{ size: "sm" }}>
        {token === "" && <TextInput label="Token" description="From the terminal in which Baton was started" size="sm" {...form.text("token")} />}
        {token !== "" && form.errorOf("token") !== undefined && <TextInput label="Token" size="sm" {...form.text("token")} />}
        <TextInput label="Company" size="sm" autoComplete="organization" autoFocus {...form.text("workspace")} />
        <div className={css.two}>
          <TextInput label="Your name" size="sm" autoComplete="name" {...form.text("name")} />
          <TextInput label="Your e-mail" size="sm" type="email" autoComplete="username" {...form.text("email")} />
        </div>
        <PasswordInput label="Password" description={passwordAdvice(form.values.password)} size="sm" autoComplete="new-password" {...form.text("password")} />
        <div className={css.two}>
          <NativeSelect label="Time zone" size="sm" data={zones(zone)} {...form.text("timezone")} />
          <NativeSelect label="Currency" size="sm" data={CURRENCIES} {...form.text("currency")} />
        </div>
      </FormBody>
    </DoorPage>
  );
}

function zones(own: string): string[] {
  const all = Intl.supportedValuesOf("timeZone");
  return [...new Set([own, "UTC", ...all])];
}
