/** One kind of rejection: which values cause it, and what could be done, each a click. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Out } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { counted, formatNumber } from "../../format/format.ts";
import css from "./import.module.css";
import { retarget, targetLabel } from "./targets.ts";
import type { Draft, Problem } from "./use-draft.ts";

type FieldDef = Out<"getConfig">["config"]["fields"][number];
type Fix = Problem["fixes"][number];
type MapValue = Extract<Fix, { kind: "mapValue" }>;

export function ProblemCard({ problem, draft, fields }: { readonly problem: Problem; readonly draft: Draft; readonly fields: readonly FieldDef[] }) {
  const { name, reason, rows, values, fixes, target, column } = problem;
  const { settings, edit } = draft;
  const map = (pairs: readonly (readonly [from: string, to: string])[]): void => {
    if (target !== null) edit({ lists: { ...settings.lists, [target]: { ...settings.lists[target], ...Object.fromEntries(pairs) } } });
  };
  const maps = fixes.filter((fix): fix is MapValue => fix.kind === "mapValue");
  const proposed = maps.filter(({ to }) => to !== null);
  const left = fixes.filter((fix) => fix.kind === "ignoreValue");
  const dates = fixes.find((fix) => fix.kind === "dateOrder");
  const away = fixes.find((fix) => fix.kind === "ignoreColumn");
  const fills = fixes.find((fix) => fix.kind === "setDefault");
  const others = fixes.find((fix) => fix.kind === "mapValue" && fix.to === null) !== undefined || proposed.length > 0;
  return (
    <article className={css.problem}>
      <h4>
        <b>{name === "" ? "The row" : name}</b> {reason}
      </h4>
      <p className="mut">
        {counted(rows, "row")}
        {target !== null && <> · goes to {targetLabel(target, [...fields, ...settings.newFields])}</>}
        {!others && values.length > 0 && (
          <>
            {" "}
            ·{" "}
            {values
              .slice(0, 4)
              .map(({ value }) => (value === "" ? "empty" : `“${value.slice(0, 40)}”`))
              .join(", ")}
            {values.length > 4 && ` and ${formatNumber(values.length - 4)} more`}
          </>
        )}
      </p>
      {maps.map((fix) => (
        <ValueLine
          key={fix.from}
          fix={fix}
          rows={values.find(({ value }) => value.trim().toLowerCase() === fix.from.trim().toLowerCase())?.rows ?? null}
          onPick={(to) => map([[fix.from, to]])}
        />
      ))}
      <div className={css.fixes}>
        {proposed.length > 1 && (
          <Button onClick={() => map(proposed.map(({ from, to }) => [from, to as string]))}>Take all {formatNumber(proposed.length)} proposals</Button>
        )}
        {dates !== undefined && <Button onClick={() => edit({ dateOrder: dates.dateOrder })}>{dates.label}</Button>}
        {left.length > 0 && (
          <Button onClick={() => map(left.map(({ from }) => [from, ""]))}>
            {left.length === 1 ? left[0]?.label : `Leave these ${formatNumber(left.length)} values out`}
          </Button>
        )}
        {fills !== undefined && target !== null && values.some(({ value }) => value === "") && <Fill target={target} draft={draft} />}
        {away !== undefined && column !== null && (
          <Button variant="subtle" onClick={() => edit(retarget(settings, column, null).change)}>
            {away.label}
          </Button>
        )}
      </div>
    </article>
  );
}

/** One value, and what to read it as: the proposal by a click, anything else by choosing. */
function ValueLine({
  fix: { target, from, to },
  rows,
  onPick,
}: {
  readonly fix: MapValue;
  readonly rows: number | null;
  readonly onPick: (to: string) => void;
}) {
  const choices = useChoices(target);
  return (
    <div className={css.value}>
      <span className="cut" title={from}>
        “{from}” {rows !== null && <span className="mut num">{formatNumber(rows)}</span>}
      </span>
      {to !== null && <Button onClick={() => onPick(to)}>Read as “{choices.find(({ value }) => value === to)?.label ?? to}”</Button>}
      <NativeSelect
        aria-label={`What “${from}” means`}
        value=""
        onChange={(event) => {
          if (event.currentTarget.value !== "") onPick(event.currentTarget.value);
        }}
        data={[{ value: "", label: to === null ? "Read as…" : "or as…" }, ...choices]}
      />
    </div>
  );
}

/** A value for the cells that are empty. */
function Fill({ target, draft: { settings, edit } }: { readonly target: string; readonly draft: Draft }) {
  const choices = useChoices(target);
  const [typed, setTyped] = useState("");
  const put = (value: string): void => {
    if (value.trim() !== "") edit({ defaults: { ...settings.defaults, [target]: value.trim() } });
  };
  if (choices.length > 0)
    return (
      <NativeSelect
        aria-label="What empty cells mean"
        value=""
        onChange={(event) => put(event.currentTarget.value)}
        data={[{ value: "", label: "Empty cells mean…" }, ...choices]}
      />
    );
  return (
    <TextInput
      aria-label="What empty cells mean"
      placeholder="Empty cells mean…"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => put(typed)}
      onKeyDown={(event) => {
        if (event.key === "Enter") put(typed);
      }}
    />
  );
}

const STATUSES = ["new", "working", "nurture", "converted", "dead"];

/** What a target may be, where that is a list. */
function useChoices(target: string): readonly { readonly value: string; readonly label: string }[] {
  const config = useRead("getConfig").data?.config;
  if (config === undefined) return [];
  const asIs = (value: string) => ({ value, label: value });
  if (target === "stage") return config.stages.map(({ id, label }) => ({ value: id, label }));
  if (target === "status") return STATUSES.map(asIs);
  if (target === "owner" || target === "opportunity.owner")
    return config.users.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name }));
  if (target === "opportunity.stage") return [...config.opportunityStages, "won", "lost"].map(asIs);
  const field = config.fields.find(({ key }) => `fields.${key}` === target);
  if (field?.type === "boolean" || target.startsWith("consent.")) return ["yes", "no"].map(asIs);
  return (field?.options ?? []).map(asIs);
}
