/** Scoring rules in words, what a section can give at most, and what a draft changes. */
import type { Filter } from "../../../core/filter/filter.ts";
import { conditionWords, type FilterField, filterWords, isCondition } from "../../parts/filter-words.ts";
import { same } from "./merge-config.ts";
import type { Config } from "./publish.ts";

export type Rule = Config["model"]["rules"][number];
export type SectionId = Rule["section"];

export const SECTION_WORDS: Readonly<Record<SectionId, { readonly label: string; readonly asks: string; readonly tone: string }>> = {
  fit: { label: "Fit", asks: "Is it somebody we sell to?", tone: "var(--fit)" },
  engagement: { label: "Engagement", asks: "What did they do?", tone: "var(--eng)" },
  bant: { label: "BANT", asks: "Budget, authority, need, timeline: what is known?", tone: "var(--bant)" },
  quality: { label: "Quality", asks: "How good is what we know?", tone: "var(--qual)" },
  freshness: { label: "Freshness", asks: "How long ago?", tone: "var(--warm)" },
};

export const KIND_WORDS: Readonly<Record<Rule["kind"], string>> = {
  field: "When something is known",
  signal: "When somebody does something",
  filled: "How much of the profile is filled",
  age: "How long ago",
};

export const TOUCH_WORDS: Readonly<Record<string, string>> = {
  pageView: "Page viewed",
  formSubmit: "Form submitted",
  download: "Download",
  videoView: "Video watched",
  webinarRegistered: "Webinar registered",
  webinarAttended: "Webinar attended",
  eventVisit: "Event visited",
  contactRequest: "Asked for contact",
  mailSent: "Mail sent",
  mailOpen: "Mail opened",
  mailClick: "Mail clicked",
  mailReply: "Mail replied",
  call: "Call",
  meeting: "Meeting",
  message: "Message",
  custom: "Other touch",
};

export function ruleWords(rule: Rule, fields: readonly FilterField[], facets: Config["facets"]): string {
  switch (rule.kind) {
    case "field":
      return briefWords(rule.when, fields);
    case "signal": {
      const facet = facets.find(({ id }) => id === rule.facet);
      const what =
        facet === undefined ? (TOUCH_WORDS[rule.facet] ?? rule.facet) : `${TOUCH_WORDS[facet.kind] ?? facet.kind}, ${facet.property} ${facet.pattern}`;
      const parts = [
        rule.each ? "each time" : "the latest only",
        rule.cap === null ? "" : `at most ${rule.cap}`,
        rule.windowDays === null ? "" : `in ${rule.windowDays} d`,
        rule.halfLifeDays === null ? "" : `half after ${rule.halfLifeDays} d`,
      ];
      return [what, ...parts].filter((part) => part !== "").join(" · ");
    }
    case "filled":
      return `a share for each of ${rule.fields.join(", ")}`;
    case "age":
      return `since ${rule.since === "capture" ? "the capture" : "the last touch"}: ${rule.steps.map(({ days, points }) => `${points} within ${days} d`).join(", ")}`;
  }
}

/** "Job title contains chief, owner or vp" instead of the same three times. */
export function briefWords(filter: Filter, fields: readonly FilterField[]): string {
  if (!("or" in filter) || filter.or.length < 2) return filterWords(filter, fields);
  const parts = filter.or.map((part) => (isCondition(part) ? conditionWords(part, fields) : null));
  const first = parts[0];
  if (first == null || parts.some((part) => part === null || part.label !== first.label || part.op !== first.op || part.value === ""))
    return filterWords(filter, fields);
  const values = parts.map((part) => part?.value ?? "");
  return `${first.label} ${first.op} ${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}`;
}

/** The most, or the least, that one rule can give. Without a cap a repeated signal has no bound. */
export function mostOf(rule: Rule): number {
  if (rule.kind === "age") return Math.max(0, ...rule.steps.map(({ points }) => points));
  if (rule.kind === "signal" && rule.each) return rule.cap ?? (rule.points > 0 ? Number.POSITIVE_INFINITY : rule.points);
  return rule.points;
}

export function pointsWords(rule: Rule): string {
  const points = rule.kind === "age" ? mostOf(rule) : rule.points;
  return `${points < 0 ? "−" : "+"}${Math.abs(points)}`;
}

export function mostOfSection(config: Config, section: SectionId): { readonly sum: number; readonly cap: number | null; readonly most: number } {
  const sum = config.model.rules.filter((rule) => rule.section === section).reduce((total, rule) => total + Math.max(0, mostOf(rule)), 0);
  const cap = config.model.caps[section] ?? null;
  return { sum, cap, most: cap === null ? sum : Math.min(sum, cap) };
}

/** What the draft changes, a line each. */
export function changesOf(from: Config, to: Config): readonly string[] {
  const was = new Map(from.model.rules.map((rule) => [rule.id, rule]));
  const is = new Map(to.model.rules.map((rule) => [rule.id, rule]));
  const lines: string[] = [];
  for (const [id, rule] of is) {
    const old = was.get(id);
    if (old === undefined) lines.push(`Added: ${rule.label} ${pointsWords(rule)}`);
    else if (!same(old, rule))
      lines.push(`Changed: ${rule.label}${pointsWords(old) === pointsWords(rule) ? "" : ` ${pointsWords(old)} → ${pointsWords(rule)}`}`);
  }
  for (const [id, rule] of was) if (!is.has(id)) lines.push(`Removed: ${rule.label} ${pointsWords(rule)}`);
  for (const section of Object.keys(SECTION_WORDS) as SectionId[]) {
    const [a, b] = [from.model.caps[section], to.model.caps[section]];
    if (a !== b) lines.push(`Cap of ${SECTION_WORDS[section].label}: ${a ?? "none"} → ${b ?? "none"}`);
  }
  if (from.model.floor !== to.model.floor) lines.push(`Floor: ${from.model.floor} → ${to.model.floor}`);
  if (from.model.ceiling !== to.model.ceiling) lines.push(`Ceiling: ${from.model.ceiling} → ${to.model.ceiling}`);
  if (!same(from.model.heat, to.model.heat)) lines.push("When a lead is hot or warm");
  if (from.model.name !== to.model.name) lines.push(`Name: ${to.model.name}`);
  if (!same(from.facets, to.facets)) lines.push("Facets of behaviour");
  to.definitions.forEach((definition) => {
    const old = from.definitions.find(({ stage }) => stage === definition.stage);
    if (!same(old, definition))
      lines.push(`Definition of ${to.stages.find(({ id }) => id === definition.stage)?.label ?? definition.stage}, version ${definition.version}`);
  });
  for (const { stage } of from.definitions) if (!to.definitions.some((one) => one.stage === stage)) lines.push(`Definition of ${stage} removed`);
  return lines;
}
