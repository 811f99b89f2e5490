/** What does it take? A persona is put together from values that rules ask for; the answer is the fewest touches to a threshold. */
import { Autocomplete, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Filter, scoreBoundsOf } from "../../../core/filter/filter.ts";
import { query } from "../../api/query.ts";
import type { Out } from "../../api/call.ts";
import { counted, formatNumber } from "../../format/format.ts";
import type { FilterField } from "../../parts/filter-words.ts";
import { Refused } from "../../parts/states.tsx";
import type { Config } from "./publish.ts";
import { Part } from "./section.tsx";
import css from "./what-it-takes.module.css";

type Reach = Out<"reachScore">;

export function WhatItTakes({ config, fields }: { readonly config: Config; readonly fields: readonly FilterField[] }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const thresholds = thresholdsOf(config);
  const [chosen, setChosen] = useState<string | null>(null);
  const threshold = thresholds.find(({ value }) => value === chosen) ?? thresholds[0];
  const asked = fields
    .filter(({ field }) => isAsked(field))
    .flatMap((field) => (mentions(config, field.field) ? [{ ...field, options: valuesOf(config, field.field) }] : []));
  const [settled] = useDebouncedValue(values, 250);
  const input = { score: threshold?.points ?? 0, values: JSON.stringify(typed(settled, fields)) };
  const from = useQuery({ ...query("reachScore", { query: input }), enabled: threshold !== undefined, placeholderData: keepPreviousData });
  if (threshold === undefined || asked.length === 0) return null;
  return (
    <Part
      title="What does it take?"
      about="For a kind of person who has just come in and done nothing: the fewest touches that bring the score to a threshold, under the live model. No smaller number does."
    >
      <div className={css.persona}>
        <Select
          label="Threshold"
          allowDeselect={false}
          data={thresholds.map(({ value, label }) => ({ value, label }))}
          value={threshold.value}
          onChange={setChosen}
        />
        {asked.map(({ field, label, type, options }) =>
          type === "boolean" ? (
            <Select
              key={field}
              label={label}
              placeholder="unknown"
              clearable
              data={YES_NO}
              value={values[field] ?? null}
              onChange={(value) => setValues({ ...values, [field]: value ?? "" })}
            />
          ) : (
            <Autocomplete
              key={field}
              label={label}
              placeholder="unknown"
              data={[...options]}
              maxLength={200}
              inputMode={type === "number" ? "decimal" : "text"}
              value={values[field] ?? ""}
              onChange={(value) => setValues({ ...values, [field]: value })}
            />
          ),
        )}
      </div>
      <div role="status" aria-live="polite">
        {from.error !== null ? (
          <Refused error={from.error} retry={() => void from.refetch()} />
        ) : (
          from.data !== undefined && <Answer reach={from.data} stage={threshold.stages} />
        )}
      </div>
    </Part>
  );
}

const YES_NO = [
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];
const SHOWN = 12;

function Answer({ reach: { score, threshold, touches, exact, sets, more }, stage }: { readonly reach: Reach; readonly stage: string }) {
  const [all, setAll] = useState(false);
  const has = `The person has ${formatNumber(Math.round(score))} of ${formatNumber(threshold)} points for ${stage}`;
  if (!exact) return <p className={css.answer}>{has}. The model is too intricate to say what it takes.</p>;
  if (touches === null) return <p className={css.answer}>{has}. No touches will do, not even forty: caps keep the score below.</p>;
  if (touches === 0) return <p className={css.answer}>{has}. It takes nothing more.</p>;
  const shown = all ? sets : sets.slice(0, SHOWN);
  return (
    <>
      <p className={css.answer}>
        {has}. It takes <b>{counted(touches, "touch", "touches")}</b>
        {sets.length > 1 && `, in ${more ? "more than " : ""}${counted(sets.length, "way")}`}:
      </p>
      <ul className={css.sets}>
        {shown.map((set) => (
          <li key={set.touches.map(({ facet, count }) => `${facet} ${count}`).join()}>
            <span>{set.touches.map(({ what, count }) => `${formatNumber(count)} ${what}`).join(" + ")}</span>
            <span className="num mut">{formatNumber(set.score)}</span>
          </li>
        ))}
      </ul>
      {sets.length > SHOWN && (
        <button type="button" className={css.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Fewer" : `${formatNumber(sets.length - SHOWN)} more`}
        </button>
      )}
    </>
  );
}

/** Each score that a definition asks for. */
function thresholdsOf({
  definitions,
  stages,
}: Config): readonly { readonly value: string; readonly label: string; readonly points: number; readonly stages: string }[] {
  const found = new Map<number, string[]>();
  for (const { stage, criteria } of definitions)
    for (const points of scoreBoundsOf(criteria)) found.set(points, [...(found.get(points) ?? []), stages.find(({ id }) => id === stage)?.label ?? stage]);
  return [...found].map(([points, names]) => ({
    value: String(points),
    label: `${names.join(", ")} · ${formatNumber(points)}`,
    points,
    stages: names.join(", "),
  }));
}

function leaves(filter: Filter): readonly Extract<Filter, { readonly field: string }>[] {
  if ("and" in filter) return filter.and.flatMap(leaves);
  if ("or" in filter) return filter.or.flatMap(leaves);
  return "not" in filter ? leaves(filter.not) : [filter];
}

function conditionsOn({ model }: Config, field: string) {
  return model.rules.flatMap((rule) => (rule.kind === "field" ? leaves(rule.when).filter((leaf) => leaf.field === field) : []));
}

function mentions(config: Config, field: string): boolean {
  return conditionsOn(config, field).length > 0;
}

/** What rules compare it with. */
function valuesOf(config: Config, field: string): readonly string[] {
  const values = conditionsOn(config, field).flatMap(({ value }) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]));
  return [...new Set(values.filter((value) => typeof value === "string" || typeof value === "number").map(String))];
}

const FIXED: ReadonlySet<string> = new Set(["company", "jobTitle", "country", "city", "website", "source", "campaign"]);

/** What tells one kind of person from another. */
function isAsked(field: string): boolean {
  return FIXED.has(field) || field.startsWith("fields.") || field.startsWith("bant.");
}

function typed(values: Readonly<Record<string, string>>, fields: readonly FilterField[]): Readonly<Record<string, string | number | boolean>> {
  const found: Record<string, string | number | boolean> = {};
  for (const [field, text] of Object.entries(values)) {
    const kind = fields.find((one) => one.field === field)?.type;
    const value = text.trim();
    if (value === "" || (kind === "number" && !Number.isFinite(Number(value)))) continue;
    found[field] = kind === "number" ? Number(value) : kind === "boolean" ? value === "true" : value;
  }
  return found;
}
