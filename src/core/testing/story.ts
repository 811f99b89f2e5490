/**
 * A story of one lead for tests: inputs go in one after another, needs are answered from a small world beside it (pools that
 * deal, companies that are known), and every state is frozen, so that a reaction that writes into what it was given fails.
 */
import { type CompiledConfig, compileConfig } from "../config/compile.ts";
import type { Config } from "../config/config.ts";
import { defaultConfig, defaultProcess } from "../config/default-config.ts";
import type { Answer, Contested, Fact, Input, Need, Reaction, Refusal } from "../flow/input.ts";
import { react } from "../flow/react.ts";
import { type Former, isUndoable, reverseOf } from "../flow/undo.ts";
import type { Note } from "../notes/notes.ts";
import type { LeadState } from "../flow/state.ts";
import { DAY_MS } from "../time.ts";

export const USERS = [
  { id: "00000000-0000-7000-8000-0000000000a1", name: "Ada", active: true },
  { id: "00000000-0000-7000-8000-0000000000b2", name: "Ben", active: true },
  { id: "00000000-0000-7000-8000-0000000000c3", name: "Cem", active: false },
] as const;
export const [ADA, BEN, CEM] = USERS.map((user) => user.id) as [string, string, string];

export const LEAD_ID = "01919999-0000-8000-8000-000000000001";

/** Noon of 1 March 2026 UTC. */
export const NOON = Date.UTC(2026, 2, 1, 12);

export function days(count: number): number {
  return count * DAY_MS;
}

export function configWith(change: Partial<Config> = {}, number = 1): CompiledConfig {
  return compileConfig({ ...defaultConfig(USERS), ...change }, number);
}

export function acceptanceOn(change: Partial<Config> = {}): CompiledConfig {
  return configWith({ acceptance: true, process: defaultProcess(true), ...change });
}

/** A capture that the default model takes for 70 points: enough for `mql`. */
export const PROMISING: Input = {
  kind: "capture",
  patch: { email: "ada@example.com", firstName: "Ada", company: "Example", jobTitle: "CEO" },
  touches: [{ kind: "contactRequest", at: null, props: null }],
};

/** A capture that stays at `inquiry`. */
export const FAINT: Input = { kind: "capture", patch: { email: "eve@example.com" }, touches: [] };

export type Story = {
  state: LeadState | null;
  now: number;
  config: CompiledConfig;
  readonly facts: (Fact & { readonly number: number; readonly version: number })[];
  /** Leads dealt by pool. */
  readonly dealt: Record<string, number>;
  /** Companies that are known, by name. */
  readonly companies: Record<string, string>;
  /** What could be taken back, by number. */
  readonly formers: Record<number, Former>;
  readonly notes: Record<string, Note>;
  /** Companies and opportunities of others, by id. */
  readonly names: Record<string, string>;
  nextInput: number;
  /** How long after one input the next one comes. */
  step: number;
};

export function newStory(config: CompiledConfig = configWith(), now: number = NOON): Story {
  return { state: null, now, config, facts: [], dealt: {}, companies: {}, formers: {}, notes: {}, names: {}, nextInput: 1, step: 1 };
}

/** Hands an input in and keeps what came of it. */
export function take(story: Story, input: Input, contested: readonly Contested[] = []): Reaction {
  // Of one moment, and in no order: real ids of inputs that share a transaction are not in theirs either.
  const inputId = `01919999-0000-7000-8000-${(Math.imul(story.nextInput, 0x9e3779b1) >>> 0).toString(16).padStart(12, "0")}`;
  const { now } = story;
  const dealt = JSON.stringify(story.dealt);
  story.nextInput++;
  story.now += story.step;
  const reaction = run(story.config, story.state, input, { leadId: LEAD_ID, inputId, now, actor: "user:test", contested }, (need) => answer(story, need));
  if (reaction.kind === "refused") {
    if (JSON.stringify(story.dealt) !== dealt) throw new Error("an input was dealt an owner and then refused: the pool would have a gap");
    return reaction;
  }
  const before = story.state;
  story.state = deepFreeze(reaction.state);
  for (const fact of reaction.facts) story.facts.push({ ...fact, number: reaction.state.number, version: reaction.state.version });
  for (const note of reaction.notes) story.notes[note.id] = note;
  if (before !== null && isUndoable(input.kind))
    story.formers[reaction.state.number] = {
      kind: input.kind,
      actor: "user:test",
      at: now,
      reverse: reverseOf(before, reaction.state),
      since: null,
      linked: false,
    };
  for (const company of reaction.companies) story.companies[company.name] = company.id;
  return reaction;
}

/** The same, for inputs that must be taken. */
export function taken(story: Story, input: Input): LeadState {
  const reaction = take(story, input);
  if (reaction.kind === "refused") throw new Error(`refused: ${reaction.detail} ${JSON.stringify(reaction.errors)}`);
  return reaction.state;
}

/** The same, for inputs that must be refused and change nothing. */
export function refused(story: Story, input: Input): Refusal {
  const before = story.state;
  const reaction = take(story, input);
  if (reaction.kind !== "refused") throw new Error(`was taken, now at "${reaction.state.stage}"`);
  if (story.state !== before) throw new Error("was refused and changed the lead all the same");
  return reaction;
}

export function run(config: CompiledConfig, state: LeadState | null, input: Input, meta: Parameters<typeof react>[3], tell: (need: Need) => Answer): Reaction {
  const reaction = react(config, state, input, meta);
  let step = reaction.next();
  while (step.done !== true) step = reaction.next(tell(step.value));
  return step.value;
}

function answer(story: Story, need: Need): Answer {
  if (need.kind === "former") return { kind: "former", former: formerOf(story, need.number) };
  if (need.kind === "changedSince") return { kind: "changedSince", fields: changedSince(story, need.version) };
  if (need.kind === "note") return { kind: "note", note: story.notes[need.id] ?? null };
  if (need.kind === "exists") return { kind: "exists", name: story.names[need.id] ?? null };
  if (need.kind === "company") return { kind: "company", id: story.companies[need.name] ?? need.candidate };
  const index = story.dealt[need.pool] ?? 0;
  story.dealt[need.pool] = index + 1;
  return { kind: "deal", index };
}

function formerOf(story: Story, number: number): Former | null {
  const former = story.formers[number];
  const since = story.facts.find((fact) => fact.number > number && fact.type !== "lead.scored");
  return former === undefined ? null : { ...former, since: since?.type ?? null };
}

function changedSince(story: Story, version: number): readonly string[] {
  const changes = story.facts.filter((fact) => fact.type === "lead.updated" && fact.version > version);
  return [...new Set(changes.flatMap((fact) => Object.keys(fact.data["changes"] as object)))];
}

export function openTasks(state: LeadState): readonly string[] {
  return state.tasks.filter((task) => task.state === "open").map((task) => task.key);
}

export function taskId(state: LeadState, key: string): string {
  const task = state.tasks.findLast((candidate) => candidate.key === key);
  if (task === undefined) throw new Error(`there is no task "${key}"`);
  return task.id;
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
