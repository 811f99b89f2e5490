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
  const open = useRef<readonly string[]>([]);
  const [marks, setMarks] = useState<Marks>({});
  useEffect(() => {
    if (lead === undefined) return;
    const old = before.current;
    before.current = lead;
    if (old === null || old.id !== lead.id) {
      open.current = [];
      setMarks({});
    } else if (old.version !== lead.version) open.current = [...open.current, ...changed(old, lead)];
  }, [lead]);
  useEffect(() => {
    if (reasons === undefined || open.current.length === 0) return;
    const found = open.current.flatMap((field) => {
      const by =
        field === "stage" || field === "status"
          ? reasons.stage.by
          : field === "owner"
            ? reasons.owner.by
            : reasons.provenance.find((one) => one.field === field)?.by;
      return by === undefined || by === null || by.id === user.id ? [] : [[field, by.name] as const];
    });
    open.current = [];
    if (found.length === 0) return;
    setMarks(Object.fromEntries(found));
    const timer = setTimeout(() => setMarks({}), STAYS_MS);
    return () => clearTimeout(timer);
  }, [reasons, user.id]);
  return marks;
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
