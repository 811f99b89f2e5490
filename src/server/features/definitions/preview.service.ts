/**
 * What a text would do, before anybody signs it: who would enter the stage by himself, and who stands in it without meeting
 * it. Every lead that could be concerned is asked of the core itself; of more than 50,000 some by chance, the same each time.
 */
import { may, refusalWords } from "../../../core/access/access.ts";
import { compileConfig, type CompiledConfig } from "../../../core/config/compile.ts";
import { configProblems } from "../../../core/config/config-problems.ts";
import { userRef } from "../../../core/config/people.ts";
import { type DefinitionText, withDefinition } from "../../../core/definitions/definition.ts";
import { entersWith, meets, wouldLook } from "../../../core/definitions/effect.ts";
import { SIDES, signersOf } from "../../../core/definitions/signing.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import type { Deps } from "../../deps.ts";
import { listLeadRows, listParts } from "../../flow/flow.queries.ts";
import { listScoringLeads } from "../../flow/rescore-rows.queries.ts";
import { assembleLeads } from "../../flow/rows.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { seenLeads } from "../access/access.service.ts";
import { type Candidates, countCandidates, findDraftRow, listCandidateIds, listNamedLeads, type NamedLead } from "./definitions.queries.ts";
import { mustBeStage, signersIn } from "./definitions.service.ts";

/** About three seconds' work. */
const MOST = 50_000;
const CHUNK = 500;
const NAMED = 100;
const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

type Found = { looked: number; inStage: number; readonly entering: string[]; readonly staying: string[] };

/** @throws Problem 403 for who neither drafts nor signs, 404 without a draft, 422 when the text does not hold together */
export async function previewDefinition(deps: Deps, stageId: string, given: DefinitionText | undefined) {
  const config = await deps.configs.get(deps.db);
  const stage = mustBeStage(config, stageId);
  await mustDraftOrSign(deps);
  const text = given ?? (await findDraftRow(deps.db, stage.id))?.body ?? null;
  if (text === null) throw notFound("draft of the definition of", stage.id);
  const document = withDefinition(config.config, stage.id, 1, text);
  const problems = configProblems(document).filter(({ path }) => path.startsWith("definitions["));
  if (problems.length > 0)
    throw invalid(
      "The definition does not hold together.",
      problems.map(({ path, message }) => ({ path: path.replace(/^definitions\[\d+\]/, "text"), message })),
    );
  // No lead was scored with this number, so every one is read.
  const next = compileConfig(document, config.number + 1);
  const where = candidatesFor(next, stage.id, stage.entry === "definition");
  const every = Math.ceil((await countCandidates(deps.db, where)) / MOST);
  const found = await look(deps, next, where, Math.max(1, every));
  const times = Math.max(1, every);
  const [entering, staying] = await Promise.all([named(deps, config, found.entering), named(deps, config, found.staying)]);
  return {
    exact: times === 1,
    looked: found.looked,
    inStage: found.inStage * times,
    entering: { count: found.entering.length * times, leads: entering },
    staying: { count: found.staying.length * times, leads: staying },
  };
}

async function mustDraftOrSign(deps: Deps): Promise<void> {
  const { role, userId } = deps.viewer;
  if (may(role, "definitions.edit")) return;
  const people = await signersIn(deps);
  if (!SIDES.some((side) => signersOf(side, people).some(({ id }) => id === userId)))
    throw new Problem(403, "forbidden", refusalWords(role, "definitions.edit"));
}

/** Those it could move, and those who are there. A stage that no definition leads into is entered by nobody. */
function candidatesFor({ config, order }: CompiledConfig, stage: string, moves: boolean): Candidates {
  const place = order.get(stage) ?? 0;
  return {
    before: moves ? [...order].flatMap(([id, at]) => (at < place ? [id] : [])) : [],
    exits: moves ? config.stages.flatMap(({ id, line }) => (line === "exit" && id !== stage ? [id] : [])) : [],
    stage,
  };
}

async function look(deps: Deps, next: CompiledConfig, where: Candidates, every: number): Promise<Found> {
  const { db } = deps;
  const found: Found = { looked: 0, inStage: 0, entering: [], staying: [] };
  let after = BEFORE_ALL;
  for (;;) {
    const ids = await listCandidateIds(db, where, after, every, CHUNK);
    const last = ids.at(-1);
    if (last === undefined) return found;
    after = last;
    const [leads, now] = [await listScoringLeads(db, ids, next), deps.now()];
    found.looked += leads.length;
    const maybe: string[] = [];
    for (const lead of leads) {
      if (lead.stage !== where.stage) {
        if (wouldLook(next, lead, now)) maybe.push(lead.id);
        continue;
      }
      found.inStage++;
      if (!meets(next, where.stage, lead, now)) found.staying.push(lead.id);
    }
    for (const lead of await wholeLeads(deps, maybe)) if (entersWith(next, lead, now).includes(where.stage)) found.entering.push(lead.id);
  }
}

async function wholeLeads({ db }: Deps, ids: readonly string[]): Promise<Iterable<LeadState>> {
  if (ids.length === 0) return [];
  const [rows, parts] = await Promise.all([listLeadRows(db, ids), listParts(db, ids)]);
  return assembleLeads(rows, parts).values();
}

/** Some of them by name, as far as the viewer sees them. */
async function named(deps: Deps, config: CompiledConfig, ids: readonly string[]) {
  const seen = await seenLeads(deps, ids);
  const rows = await listNamedLeads(deps.db, [...seen]);
  return rows.slice(0, NAMED).map((row) => namedView(config, row));
}

export function namedView(config: CompiledConfig, row: NamedLead) {
  return { id: row.id, name: leadName(row), company: row.company, stage: row.stage, score: row.score / 100, owner: userRef(config, row.owner_id) };
}
