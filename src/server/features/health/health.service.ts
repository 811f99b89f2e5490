/** Use cases: how well does the process work, which leads are behind an answer, and what was answered on earlier days? */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import {
  answerHealth,
  definedStages,
  type Counted,
  type HealthAnswer,
  levelOf,
  LOOK_BACK_DAYS,
  OWNER_WITHIN_MINUTES,
  type Ready,
  routedStages,
  STANDING_DAYS,
  stagesWithTasks,
} from "../../../core/health/health.ts";
import { SIDES } from "../../../core/definitions/signing.ts";
import type { LeadMeasure } from "../../../core/health/measures.ts";
import { isUuid } from "../../../core/ids.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import type { Deps, House } from "../../deps.ts";
import { invalid } from "../../problems.ts";
import { sightOf } from "../access/access.service.ts";
import { listVersions } from "../definitions/definitions.service.ts";
import { leadFilter } from "../leads/lead-filter.service.ts";
import { actAsHouse } from "../mail/house-mail.service.ts";
import {
  countTogether,
  countWithoutStep,
  findNewestRescoring,
  insertHealthDay,
  listEnteredStages,
  listHealthDays,
  listMeasure,
  listWorkspacesToCheck,
  MEDIAN_WAIT,
  rankOutcomes,
  type Scope,
} from "./health.queries.ts";

type HealthDeps = Deps;

const DAY_MS = 86_400_000;
const DAYS_SHOWN = 366;

/** What the caller may know: counted over the leads he sees. */
export async function checkHealth(deps: HealthDeps) {
  const [questions, history] = await Promise.all([askAll(deps), deps.viewer.sees === "all" ? listHealthDays(deps.db, DAYS_SHOWN) : []]);
  return { at: new Date(deps.now()).toISOString(), level: levelOf(questions.map(({ verdict }) => verdict)), questions, history };
}

async function askAll(deps: HealthDeps): Promise<readonly HealthAnswer[]> {
  const { db } = deps;
  const config = await deps.configs.get(db);
  const { scope, rescoring } = await scopeOf(deps, config);
  const exits = config.config.stages.filter(({ line }) => line === "exit").map(({ id }) => id);
  // One after another: nobody waits for the hundredth of a second, and many at once would keep readers of lists waiting.
  const [leads, atWork, standing, inProcess, qualified, unowned, stale] = await countTogether(
    db,
    ["leads", "atWork", "standing", "inProcess", "qualified", "unowned", "stale"],
    scope,
  );
  const [entries, unmet] = await countTogether(db, ["entries", "unmet"], scope);
  const [arrived, waited, medianMinutes] = await countTogether(db, ["arrived", "waited"], scope, MEDIAN_WAIT);
  const counted: Counted = {
    ready: await readyStages(deps, config, scope.ready),
    entries: entries ?? 0,
    unmet: unmet ?? 0,
    leads: leads ?? 0,
    atWork: atWork ?? 0,
    standing: standing ?? 0,
    inProcess: inProcess ?? 0,
    withoutStep: await countWithoutStep(db, scope),
    qualified: qualified ?? 0,
    unowned: unowned ?? 0,
    arrived: arrived ?? 0,
    waited: waited ?? 0,
    medianMinutes: medianMinutes ?? null,
    stale: stale ?? 0,
    rescoring,
    entered: new Set(await listEnteredStages(db, scope.since)),
    outcomes: await rankOutcomes(db, scope, exits),
  };
  return answerHealth(config, counted);
}

/** What is in force for each of these stages, and whether both sides signed it. */
async function readyStages(deps: HealthDeps, config: CompiledConfig, stages: readonly string[]): Promise<readonly Ready[]> {
  const ready: Ready[] = [];
  for (const stage of stages) {
    const live = config.config.definitions.find((definition) => definition.stage === stage);
    const { items } = await listVersions(deps, stage);
    const signed = SIDES.every((side) => items[0]?.signatures.some((signature) => signature.side === side));
    ready.push({ label: config.stages.get(stage)?.label ?? stage, defined: live !== undefined, signed });
  }
  return ready;
}

async function scopeOf(deps: HealthDeps, config: CompiledConfig): Promise<{ readonly scope: Scope; readonly rescoring: boolean }> {
  const now = deps.now();
  const [sight, rescoring] = await Promise.all([sightOf(deps), findNewestRescoring(deps.db)]);
  const { where } = leadFilter(deps, config, undefined, sight);
  const scope: Scope = {
    where,
    ready: definedStages(config),
    withTasks: stagesWithTasks(config),
    routed: routedStages(config),
    standingSince: new Date(now - STANDING_DAYS * DAY_MS),
    since: new Date(now - LOOK_BACK_DAYS * DAY_MS),
    now: new Date(now),
    ownerMinutes: OWNER_WITHIN_MINUTES,
    model: rescoring?.config ?? null,
  };
  return { scope, rescoring: rescoring?.running ?? false };
}

/** @throws Problem 422 when the cursor is none of this list */
export async function listHealthLeads(
  deps: HealthDeps,
  { measure, limit, cursor }: { readonly measure: LeadMeasure; readonly limit: number; readonly cursor?: string | undefined },
) {
  if (cursor !== undefined && !isUuid(cursor))
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  const config = await deps.configs.get(deps.db);
  const { scope } = await scopeOf(deps, config);
  const rows = await listMeasure(deps.db, measure, scope, cursor ?? null, limit + 1);
  const page = rows.slice(0, limit);
  return {
    items: page.map((row) => ({
      id: row.id,
      name: leadName(row),
      company: row.company,
      stage: row.stage,
      stageAt: row.stage_at.toISOString(),
      owner: userRef(config, row.owner_id),
      source: row.source,
    })),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Answers for every workspace that has no answer of today (UTC), so that there is a history nobody has to look after. */
export async function keepHealth(house: House): Promise<void> {
  const day = new Date(house.now()).toISOString().slice(0, 10);
  for (const workspaceId of await listWorkspacesToCheck(house.database.pool, day)) {
    const deps = actAsHouse(house, workspaceId);
    const questions = await askAll(deps);
    const verdicts = questions.map(({ verdict }) => verdict);
    await insertHealthDay(deps.db, day, levelOf(verdicts), Object.fromEntries(questions.map(({ question, verdict }) => [question, verdict])));
  }
}
