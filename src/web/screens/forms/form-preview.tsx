/** The page as a visitor will see it, while it is edited: what is typed shows at once, before it is saved. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useRead } from "../../api/query.ts";
import css from "./preview.module.css";
import type { Field, Values } from "./form-values.ts";

export function FormPreview({ values, url, dirty }: { readonly values: Values; readonly url: string; readonly dirty: boolean }) {
  const [shown, setShown] = useState<"form" | "thanks">("form");
  const thanks = shown === "thanks" && values.redirect === null;
  return (
    <aside className={css.side} aria-label="Preview">
      <div className={css.bar}>
        <SegmentedControl
          aria-label="What is previewed"
          value={thanks ? "thanks" : "form"}
          onChange={(next) => setShown(next as typeof shown)}
          data={[
            { value: "form", label: "Form" },
            { value: "thanks", label: "Thank-you page", disabled: values.redirect !== null },
          ]}
        />
        <a href={url} target="_blank" rel="noreferrer">
          {dirty ? "Open the page as it is saved" : "Open the page"}
        </a>
      </div>
      <div className={css.page} inert lang={values.language}>
        {!values.active ? (
          <>
            <p className={css.title}>{values.title}</p>
            <p className={css.intro}>This form is closed and takes no more submissions.</p>
          </>
        ) : thanks ? (
          <>
            <p className={css.title}>{values.thanks.title}</p>
            <p className={css.intro}>{values.thanks.text}</p>
          </>
        ) : (
          <PreviewedForm values={values} />
        )}
      </div>
    </aside>
  );
}

function PreviewedForm({ values: { title, intro, fields, consent, button } }: { readonly values: Values }) {
  return (
    <>
      <p className={css.title}>{title}</p>
      {intro !== "" && <p className={css.intro}>{intro}</p>}
      <div className={css.form}>
        {fields.map((field) => (
          <PreviewedField key={field.key} field={field} />
        ))}
        {consent !== null && (
          <div className={css.consent}>
            <input type="checkbox" tabIndex={-1} aria-hidden readOnly />
            <span>{consent.text}</span>
          </div>
        )}
        <span className={css.button}>{button}</span>
      </div>
    </>
  );
}

function PreviewedField({ field: { key, label, required, help } }: { readonly field: Field }) {
  const own = useRead("getConfig").data?.config.fields.find((field) => `fields.${field.key}` === key);
  const list = own?.type === "select" ? (own.options ?? []) : own?.type === "boolean" ? ["Yes", "No"] : null;
  return (
    <div className={css.field}>
      <span>
        <b>{label}</b>
        {!required && <span className={css.optional}> (optional)</span>}
      </span>
      {help != null && help !== "" && <span className={css.help}>{help}</span>}
      <span className={css.input} data-tall={key === "message" || undefined}>
        {list !== null && <span aria-hidden>▾</span>}
        {own?.type === "date" && <span>dd/mm/yyyy</span>}
      </span>
    </div>
  );
}
