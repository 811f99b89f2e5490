/**
 * Two people editing one lead: an edit made on an older version is written where nobody wrote since, and refused when one of
 * its own fields was changed to something else meanwhile. Nobody's change is lost, and nobody is stopped without need.
 */
import { Refused, refuse, type Work } from "../flow/draft.ts";
import type { Answer, Input, Need, Patch } from "../flow/input.ts";
import { BANT_PARTS, PROFILE_KEYS } from "../flow/state.ts";

export function* checkEdit(work: Work, { patch, ifVersion }: Extract<Input, { kind: "edit" }>): Generator<Need, void, Answer> {
  const { lead, meta } = work;
  if (ifVersion === undefined || ifVersion === lead.version) return;
  if (ifVersion > lead.version) {
    const detail = `The lead is at version ${lead.version}, the change was made on version ${ifVersion}, which there has not been. Read it again and repeat the change.`;
    throw new Refused(refuse(412, "version-mismatch", detail));
  }
  const answer = yield { kind: "changedSince", lead: meta.leadId, version: ifVersion };
  const changed = new Set(answer.kind === "changedSince" ? answer.fields : []);
  const conflicts = wantedOf(work, patch).filter(([field, differs]) => differs && changed.has(field));
  if (conflicts.length === 0) return;
  const names = conflicts.map(([field]) => field);
  throw new Refused(
    refuse(
      412,
      "version-mismatch",
      `Somebody changed ${names.join(", ")} since version ${ifVersion}; the lead is at version ${lead.version}. Nothing was written: read it again and decide which value stands.`,
      conflicts.map(([field, , now]) => ({ path: field, message: `was changed meanwhile and is now ${now === null ? "empty" : JSON.stringify(now)}` })),
    ),
  );
}

type Wanted = readonly [field: string, differs: boolean, now: unknown];

/** The fields an edit writes, as facts name them, and whether it would change them now. */
function wantedOf({ lead }: Work, patch: Patch): readonly Wanted[] {
  const wanted: Wanted[] = [];
  const want = (field: string, now: unknown, value: unknown): void => void wanted.push([field, now !== value, now]);
  for (const key of PROFILE_KEYS) if (patch[key] !== undefined) want(key, lead[key], patch[key]);
  for (const key in patch.fields) want(`fields.${key}`, lead.fields[key] ?? null, patch.fields[key]);
  for (const part of BANT_PARTS) if (patch.bant?.[part] !== undefined) want(`bant.${part}`, lead.bant[part], patch.bant[part]);
  for (const topic in patch.consent) want(`consent.${topic}`, lead.consent[topic]?.given ?? null, patch.consent[topic]);
  if (patch.tags !== undefined) want("tags", lead.tags.join(", "), [...new Set(patch.tags)].sort().join(", "));
  return wanted;
}
