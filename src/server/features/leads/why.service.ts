/** Use cases: why a lead has its owner, its stage and its values, and its way through the stages. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { stageHidden } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import { asksOf } from "../../../core/definitions/definition.ts";
import type { Scalar, TouchCount } from "../../../core/filter/filter.ts";
import { subjectOf } from "../../../core/flow/subject.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { type Gap, gapsOf } from "../../../core/qualification/missing.ts";
import { DAY_MS } from "../../../core/time.ts";
import type { Deps } from "../../deps.ts";
import { labelOf } from "./labels.service.ts";
import { loadLead } from "./lead-read.service.ts";
import { type DecisionRow, type EntryRow, findAssignment, listEntries, listSuspicions } from "./timeline.queries.ts";
import { type Who, whoReader } from "./who.service.ts";

type Names = (actor: string) => Who;

export async function explainLead(deps: Deps, text: string) {
  const [lead, config, who] = await Promise.all([loadLead(deps, text), deps.configs.get(deps.db), whoReader(deps)]);
  const [assigned, entries, suspicions] = await Promise.all([
    findAssignment(deps.db, lead.id),
    listEntries(deps.db, lead.id),
    listSuspicions(deps.db, lead.id),
  ]);
  const entered = entries.findLast(({ stage }) => stage === lead.stage) ?? null;
  return {
    owner: ownerReason(lead, assigned, config, who),
    stage: stageReason(lead, entered, config, who),
    ways: config.config.definitions.filter(({ stage }) => !isHidden(config, stage)).map((definition) => wayTo(definition, lead, config, deps.now())),
    provenance: Object.entries(lead.provenance).map(([field, { by, at }]) => ({
      field,
      label: labelOf(field, config),
      by: who(by),
      at: new Date(at).toISOString(),
    })),
    consent: Object.entries(lead.consent).map(([topic, { given, at }]) => ({ topic, given, at: new Date(at).toISOString() })),
    duplicates: suspicions.map(({ other, kind, value, at }) => ({ lead: other, kind, value, at: at.toISOString() })),
  };
}

function isHidden({ config, stages }: CompiledConfig, id: string): boolean {
  const stage = stages.get(id);
  return stage === undefined || stageHidden(config, stage);
}

function ownerReason(lead: LeadState, decision: DecisionRow | null, config: CompiledConfig, who: Names) {
  const owner = userRef(config, lead.ownerId)?.name ?? null;
  if (decision === null)
    return { sentence: owner === null ? "Nobody owns it yet." : `${owner} owns it.`, at: null, by: null, rule: null, pool: null, reason: null, config: null };
  const { at, actor, data } = decision;
  const text = (key: string): string | null => (typeof data[key] === "string" ? (data[key] as string) : null);
  const number = (key: string): number | null => (typeof data[key] === "number" ? (data[key] as number) : null);
  const rule = config.config.routing.rules.find(({ id }) => id === text("rule")) ?? null;
  const team = config.config.teams.find(({ id }) => id === text("pool"));
  const [index, of] = [number("index"), number("of")];
  const pool =
    text("pool") === null || index === null || of === null
      ? null
      : { id: text("pool") as string, name: team?.name ?? (text("pool") as string), place: (index % of) + 1, of, index };
  const base = { at: at.toISOString(), by: who(actor), pool, reason: text("reason"), config: number("config") };
  return {
    ...base,
    rule: rule === null ? null : { id: rule.id, label: rule.label },
    sentence: ownerSentence(owner, text, pool, rule?.label ?? text("rule"), base.by),
  };
}

type Pool = { readonly name: string; readonly place: number; readonly of: number } | null;

function ownerSentence(owner: string | null, text: (key: string) => string | null, pool: Pool, rule: string | null, by: Who): string {
  const reason = text("reason") === null ? "" : `: ${text("reason")}`;
  if (owner === null) return text("rule") === "fallback" ? `No rule took it, so it waits in the queue "${text("queue") ?? ""}".` : `Nobody owns it${reason}.`;
  if (pool !== null) return `The rule "${rule ?? ""}" gave it to ${pool.name}, and it was the turn of ${owner}, ${pool.place} of ${pool.of}.`;
  if (text("rule") === "undo") return `${owner} has it again since a change was taken back.`;
  return `${by.name} gave it to ${owner}${reason}.`;
}

function stageReason(lead: LeadState, entry: EntryRow | null, config: CompiledConfig, who: Names) {
  const data = entry?.data ?? {};
  const text = (key: string): string | null => (typeof data[key] === "string" ? (data[key] as string) : null);
  const label = config.stages.get(lead.stage)?.label ?? lead.stage;
  const [because, reason] = [text("because"), text("reason")];
  const version = data["definition"];
  return {
    sentence: `At ${label}${because === null ? "" : `: ${because}`}${reason === null ? "" : ` (${reason})`}.`,
    since: new Date(lead.stageAt).toISOString(),
    by: entry === null ? null : who(entry.actor),
    because,
    reason,
    definition: typeof version === "number" ? { version, met: data["met"] === true } : null,
  };
}

type Definition = CompiledConfig["config"]["definitions"][number];

function wayTo(definition: Definition, lead: LeadState, config: CompiledConfig, now: number) {
  const { stage, version } = definition;
  const subject = subjectOf(lead);
  const gaps = gapsOf(asksOf(definition), subject, now);
  const label = config.stages.get(stage)?.label ?? stage;
  const missing = gaps.map((gap) => gapView(gap, lead, config, now));
  const sentence =
    gaps.length === 0
      ? `${label}: everything is met.`
      : `To ${label}: ${missing.map(({ label, wants, has }) => `${label} ${wants}${has === null ? "" : ` (it is ${has})`}`).join("; ")}.`;
  return { stage, label, version, met: gaps.length === 0, missing, sentence };
}

function gapView({ condition, not }: Gap, lead: LeadState, config: CompiledConfig, now: number) {
  const { field, op, value } = condition;
  const subject = subjectOf(lead);
  const touches = field.startsWith("touches.") ? (value as TouchCount) : null;
  const content = touches === null ? subject.read(field) : subject.touches(field.slice(8), touches.withinDays ?? null, Math.floor(now / DAY_MS));
  const has = content === null || content === "" ? null : Array.isArray(content) ? content.join(", ") : String(content);
  return { field, label: labelOf(field, config), wants: `${not ? "must not hold: " : ""}${wants(op, value, touches)}`, has };
}

function wants(op: string, value: unknown, touches: TouchCount | null): string {
  if (touches !== null) return `${WORDS[op] ?? op} ${touches.count}${touches.withinDays === undefined ? "" : ` within ${touches.withinDays} days`}`;
  if (op === "isEmpty") return value === false ? "is missing" : "must be empty";
  const shown = (one: unknown): string => String(one as Scalar);
  if (op === "between" && Array.isArray(value)) return `must be from ${shown(value[0])} to ${shown(value[1])}`;
  return `${WORDS[op] ?? op} ${Array.isArray(value) ? value.map(shown).join(" or ") : shown(value)}`;
}

const WORDS: Readonly<Record<string, string>> = {
  eq: "must be",
  ne: "must not be",
  in: "must be one of",
  lt: "must be below",
  lte: "must be at most",
  gt: "must be above",
  gte: "must be at least",
  contains: "must contain",
  startsWith: "must begin with",
};

export async function readStages(deps: Deps, text: string) {
  const [lead, config, who] = await Promise.all([loadLead(deps, text), deps.configs.get(deps.db), whoReader(deps)]);
  const entries = await listEntries(deps.db, lead.id);
  const passes = passesOf(entries, deps.now(), who);
  const furthest = Math.max(-1, ...entries.map(({ stage }) => config.order.get(stage) ?? -1));
  return config.config.stages
    .filter((stage) => !stageHidden(config.config, stage) || passes.has(stage.id))
    .map(({ id, label, line, statuses }) => {
      const mine = passes.get(id) ?? [];
      return {
        stage: id,
        label,
        line,
        statuses,
        current: lead.stage === id,
        reached: mine.length > 0 || (line === "main" && (config.order.get(id) ?? Number.POSITIVE_INFINITY) <= furthest),
        passes: mine,
        days: mine.reduce((sum, { days }) => sum + days, 0),
      };
    });
}

function passesOf(entries: readonly EntryRow[], now: number, who: Names) {
  const passes = entries.map(({ at, actor, stage, data }, i) => {
    const left = entries[i + 1]?.at ?? null;
    const text = (key: string): string | null => (typeof data[key] === "string" ? (data[key] as string) : null);
    return {
      stage,
      view: {
        pass: typeof data["pass"] === "number" ? (data["pass"] as number) : 1,
        enteredAt: at.toISOString(),
        leftAt: left?.toISOString() ?? null,
        days: Math.max(0, (left?.getTime() ?? now) - at.getTime()) / DAY_MS,
        by: who(actor),
        because: text("because"),
        reason: text("reason"),
      },
    };
  });
  return new Map([...Map.groupBy(passes, ({ stage }) => stage)].map(([stage, group]) => [stage, group.map(({ view }) => view)]));
}
