/**
 * The health check (DEF-4): questions about how well the process works, each answered from what was counted. A question whose
 * trade does not exist is not asked, and one that nothing can be said about yet does not count.
 */
import { type CompiledConfig, stageHidden } from "../config/compile.ts";
import { LEAD_MEASURES, type LeadMeasure } from "./measures.ts";

export const QUESTIONS = ["definitions", "stages", "nextSteps", "owners", "scores"] as const;
export type Question = (typeof QUESTIONS)[number];
export type Verdict = "yes" | "partly" | "no" | "unknown";

/** A number and what it is a part of. `opens`: under which name the leads that were counted are listed. */
export type Measure = { readonly id: MeasureId; readonly label: string; readonly value: number; readonly of: number; readonly opens: LeadMeasure | null };
export type MeasureId = LeadMeasure | "unusedStages" | "rules";

export type HealthAnswer = { readonly question: Question; readonly verdict: Verdict; readonly says: string; readonly measures: readonly Measure[] };

/** Days that the questions look back. */
export const LOOK_BACK_DAYS = 90;
/** A lead at work that has not changed its stage for so many days stands. */
export const STANDING_DAYS = 60;
/** A qualified lead has an owner in time within so many minutes. */
export const OWNER_WITHIN_MINUTES = 60;
/** Fewer outcomes of either kind say nothing about a score. */
export const OUTCOMES_NEEDED = 10;

/** A stage that leads enter by its definition: whether there is one, and whether marketing and sales both signed what is in force. */
export type Ready = { readonly label: string; readonly defined: boolean; readonly signed: boolean };

export type Counted = {
  readonly ready: readonly Ready[];
  /** Leads that entered such a stage within `LOOK_BACK_DAYS`. */
  readonly entries: number;
  /** Of those, without meeting its definition. */
  readonly unmet: number;
  /** Leads that were not converted, left or put to rest. */
  readonly atWork: number;
  readonly standing: number;
  /** At work in a stage whose process has tasks. */
  readonly inProcess: number;
  readonly withoutStep: number;
  /** At work in a stage that routing serves, or beyond it. */
  readonly qualified: number;
  readonly unowned: number;
  /** Entered such a stage within `LOOK_BACK_DAYS`, by themselves or by hand. */
  readonly arrived: number;
  /** Of those, without an owner within `OWNER_WITHIN_MINUTES`. */
  readonly waited: number;
  readonly medianMinutes: number | null;
  readonly leads: number;
  /** Scored by an older model than the live one. */
  readonly stale: number;
  readonly rescoring: boolean;
  /** Stages somebody entered within `LOOK_BACK_DAYS`. */
  readonly entered: ReadonlySet<string>;
  readonly outcomes: Outcomes;
};

/** Leads that were qualified and then won or lost, and the sum of the ranks that the scores of the won ones have among all (ties share their mean). */
export type Outcomes = { readonly won: number; readonly lost: number; readonly wonRanks: number };

export function answerHealth(config: CompiledConfig, counted: Counted): readonly HealthAnswer[] {
  return [definitions(counted), stages(config, counted), nextSteps(config, counted), owners(config, counted), scores(counted)];
}

/** From 1 (few questions answered with yes) to 5 (all of them); null when nothing could be judged. */
export function levelOf(verdicts: readonly Verdict[]): number | null {
  const judged = verdicts.filter((verdict) => verdict !== "unknown");
  if (judged.length === 0) return null;
  const share = judged.reduce((sum, verdict) => sum + (verdict === "yes" ? 1 : verdict === "partly" ? 0.5 : 0), 0) / judged.length;
  return 1 + Math.floor(share * 4);
}

/**
 * The area under the ROC curve, 0 to 1: how often a won lead had the higher score of a pair, with its 95 % interval after
 * Hanley and McNeil (1982). Null with fewer than `OUTCOMES_NEEDED` of either kind.
 */
export function separation({ won, lost, wonRanks }: Outcomes): { readonly auc: number; readonly low: number; readonly high: number } | null {
  if (won < OUTCOMES_NEEDED || lost < OUTCOMES_NEEDED) return null;
  const auc = (wonRanks - (won * (won + 1)) / 2) / (won * lost);
  const [q1, q2] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)];
  const variance = (auc * (1 - auc) + (won - 1) * (q1 - auc * auc) + (lost - 1) * (q2 - auc * auc)) / (won * lost);
  const margin = 1.96 * Math.sqrt(Math.max(0, variance));
  return { auc, low: Math.max(0, auc - margin), high: Math.min(1, auc + margin) };
}

/** Stages of the main line up to the win: those a process works through. */
export function workedStages({ config }: CompiledConfig): readonly string[] {
  const main = config.stages.filter((stage) => stage.line === "main" && !stageHidden(config, stage));
  const won = main.findIndex((stage) => stage.entry === "won");
  return (won === -1 ? main : main.slice(0, won + 1)).map((stage) => stage.id);
}

/** Stages that routing serves, and those after them on the main line. */
export function routedStages({ config, order }: CompiledConfig): readonly string[] {
  const first = Math.min(...config.routing.at.map((stage) => order.get(stage) ?? Number.POSITIVE_INFINITY));
  return [...order].filter(([, place]) => place >= first).map(([stage]) => stage);
}

/** Stages that a lead enters by itself when it meets their definition. */
export function definedStages({ config }: CompiledConfig): readonly string[] {
  return config.stages.filter((stage) => stage.entry === "definition" && !stageHidden(config, stage)).map((stage) => stage.id);
}

/** Stages whose entry brings tasks. */
export function stagesWithTasks({ config }: CompiledConfig): readonly string[] {
  return [...new Set(config.process.tasks.filter(({ starts }) => starts === "entry").map(({ stage }) => stage))];
}

function definitions({ ready, entries, unmet }: Counted): HealthAnswer {
  const measures = [measure("unmet", `Entered without meeting the definition in ${LOOK_BACK_DAYS} days`, unmet, entries)];
  const undefinedOnes = ready.filter(({ defined }) => !defined).map(({ label }) => label);
  const unsigned = ready.filter(({ defined, signed }) => defined && !signed).map(({ label }) => label);
  if (ready.length === 0) return { question: "definitions", verdict: "no", says: "No stage is entered by a definition.", measures };
  if (undefinedOnes.length > 0) return { question: "definitions", verdict: "no", says: `What ${listed(undefinedOnes)} means is not defined.`, measures };
  const applied =
    entries === 0
      ? "nobody entered lately"
      : unmet === 0
        ? `all ${entries} leads that entered lately met it`
        : `${unmet} of ${entries} leads that entered lately did not meet it`;
  if (unsigned.length > 0)
    return { question: "definitions", verdict: "no", says: `What ${listed(unsigned)} means was not signed by marketing and sales; ${applied}.`, measures };
  return {
    question: "definitions",
    verdict: verdictOf(unmet, entries),
    says: `Marketing and sales both signed what ${listed(ready.map(({ label }) => label))} means; ${applied}.`,
    measures,
  };
}

function stages(config: CompiledConfig, { atWork, standing, entered, leads }: Counted): HealthAnswer {
  const worked = workedStages(config);
  const unused = worked.filter((stage) => !entered.has(stage));
  const measures = [
    measure("unusedStages", `Stages nobody entered in ${LOOK_BACK_DAYS} days`, unused.length, worked.length),
    measure("standing", `Leads at work that have stood for ${STANDING_DAYS} days`, standing, atWork),
  ];
  if (leads === 0) return { question: "stages", verdict: "unknown", says: "There are no leads yet.", measures };
  const names = unused.map((stage) => config.stages.get(stage)?.label ?? stage);
  const used = unused.length === 0 ? "Every stage up to the win was entered lately" : `Nobody entered ${listed(names)} in ${LOOK_BACK_DAYS} days`;
  return {
    question: "stages",
    verdict: unused.length * 2 > worked.length || isMany(standing, atWork, 0.5) ? "no" : unused.length > 0 || isMany(standing, atWork, 0.1) ? "partly" : "yes",
    says: `${used}; ${standing === 0 ? "no lead at work stands still" : `${standing} of ${atWork} leads at work stand still`}.`,
    measures,
  };
}

function nextSteps(config: CompiledConfig, { inProcess, withoutStep }: Counted): HealthAnswer {
  const tasks = stagesWithTasks(config);
  const measures = [measure("withoutStep", "Leads in the process without a next step", withoutStep, inProcess)];
  if (tasks.length === 0) return { question: "nextSteps", verdict: "no", says: "No stage of the process brings a next step by itself.", measures };
  if (inProcess === 0) return { question: "nextSteps", verdict: "unknown", says: "No lead is in a stage that brings next steps.", measures };
  return {
    question: "nextSteps",
    verdict: verdictOf(withoutStep, inProcess),
    says:
      withoutStep === 0 ? `All ${inProcess} leads in the process have a next step.` : `${withoutStep} of ${inProcess} leads in the process have no next step.`,
    measures,
  };
}

function owners({ config }: CompiledConfig, { qualified, unowned, arrived, waited, medianMinutes }: Counted): HealthAnswer {
  const { rules, fallback } = config.routing;
  const measures = [
    measure("rules", "Routing rules", rules.length, rules.length),
    measure("unowned", "Qualified leads without an owner", unowned, qualified),
    measure("waited", `Waited more than ${OWNER_WITHIN_MINUTES} minutes for an owner`, waited, arrived),
  ];
  if (rules.length === 0 && fallback.responsible === null)
    return { question: "owners", verdict: "no", says: "There is no routing rule, and nobody answers for leads that no rule takes.", measures };
  if (qualified + arrived === 0) return { question: "owners", verdict: "unknown", says: "No lead was qualified yet.", measures };
  const worst = worse(verdictOf(unowned, qualified), verdictOf(waited, arrived));
  const time = medianMinutes === null ? "" : ` The median wait is ${spoken(medianMinutes)}.`;
  const nobody = fallback.responsible === null ? " Nobody answers for leads that no rule takes." : "";
  return {
    question: "owners",
    verdict: nobody !== "" && worst === "yes" ? "partly" : worst,
    says: `${unowned === 0 ? "Every qualified lead has an owner" : `${unowned} of ${qualified} qualified leads have no owner`}; ${waited === 0 ? "none" : `${waited} of ${arrived}`} waited longer than ${OWNER_WITHIN_MINUTES} minutes for one in the last ${LOOK_BACK_DAYS} days.${time}${nobody}`,
    measures,
  };
}

function scores({ leads, stale, rescoring, outcomes }: Counted): HealthAnswer {
  const measures = [measure("stale", "Leads scored by an older model", stale, leads)];
  if (leads === 0) return { question: "scores", verdict: "unknown", says: "There are no leads yet.", measures };
  const current =
    stale === 0 ? "Every score is by the live model" : `${stale} of ${leads} scores are by an older model${rescoring ? ", and being worked out anew now" : ""}`;
  const found = separation(outcomes);
  if (found === null) {
    const few = `${outcomes.won} won and ${outcomes.lost} lost leads are too few to tell whether scores separate them (${OUTCOMES_NEEDED} of each are needed)`;
    return { question: "scores", verdict: stale === 0 ? "unknown" : verdictOf(stale, leads), says: `${current}; ${few}.`, measures };
  }
  const percent = (part: number): string => `${Math.round(part * 100)} %`;
  const separates: Verdict = found.low > 0.5 ? (found.auc >= 0.65 ? "yes" : "partly") : "no";
  return {
    question: "scores",
    verdict: worse(separates, verdictOf(stale, leads)),
    says: `${current}. Of a won and a lost lead the won one had the higher score when it was qualified in ${percent(found.auc)} of pairs (95 % interval ${percent(found.low)} to ${percent(found.high)}; chance is 50 %).`,
    measures,
  };
}

function measure(id: MeasureId, label: string, value: number, of: number): Measure {
  return { id, label, value, of, opens: value === 0 ? null : (LEAD_MEASURES.find((one) => one === id) ?? null) };
}

/** Yes: none. Partly: up to one in ten. */
function verdictOf(bad: number, of: number): Verdict {
  return bad === 0 ? "yes" : isMany(bad, of, 0.1) ? "no" : "partly";
}

function isMany(part: number, of: number, share: number): boolean {
  return of > 0 && part / of > share;
}

const ORDER: readonly Verdict[] = ["no", "partly", "unknown", "yes"];

function worse(one: Verdict, other: Verdict): Verdict {
  return ORDER[Math.min(ORDER.indexOf(one), ORDER.indexOf(other))] as Verdict;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function spoken(minutes: number): string {
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return `${Math.round(minutes)} minutes`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
}
