/** The texts of a form, its consent, and what a visitor sees afterwards. */
import { NativeSelect, SegmentedControl, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { formatNumber } from "../../format/format.ts";
import type { Form } from "../../parts/form.tsx";
import { LANGUAGES, type Values } from "./form-values.ts";
import css from "./forms.module.css";

export function Texts({ form }: { readonly form: Form<Values> }) {
  const known = LANGUAGES.some(({ value }) => value === form.values.language);
  return (
    <section className={css.part} aria-labelledby="texts">
      <h2 id="texts">Texts</h2>
      <TextInput label="Title" maxLength={200} {...form.text("title")} />
      <Textarea label="Introduction" rows={2} maxLength={2000} {...form.text("intro")} />
      <div className={css.two}>
        <TextInput label="Button" maxLength={60} {...form.text("button")} />
        <NativeSelect
          label="Language of the page"
          value={form.values.language}
          onChange={(event) => form.set({ language: event.currentTarget.value })}
          data={[...(known ? [] : [{ value: form.values.language, label: form.values.language }]), ...LANGUAGES]}
        />
      </div>
      <div className={css.two}>
        <TextInput label="Name" description="For yourselves" maxLength={100} {...form.text("name")} />
        <TextInput label="Source of its leads" description="Unless the address carries utm_source" maxLength={200} {...form.text("source")} />
      </div>
    </section>
  );
}

type ConsentProps = { readonly form: Form<Values>; readonly version: number; readonly changed: boolean };

export function Consent({ form, version, changed }: ConsentProps) {
  const { consent } = form.values;
  return (
    <section className={css.part} aria-labelledby="consent">
      <h2 id="consent">Consent</h2>
      <Switch
        label="A box to tick"
        checked={consent !== null}
        onChange={(event) =>
          form.set({
            consent: event.currentTarget.checked
              ? { topic: "newsletter", text: "Send me news and offers by e-mail. I can withdraw this at any time.", required: false }
              : null,
          })
        }
      />
      {consent !== null && (
        <>
          <Textarea
            label="Text"
            rows={2}
            maxLength={2000}
            value={consent.text}
            error={form.errorOf("consent")}
            onChange={(event) => form.set({ consent: { ...consent, text: event.currentTarget.value } })}
            description={
              changed
                ? `Saving makes it version ${formatNumber(version + 1)}. What was shown is kept with each submission.`
                : `Version ${formatNumber(version)}. What was shown is kept with each submission.`
            }
          />
          <div className={css.two}>
            <TextInput
              label="Topic"
              value={consent.topic}
              maxLength={63}
              onChange={(event) => form.set({ consent: { ...consent, topic: event.currentTarget.value } })}
            />
            <Switch
              className={css.low}
              label="Must be ticked to send"
              checked={consent.required}
              onChange={(event) => form.set({ consent: { ...consent, required: event.currentTarget.checked } })}
            />
          </div>
        </>
      )}
    </section>
  );
}

export function After({ form }: { readonly form: Form<Values> }) {
  const { thanks, redirect, origins } = form.values;
  return (
    <section className={css.part} aria-labelledby="after">
      <h2 id="after">Afterwards</h2>
      <SegmentedControl
        aria-label="What follows"
        className={css.ways ?? ""}
        value={redirect === null ? "thanks" : "redirect"}
        onChange={(value) => form.set({ redirect: value === "thanks" ? null : "" })}
        data={[
          { value: "thanks", label: "Thank-you page" },
          { value: "redirect", label: "Another page" },
        ]}
      />
      {redirect === null ? (
        <>
          <TextInput
            label="Thank-you title"
            maxLength={200}
            value={thanks.title}
            error={form.errorOf("thanks")}
            onChange={(event) => form.set({ thanks: { ...thanks, title: event.currentTarget.value } })}
          />
          <Textarea
            label="Thank-you text"
            rows={2}
            maxLength={2000}
            value={thanks.text}
            onChange={(event) => form.set({ thanks: { ...thanks, text: event.currentTarget.value } })}
          />
        </>
      ) : (
        <TextInput
          label="Address"
          placeholder="https://www.example.com/thanks"
          description="On one of the websites below, or a path of this server"
          value={redirect}
          error={form.errorOf("redirect")}
          onChange={(event) => form.set({ redirect: event.currentTarget.value })}
        />
      )}
      <TagsInput
        label="Websites that may embed it"
        description={origins.length === 0 ? "None named: every website may show the form and send to it." : "Only these may show the form and send to it."}
        placeholder={origins.length === 0 ? "https://www.example.com" : ""}
        value={[...origins]}
        error={form.errorOf("origins")}
        onChange={(next) => form.set({ origins: next.map(originOf) })}
        acceptValueOnBlur
        maxDropdownHeight={0}
        splitChars={[",", " "]}
      />
    </section>
  );
}

/** "www.example.com/page" becomes "https://www.example.com". What is no address stays, and the server says so. */
function originOf(text: string): string {
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return URL.canParse(whole) ? new URL(whole).origin : text;
}
