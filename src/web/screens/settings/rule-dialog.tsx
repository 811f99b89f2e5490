/** One scoring rule: what it looks at, what it gives, how it fades. It goes into the draft; publishing is another step. */
import { ActionIcon, Button, Modal, MultiSelect, NativeSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Filter } from "../../../core/filter/filter.ts";
import { ConditionField, freshId } from "./condition.tsx";
import type { Config } from "./publish.ts";
import { KIND_WORDS, type Rule, SECTION_WORDS, type SectionId, TOUCH_WORDS } from "./scoring-words.ts";
import css from "./settings.module.css";

type Step = { readonly days: number; readonly points: number };

/** Everything any kind of rule can have, so that changing the kind loses nothing typed. */
type Values = {
  readonly label: string;
  readonly section: SectionId;
  readonly kind: Rule["kind"];
  readonly points: number;
  readonly when: Filter | null;
  readonly facet: string;
  readonly each: boolean;
  readonly cap: number | null;
  readonly windowDays: number | null;
  readonly halfLifeDays: number | null;
  readonly fields: readonly string[];
  readonly since: "capture" | "touch";
  readonly steps: readonly Step[];
};

const PROFILE: readonly { readonly value: string; readonly label: string }[] = [
  ["email", "E-mail"],
  ["phone", "Phone"],
  ["firstName", "First name"],
  ["lastName", "Last name"],
  ["company", "Company"],
  ["jobTitle", "Job title"],
  ["country", "Country"],
  ["city", "City"],
  ["website", "Website"],
].map(([value = "", label = ""]) => ({ value, label }));

const OWN_FACET = "own facet";

function valuesOf(rule: Rule | null, section: SectionId): Values {
  const fresh: Values = {
    label: "",
    section,
    kind: section === "engagement" ? "signal" : section === "freshness" ? "age" : section === "quality" ? "filled" : "field",
    points: 10,
    when: null,
    facet: "formSubmit",
    each: true,
    cap: null,
    windowDays: 90,
    halfLifeDays: 30,
    fields: ["email", "phone"],
    since: "touch",
    steps: [{ days: 7, points: 5 }],
  };
  return rule === null ? fresh : { ...fresh, ...rule };
}

function ruleOf(id: string, { label, section, kind, points, when, facet, each, cap, windowDays, halfLifeDays, fields, since, steps }: Values): Rule {
  const head = { id, label: label.trim(), section };
  switch (kind) {
    case "field":
      return { ...head, kind, when: when ?? { and: [] }, points };
    case "signal":
      return { ...head, kind, facet, points, each, cap, windowDays, halfLifeDays };
    case "filled":
      return { ...head, kind, fields: [...fields], points };
    case "age":
      return { ...head, kind, since, steps: steps.toSorted((a, b) => a.days - b.days) };
  }
}

export function RuleDialog({
  rule,
  section,
  config,
  onClose,
  onDone,
}: {
  readonly rule: Rule | null;
  readonly section: SectionId;
  readonly config: Config;
  readonly onClose: () => void;
  readonly onDone: (rule: Rule, facets: Config["facets"]) => void;
}) {
  const [values, setValues] = useState(() => valuesOf(rule, section));
  const [facet, setFacet] = useState({ kind: "pageView", property: "url", pattern: "*/" });
  const [error, setError] = useState<string | null>(null);
  const set = (change: Partial<Values>): void => {
    setValues((old) => ({ ...old, ...change }));
    setError(null);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wrong = wrongWith(values, facet.pattern);
    if (wrong !== null) return setError(wrong);
    const id =
      rule?.id ??
      freshId(
        values.label,
        config.model.rules.map((one) => one.id),
      );
    if (values.kind !== "signal" || values.facet !== OWN_FACET) return onDone(ruleOf(id, values), config.facets);
    const facetId = freshId(values.label, [...config.facets.map((one) => one.id), ...Object.keys(TOUCH_WORDS).map((kind) => kind.toLowerCase())]);
    onDone(ruleOf(id, { ...values, facet: facetId }), [...config.facets, { id: facetId, ...facet }]);
  };
  const number = (key: "points" | "cap" | "windowDays" | "halfLifeDays", none: number | null = null) => ({
    value: values[key] ?? "",
    hideControls: true,
    onChange: (next: string | number) => set({ [key]: typeof next === "number" ? next : none }),
  });
  return (
    <Modal opened onClose={onClose} title={rule === null ? "New rule" : rule.label} size={520} closeOnClickOutside={false}>
      <form className={css.formRow} onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          placeholder="Looked at pricing"
          data-autofocus
          value={values.label}
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
        <div className={css.two}>
          <NativeSelect
            label="Section"
            value={values.section}
            data={Object.entries(SECTION_WORDS).map(([value, { label }]) => ({ value, label }))}
            onChange={(event) => set({ section: event.currentTarget.value as SectionId })}
          />
          <NativeSelect
            label="Gives points"
            value={values.kind}
            data={Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }))}
            onChange={(event) => set({ kind: event.currentTarget.value as Rule["kind"] })}
          />
        </div>
        {values.kind === "field" && (
          <>
            <ConditionField label="When" of="scoring" value={values.when} everything="Nothing yet: edit it" onChange={(when) => set({ when })} />
            <NumberInput label="Points" description="Less than zero takes away" decimalScale={2} {...number("points", 0)} />
          </>
        )}
        {values.kind === "signal" && (
          <>
            <Select
              label="What they do"
              searchable
              value={values.facet}
              data={[
                {
                  group: "Own facets",
                  items: [...config.facets.map(({ id, pattern }) => ({ value: id, label: `${id} (${pattern})` })), { value: OWN_FACET, label: "A new one…" }],
                },
                { group: "Kinds of touch", items: Object.entries(TOUCH_WORDS).map(([value, label]) => ({ value, label })) },
              ]}
              onChange={(next) => next !== null && set({ facet: next })}
            />
            {values.facet === OWN_FACET && (
              <div className={css.three}>
                <NativeSelect
                  label="Kind"
                  value={facet.kind}
                  data={Object.entries(TOUCH_WORDS).map(([value, label]) => ({ value, label }))}
                  onChange={(event) => setFacet({ ...facet, kind: event.currentTarget.value })}
                />
                <TextInput label="Whose" value={facet.property} onChange={(event) => setFacet({ ...facet, property: event.currentTarget.value })} />
                <TextInput
                  label="Fits (* is any text)"
                  value={facet.pattern}
                  onChange={(event) => setFacet({ ...facet, pattern: event.currentTarget.value })}
                />
              </div>
            )}
            <div className={css.two}>
              <NumberInput label="Points" decimalScale={2} {...number("points", 0)} />
              <NumberInput label="Together at most" placeholder="no cap" decimalScale={2} {...number("cap")} />
              <NumberInput label="Within so many days" placeholder="all that are kept" min={1} max={400} allowDecimal={false} {...number("windowDays")} />
              <NumberInput label="Worth half after days" placeholder="does not fade" min={0} {...number("halfLifeDays")} />
            </div>
            <Switch label="Every time counts, not only the latest" checked={values.each} onChange={(event) => set({ each: event.currentTarget.checked })} />
          </>
        )}
        {values.kind === "filled" && (
          <>
            <MultiSelect label="Fields" data={[...PROFILE]} value={[...values.fields]} onChange={(fields) => set({ fields })} />
            <NumberInput label="Points when all are known" decimalScale={2} {...number("points", 0)} />
          </>
        )}
        {values.kind === "age" && <Steps values={values} onChange={set} />}
        {error !== null && (
          <p className={css.alert} role="alert">
            {error}
          </p>
        )}
        <div className={css.sectionActions}>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="filled">
            {rule === null ? "Add to the draft" : "Change in the draft"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function wrongWith({ label, kind, when, facet, fields, steps }: Values, pattern: string): string | null {
  if (label.trim() === "") return "Give it a name: it stands in every lead’s reasons.";
  if (kind === "field" && when === null) return "Say when it gives points: edit the condition.";
  if (kind === "signal" && facet === OWN_FACET && pattern.trim() === "") return "Say which ones fit, as */pricing*.";
  if (kind === "filled" && fields.length === 0) return "Choose at least one field.";
  if (kind === "age" && new Set(steps.map(({ days }) => days)).size < steps.length) return "Two steps have the same number of days.";
  return null;
}

function Steps({ values: { since, steps }, onChange }: { readonly values: Values; readonly onChange: (change: Partial<Values>) => void }) {
  const put = (at: number, change: Partial<Step>): void => onChange({ steps: steps.map((step, i) => (i === at ? { ...step, ...change } : step)) });
  return (
    <>
      <NativeSelect
        label="Since"
        value={since}
        data={[
          { value: "touch", label: "the last touch" },
          { value: "capture", label: "the capture" },
        ]}
        onChange={(event) => onChange({ since: event.currentTarget.value as Values["since"] })}
      />
      {steps.map((step, i) => (
        <div className={css.member} key={i} style={{ gridTemplateColumns: "1fr 1fr auto", alignItems: "end" }}>
          <NumberInput label="Within days" hideControls min={1} value={step.days} onChange={(days) => typeof days === "number" && put(i, { days })} />
          <NumberInput
            label="Points"
            hideControls
            decimalScale={2}
            value={step.points}
            onChange={(points) => typeof points === "number" && put(i, { points })}
          />
          <ActionIcon aria-label={`Remove the step of ${step.days} days`} onClick={() => onChange({ steps: steps.filter((_, at) => at !== i) })}>
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button variant="subtle" onClick={() => onChange({ steps: [...steps, { days: (steps.at(-1)?.days ?? 0) + 30, points: 1 }] })}>
        Add a step
      </Button>
    </>
  );
}
