/** Who it is: every value edited in place, with who wrote it and when on hover; tags and consent. */
import { useState } from "react";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { formatDate, formatMoment, formatNumber } from "../../format/format.ts";
import { TagField } from "../../parts/fields.tsx";
import { Tags } from "../../parts/lead-parts.tsx";
import { InlineField, type InlineKind } from "./inline-field.tsx";
import { useLeadCan } from "./lead-can.tsx";
import css from "./lead.module.css";
import { attempt, changeTags, type EditBody, type Lead, type Reasons } from "./lead-writes.ts";
import { useAskedField } from "./show-field.ts";
import type { Marks } from "./use-others.ts";

type Plain = "email" | "phone" | "firstName" | "lastName" | "jobTitle" | "country" | "city" | "website" | "source" | "campaign" | "externalId";
type Line = {
  readonly field: string;
  readonly label: string;
  readonly kind?: InlineKind;
  readonly read: (lead: Lead) => string;
  readonly write: (value: string) => EditBody;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
};

const plain = (field: Plain, label: string, kind: InlineKind = "text"): Line => ({
  field,
  label,
  kind,
  read: (lead) => lead[field] ?? "",
  write: (value) => ({ [field]: value }),
});

const PERSON: readonly Line[] = [
  plain("email", "E-mail", "email"),
  plain("phone", "Phone", "tel"),
  plain("firstName", "First name"),
  plain("lastName", "Last name"),
  plain("jobTitle", "Job title"),
  { field: "company", label: "Company", read: (lead) => lead.company?.name ?? "", write: (company) => ({ company }) },
  plain("city", "City"),
  plain("country", "Country"),
  plain("website", "Website", "url"),
];
const ORIGIN: readonly Line[] = [plain("source", "Source"), plain("campaign", "Campaign"), plain("externalId", "External id")];

export function AboutPanel({ lead, reasons, marks }: { readonly lead: Lead; readonly reasons: Reasons | undefined; readonly marks: Marks }) {
  const can = useLeadCan();
  const fields = useRead("getConfig").data?.config.fields ?? [];
  const [all, setAll] = useState(false);
  const asked = useAskedField();
  const own = fields.map(({ key, label, type, options }): Line => ({
    field: `fields.${key}`,
    label,
    kind: type === "select" ? "select" : type === "boolean" ? "boolean" : type === "date" ? "date" : type === "number" ? "number" : "text",
    options: (options ?? []).map((value) => ({ value, label: value })),
    read: ({ fields }) => (fields[key] === undefined ? "" : String(fields[key])),
    write: (value) => ({ fields: { [key]: value === "" ? null : type === "number" ? numberOf(value) : type === "boolean" ? value === "true" : value } }),
  }));
  const lines = [...PERSON, ...ORIGIN, ...own];
  const filled = lines.filter(
    ({ read, field }) => read(lead) !== "" || marks[field] !== undefined || field === "email" || field === "phone" || field === asked,
  );
  const shown = all ? lines : filled;
  const disabled = !can("leads.edit") || lead.deletedAt !== null;
  return (
    <section aria-labelledby="about">
      <h2 className={css.h2} id="about">
        About
        <span>
          {filled.length < lines.length && (
            <button type="button" className={css.inlineButton} onClick={() => setAll(!all)} aria-expanded={all}>
              {all ? "only what is known" : `${formatNumber(lines.length - filled.length)} more`}
            </button>
          )}
        </span>
      </h2>
      <dl className={css.about}>
        {shown.map(({ field, label, kind = "text", read, write, options }) => {
          const written = reasons?.provenance.find((one) => one.field === field);
          const value = read(lead);
          return (
            <div key={field} data-field={field}>
              <dt>{label}</dt>
              <dd>
                <InlineField
                  lead={lead}
                  label={label}
                  kind={kind}
                  options={options ?? []}
                  read={read}
                  write={write}
                  marked={marks[field]}
                  disabled={disabled}
                  hint={written === undefined ? undefined : `${written.by.name}, ${formatMoment(written.at)}`}
                  show={shownOf(kind, value, field)}
                />
                {written !== undefined && ["form", "import"].includes(written.by.kind) && <small className="mut">{written.by.kind}</small>}
              </dd>
            </div>
          );
        })}
        <div>
          <dt>Tags</dt>
          <dd>
            {disabled ? (
              <Tags tags={lead.tags} most={20} />
            ) : (
              <TagField
                aria-label="Tags"
                size="xs"
                placeholder={lead.tags.length === 0 ? "add" : ""}
                value={[...lead.tags]}
                onChange={(tags) => void changeTags(lead.id, lead.tags, tags)}
                classNames={{ input: css.tagInput ?? "" }}
              />
            )}
          </dd>
        </div>
        <Consent lead={lead} reasons={reasons} disabled={disabled} />
        <div>
          <dt>Captured</dt>
          <dd title={formatMoment(lead.capturedAt)}>{formatDate(lead.capturedAt)}</dd>
        </div>
      </dl>
    </section>
  );
}

function Consent({ lead, reasons, disabled }: { readonly lead: Lead; readonly reasons: Reasons | undefined; readonly disabled: boolean }) {
  const consent = reasons?.consent ?? [];
  const turn = (topic: string, given: boolean): void =>
    void attempt(
      () => call("editLead", { params: { id: lead.id }, body: { consent: { [topic]: given } } }),
      given ? `Consent to ${topic} given` : `Consent to ${topic} withdrawn`,
    );
  return (
    <div>
      <dt>Consent</dt>
      <dd className={css.consent}>
        {consent.length === 0 && <span className="mut">none asked</span>}
        {consent.map(({ topic, given, at }) => (
          <label key={topic} title={`${given ? "Given" : "Withdrawn"} ${formatMoment(at)}`}>
            <input type="checkbox" checked={given} disabled={disabled} onChange={(event) => turn(topic, event.currentTarget.checked)} />
            {topic} <small className="mut">{given ? formatDate(at) : "withdrawn"}</small>
          </label>
        ))}
      </dd>
    </div>
  );
}

function shownOf(kind: InlineKind, value: string, field: string): React.ReactNode {
  if (value === "") return undefined;
  if (kind === "date") return formatDate(value);
  if (kind === "boolean") return value === "true" ? "Yes" : "No";
  if (kind === "number") return formatNumber(Number(value));
  return field === "source" ? value.replaceAll("_", " ") : undefined;
}

function numberOf(value: string): number | string {
  const number = Number(value.replace(",", "."));
  return Number.isFinite(number) ? number : value;
}
