/** Where a column may go, in words and in groups. */
import type { Out } from "../../api/call.ts";
import type { Column, NewField, Settings } from "./use-draft.ts";

type FieldDef = Out<"getConfig">["config"]["fields"][number];
type Item = { readonly value: string; readonly label: string };
export type Group = { readonly group: string; readonly items: Item[] };

export const NEW_FIELD = "+new";

const GROUPS: readonly (readonly [group: string, items: Readonly<Record<string, string>>])[] = [
  [
    "Person",
    {
      email: "E-mail",
      phone: "Phone",
      name: "Full name",
      firstName: "First name",
      lastName: "Last name",
      jobTitle: "Job title",
      country: "Country",
      city: "City",
      externalId: "Id in another system",
    },
  ],
  ["Company", { company: "Company", website: "Website" }],
  ["Origin", { source: "Source", campaign: "Campaign", capturedAt: "Came in on" }],
  ["Process", { stage: "Stage", stageAt: "In the stage since", status: "Status", owner: "Owner", tags: "Tags" }],
  ["Qualification", { "bant.budget": "Budget", "bant.authority": "Authority", "bant.need": "Need", "bant.timeline": "Timeline" }],
  ["Consent", { "consent.newsletter": "Consent: newsletter" }],
  [
    "Opportunity",
    {
      "opportunity.name": "Opportunity",
      "opportunity.amount": "Amount",
      "opportunity.currency": "Currency",
      "opportunity.owner": "Opportunity owner",
      "opportunity.stage": "Opportunity stage",
      "opportunity.won": "Won",
      "opportunity.wonAt": "Won on",
      "opportunity.lostAt": "Lost on",
      "opportunity.lostReason": "Lost because",
    },
  ],
];

const LABELS: Readonly<Record<string, string>> = Object.assign({}, ...GROUPS.map(([, items]) => items));

export function targetLabel(target: string, fields: readonly { readonly key: string; readonly label: string }[]): string {
  const own = fields.find(({ key }) => `fields.${key}` === target);
  return LABELS[target] ?? own?.label ?? (target.startsWith("consent.") ? `Consent: ${target.slice(8)}` : target);
}

/** Everything to choose from, with what the file brings along. */
export function groupsOf(fields: readonly FieldDef[], { newFields }: Settings, columns: readonly Column[]): Group[] {
  const known = new Set(fields.map(({ key }) => key));
  const fresh = newFields.filter(({ key }) => !known.has(key));
  const topics = columns.flatMap(({ proposal: { target } }) => (target?.startsWith("consent.") === true && LABELS[target] === undefined ? [target] : []));
  return [
    ...GROUPS.map(([group, items]) => ({ group, items: Object.entries(items).map(([value, label]) => ({ value, label })) })),
    ...(topics.length === 0 ? [] : [{ group: "Further consent", items: [...new Set(topics)].map((value) => ({ value, label: targetLabel(value, []) })) }]),
    { group: "Your fields", items: fields.map(({ key, label }) => ({ value: `fields.${key}`, label })) },
    {
      group: "New",
      items: [...fresh.map(({ key, label }) => ({ value: `fields.${key}`, label: `${label} (new field)` })), { value: NEW_FIELD, label: "New field…" }],
    },
  ].filter(({ items }) => items.length > 0);
}

/** The new field a column's target stands for, if it does. */
export function newFieldOf(target: string | null, { newFields }: Settings, fields: readonly { readonly key: string }[]): NewField | null {
  if (target === null || !target.startsWith("fields.")) return null;
  const key = target.slice(7);
  return fields.some((field) => field.key === key) ? null : (newFields.find((field) => field.key === key) ?? null);
}

/** What a column becomes when a person wants a field for it: as proposed, or a text called like the column. */
export function fieldFor({ name, index, proposal }: Column, { newFields }: Settings, fields: readonly { readonly key: string }[]): NewField {
  if (proposal.newField !== null) return proposal.newField;
  const label = name.trim() === "" ? `Column ${index + 1}` : name.trim().slice(0, 100);
  const words = label
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9 ]/g, "")
    .trim()
    .split(/\s+/);
  const camel = words.map((word, i) => (i === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1))).join("");
  const base = /^[A-Za-z]/.test(camel) ? camel.slice(0, 58) : `column${index + 1}`;
  const taken = new Set([...fields, ...newFields].map(({ key }) => key.toLowerCase()));
  let key = base;
  for (let i = 2; taken.has(key.toLowerCase()); i++) key = `${base}${i}`;
  return { key, label, type: "text" };
}

/** The settings after a column gets a target. A target takes one column; only tags take several. Answers whose it was. */
export function retarget(settings: Settings, index: number, target: string | null): { readonly change: Partial<Settings>; readonly loser: number | null } {
  const loser = target === null || target === "tags" ? undefined : settings.columns.find((column) => column.target === target && column.index !== index);
  const rest = settings.columns.filter((column) => column.index !== index);
  const columns = [...rest.map((column) => (column === loser ? { ...column, target: null } : column)), { index, target }].toSorted((a, b) => a.index - b.index);
  return { change: { columns }, loser: loser?.index ?? null };
}
