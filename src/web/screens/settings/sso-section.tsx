/** Signing in through another house (OIDC). */
import { Button, Checkbox, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { queryClient, query, refresh, useRead } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { Confirm } from "../../parts/confirm.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { Loaded } from "../../parts/states.tsx";
import { ROLE_CHOICES } from "./roles.ts";
import { ChangedBy, HandOver, Part, Section } from "./section.tsx";
import css from "./settings.module.css";

type Answer = Out<"getOidc">;
type GivenRole = NonNullable<Answer["oidc"]>["defaultRole"];

export function SsoSection() {
  const answer = useRead("getOidc");
  return (
    <Section
      title="Single sign-on"
      about="Whoever is signed in at your identity provider (Entra ID, Google, Okta, Keycloak, any with OpenID Connect) signs in here with one click. Passwords go on working."
    >
      <Loaded from={answer}>{(data) => <Form key={JSON.stringify(data.oidc)} answer={data} />}</Loaded>
    </Section>
  );
}

function Form({ answer: { oidc, redirectUri } }: { readonly answer: Answer }) {
  const [removing, setRemoving] = useState(false);
  const keep = (next: Answer): void => {
    queryClient.setQueryData(query("getOidc").queryKey, next);
    refresh("signInOptions", "listAudit");
  };
  const form = useForm({
    op: "setOidc",
    initial: {
      issuer: oidc?.issuer ?? "",
      clientId: oidc?.clientId ?? "",
      clientSecret: "",
      label: oidc?.label ?? "Single sign-on",
      createUsers: oidc?.createUsers ?? false,
      defaultRole: (oidc?.defaultRole ?? "readOnly") as GivenRole,
    },
    input: ({ clientSecret, ...rest }) => ({
      body: { ...rest, issuer: rest.issuer.trim(), clientId: rest.clientId.trim(), ...(clientSecret === "" ? {} : { clientSecret }) },
    }),
    check: ({ issuer, clientId }) => ({
      ...(issuer.trim() === "" ? { issuer: "Enter the provider’s address." } : {}),
      ...(clientId.trim() === "" ? { clientId: "Enter the client id the provider gave you." } : {}),
    }),
    onDone: (next) => {
      keep(next);
      toast({ text: "Single sign-on is set. Try it in a private window before you tell the others." });
    },
  });
  return (
    <>
      <Part title="1. Register Baton with your provider" about="As a web application (authorisation code). It asks where to come back to:">
        <HandOver label="Redirect address" value={redirectUri} />
      </Part>
      <Part
        title="2. Tell Baton about the provider"
        about={oidc === null ? "Not set: people sign in with their passwords." : `Set: the sign-in page offers “${oidc.label}”.`}
      >
        <div className={css.formRow}>
          <FormBody
            form={form}
            submit={oidc === null ? "Switch on" : "Save"}
            extra={
              oidc !== null && (
                <Button variant="subtle" color="red" onClick={() => setRemoving(true)}>
                  Switch off
                </Button>
              )
            }
          >
            <TextInput
              label="Issuer"
              placeholder="https://login.example.com"
              description="Asked for its configuration before anything is kept"
              {...form.text("issuer")}
            />
            <TextInput label="Client id" autoComplete="off" {...form.text("clientId")} />
            <PasswordInput
              label="Client secret"
              autoComplete="off"
              placeholder={oidc?.hasSecret === true ? "Kept; enter only to change it" : ""}
              {...form.text("clientSecret")}
            />
            <TextInput label="On the button" {...form.text("label")} />
            <Checkbox
              label="Make a user of who signs in and is none yet"
              checked={form.values.createUsers}
              onChange={(event) => form.set({ createUsers: event.currentTarget.checked })}
            />
            {form.values.createUsers && (
              <NativeSelect
                label="With the role"
                data={ROLE_CHOICES.filter(({ value }) => value !== "admin")}
                value={form.values.defaultRole}
                onChange={(event) => form.set({ defaultRole: event.currentTarget.value as GivenRole })}
              />
            )}
          </FormBody>
        </div>
      </Part>
      <ChangedBy action="workspace.oidcChanged" />
      {removing && (
        <Confirm
          title="Switch single sign-on off?"
          verb="Switch off"
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            keep(await call("removeOidc"));
            toast({ text: "Single sign-on is off" });
          }}
        >
          Nobody can sign in this way any more, and the secret is forgotten. Who has no password needs a reset link (Settings, Users).
        </Confirm>
      )}
    </>
  );
}
