/** What somebody else has just changed on the lead one looks at: the fields, and by whom, for a few seconds. */
import { useEffect, useRef, useState } from "react";
import { useSession } from "../../app/session.tsx";
import { leadName } from "../../format/format.ts";
import type { Lead, Reasons } from "./lead-writes.ts";

export type Marks = Readonly<Record<string, string>>;

const STAYS_MS = 8000;
const PLAIN = [
  "email",
  "phone",
  "externalId",
  "firstName",
  "lastName",
  "jobTitle",
  "country",
  "city",
  "website",
  "source",
  "campaign",
  "stage",
  "status",
] as const;

export function useOthers(lead: Lead | undefined, reasons: Reasons | undefined): Marks {
  const { user } = useSession();
  const before = useRef<Lead | null>(null);
  const open = useRef<readonly Open[]>([]);
  const [marks, setMarks] = useState<Marks>({});
  useEffect(() => {
    if (lead === undefined) return;
    const old = before.current;
    before.current = lead;
    if (old === null || old.id !== lead.id) {
      open.current = [];
      setMarks({});
    } else if (old.version !== lead.version) open.current = [...open.current, ...changed(old, lead).map((field) => ({ field, since: old.updatedAt }))];
    if (reasons === undefined) return;
    // The lead and the reasons are asked for together, and either may come first: what is told has to be younger than the lead was.
    const told = open.current.flatMap(({ field, since }) => {
      const { by, at } = writerOf(field, reasons);
      return by === null || at === null || Date.parse(at) <= Date.parse(since) ? [] : [{ field, by }];
    });
    open.current = open.current.filter(({ field }) => !told.some((one) => one.field === field));
    const found = told.filter(({ by }) => by.id !== user.id).map(({ field, by }) => [field, by.name] as const);
    if (found.length > 0) setMarks(Object.fromEntries(found));
  }, [lead, reasons, user.id]);
  useEffect(() => {
    if (Object.keys(marks).length === 0) return;
    const timer = setTimeout(() => setMarks({}), STAYS_MS);
    return () => clearTimeout(timer);
  }, [marks]);
  return marks;
}

/** A change of which it is not known yet whose it was. */
type Open = { readonly field: string; readonly since: string };
type Writer = { readonly by: Reasons["stage"]["by"]; readonly at: string | null };

function writerOf(field: string, { stage, owner, provenance }: Reasons): Writer {
  if (field === "stage" || field === "status") return { by: stage.by, at: stage.since };
  if (field === "owner") return owner;
  return provenance.find((one) => one.field === field) ?? { by: null, at: null };
}

function changed(old: Lead, now: Lead): readonly string[] {
  return [
    ...PLAIN.filter((key) => old[key] !== now[key]),
    ...(old.company?.name === now.company?.name ? [] : ["company"]),
    ...(old.owner?.id === now.owner?.id ? [] : ["owner"]),
    ...(["budget", "authority", "need", "timeline"] as const).filter((key) => old.bant[key] !== now.bant[key]).map((key) => `bant.${key}`),
    ...[...new Set([...Object.keys(old.fields), ...Object.keys(now.fields)])]
      .filter((key) => old.fields[key] !== now.fields[key])
      .map((key) => `fields.${key}`),
  ];
}

/** For whoever does not see the marks. */
export function markWords(marks: Marks, lead: Lead): string {
  const names = [...new Set(Object.values(marks))];
  return names.length === 0 ? "" : `${names.join(" and ")} changed ${leadName(lead)}`;
}
