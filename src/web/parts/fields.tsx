/** Fields for dates, money, people, stages and tags. Dates are native inputs: every browser's own is quick by keyboard and accessible. */
import { Select, type SelectProps, TagsInput, type TagsInputProps, TextInput, type TextInputProps } from "@mantine/core";
import { useState } from "react";
import { useRead } from "../api/query.ts";
import { minorUnits, workspaceCurrency } from "../format/format.ts";
import { useSession } from "../app/session.tsx";
import { useStages } from "./lead-parts.tsx";
import { momentInZone, wallClock } from "./wall-clock.ts";

type Common = Omit<TextInputProps, "value" | "onChange" | "type">;

/** A day, "2026-11-22", or "" for none. */
export function DateField({ value, onChange, ...rest }: Common & { readonly value: string; readonly onChange: (value: string) => void }) {
  return <TextInput type="date" max="2199-12-31" value={value.slice(0, 10)} onChange={(event) => onChange(event.currentTarget.value)} {...rest} />;
}

/** A moment in ISO 8601, typed and shown in the workspace's zone; "" for none. */
export function DateTimeField({ value, onChange, ...rest }: Common & { readonly value: string; readonly onChange: (value: string) => void }) {
  const { timezone } = useSession().workspace;
  return (
    <TextInput
      type="datetime-local"
      max="2199-12-31T23:59"
      value={value === "" ? "" : wallClock(value, timezone)}
      onChange={(event) => onChange(event.currentTarget.value === "" ? "" : momentInZone(event.currentTarget.value, timezone))}
      {...rest}
    />
  );
}

type Money = { readonly amount: number; readonly currency: string };

/** Typed in major units, kept in minor ones. */
export function MoneyField({ value, onChange, ...rest }: Common & { readonly value: Money | null; readonly onChange: (value: Money | null) => void }) {
  const currency = value?.currency ?? workspaceCurrency();
  const [typed, setTyped] = useState(value === null ? "" : String(value.amount / 10 ** decimalsOf(currency)));
  return (
    <TextInput
      inputMode="decimal"
      value={typed}
      rightSection={<span className="mut">{currency}</span>}
      rightSectionWidth={44}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const amount = minorUnits(text, currency);
        onChange(amount === null ? null : { amount, currency });
      }}
      {...rest}
    />
  );
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

type PickProps = Omit<SelectProps, "data" | "value" | "onChange"> & { readonly value: string | null; readonly onChange: (value: string | null) => void };

/** Somebody who works here. `only`: whether those who have left are offered too. */
export function PersonPicker({
  only = "active",
  extra = [],
  ...rest
}: PickProps & { readonly only?: "active" | "all"; readonly extra?: readonly { readonly value: string; readonly label: string }[] }) {
  const { user } = useSession();
  const people = useRead("getConfig").data?.config.users ?? [];
  const data = people
    .filter(({ active, id }) => only === "all" || active || id === rest.value)
    .map(({ id, name }) => ({ value: id, label: id === user.id ? `${name} (me)` : name }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  return <Select searchable selectFirstOptionOnChange nothingFoundMessage="Nobody of that name" data={[...extra, ...data]} {...rest} />;
}

export function StagePicker(props: PickProps) {
  const stages = useStages();
  return <Select searchable selectFirstOptionOnChange data={stages.map(({ id, label }) => ({ value: id, label }))} {...props} />;
}

/** Tags, with those in use offered. */
export function TagField(props: Omit<TagsInputProps, "data">) {
  const tags = useRead("listLeadFacets", { query: {} }).data?.tags ?? [];
  return <TagsInput clearable maxLength={200} data={tags.flatMap(({ value }) => (value === null ? [] : [value]))} {...props} />;
}
