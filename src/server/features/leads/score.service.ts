/** Use case: a lead's score with its reasons, in words and points. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { emailKey, isEmail } from "../../../core/identity/identity.ts";
import { explainScore } from "../../../core/scoring/explain.ts";
import { type LedgerLine, partName, SECTION_NAMES } from "../../../core/scoring/ledger.ts";
import type { Raise, RaiseStep } from "../../../core/scoring/raise.ts";
import { DATE_FIELDS, type FieldContent } from "../../../core/filter/filter.ts";
import type { Deps } from "../../deps.ts";
import { listIdentities } from "../../flow/flow.queries.ts";
import { notFound } from "../../problems.ts";
import { labelOf, oneTouch } from "./labels.service.ts";
import { loadLead } from "./lead-read.service.ts";

/** Days behind a line that an answer shows. */
const DAYS_SHOWN = 20;

export async function explainLeadScore(deps: Deps, text: string) {
  const [lead, config] = await Promise.all([loadLead(deps, text), deps.configs.get(deps.db)]);
  const explained = explainScore(config, lead, Math.max(deps.now(), lead.scores.at));
  return {
    score: points(explained.score),
    asOf: iso(explained.asOf),
    sentence: explained.sentence,
    parts: explained.parts.map((part) => ({ ...part, label: partName(part.of, part.points) })),
    model: { name: config.config.model.name, config: config.number },
    sections: explained.sections.map(({ section, earned, idle, cut, cap, points: sum }) => ({
      section,
      label: SECTION_NAMES[section],
      earned: points(earned),
      idle: points(idle),
      cut: points(cut),
      cap: cap === null ? null : points(cap),
      points: points(sum),
    })),
    lines: explained.lines.map((line) => lineView(line, config)),
    below: explained.below.map(({ threshold, at, stages }) => ({
      threshold: points(threshold),
      at: iso(at),
      stages: stages.map((stage) => config.stages.get(stage)?.label ?? stage),
    })),
    heat: explained.heat,
    cools: explained.cools.map(({ to, at }) => ({ to, at: iso(at) })),
    raise: explained.raise.map((raise) => raiseView(raise, config)),
  };
}

/** The same for whoever has only the address: an e-mail names its lead. */
export async function explainScoreOf(deps: Deps, idOrEmail: string) {
  if (!isEmail(idOrEmail)) return explainLeadScore(deps, idOrEmail);
  const key = { kind: "email", value: emailKey(idOrEmail) } as const;
  const { identities } = await listIdentities(deps.db, [key]);
  const found = identities.find(({ kind, value }) => kind === key.kind && value === key.value);
  if (found === undefined) throw notFound("lead", idOrEmail);
  return explainLeadScore(deps, found.lead_id);
}

function lineView({ section, kind, rule, label, behind, ...line }: LedgerLine, config: CompiledConfig) {
  return {
    rule,
    label,
    kind,
    section,
    points: points(line.points),
    before: points(line.before),
    cap: line.cap === null ? null : points(line.cap),
    idle: points(line.idle),
    next: line.next === null ? null : { at: iso(line.next.at), points: points(line.next.points) },
    expiresAt: line.expiresAt === null ? null : iso(line.expiresAt),
    behind: {
      facet: behind.facet,
      label: behind.facet === null ? null : labelOf(`touches.${behind.facet}`, config),
      touches: behind.days.reduce((sum, { touches }) => sum + touches, 0),
      days: behind.days.slice(0, DAYS_SHOWN).map(({ at, touches, points: given }) => ({ at: iso(at), touches, points: points(given) })),
      fields: behind.fields.map(({ field, value }) => ({ field, label: labelOf(field, config), value: contentText(field, value) })),
    },
  };
}

function contentText(field: string, value: FieldContent): string | null {
  if (value === null || value === "") return null;
  if (typeof value === "number" && ([...DATE_FIELDS, "lastTouch"] as readonly string[]).includes(field)) return iso(value);
  return typeof value === "object" ? value.join(", ") : typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

function raiseView({ steps, points: gain }: Raise, config: CompiledConfig) {
  return {
    what: steps.map((step) => stepWords(step, config)).join(" and "),
    points: points(gain),
    steps: steps.map((step) =>
      step.kind === "field"
        ? { field: step.field, facet: null, count: null, value: step.op === "known" ? null : step.value }
        : { field: null, facet: step.facet, count: step.count, value: null },
    ),
  };
}

const OPS: Readonly<Record<string, string>> = {
  contains: "contained",
  startsWith: "began with",
  gte: "were at least",
  gt: "were above",
  lte: "were at most",
  lt: "were below",
  between: "were at least",
};

function stepWords(step: RaiseStep, config: CompiledConfig): string {
  if (step.kind === "touch") return `with ${step.count === 1 ? "one" : step.count} more ${oneTouch(step.facet, step.count)}`;
  const { field, op, value } = step;
  const name = labelOf(field, config);
  const label = /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
  if (field.startsWith("consent.")) return `with ${label}`;
  if (op === "known" || value === null) return `if ${label} were known`;
  return `if ${label} ${OPS[op] ?? "were"} ${typeof value === "string" ? `“${value}”` : typeof value === "boolean" ? (value ? "yes" : "no") : value}`;
}

function points(hundredths: number): number {
  return hundredths / 100;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
