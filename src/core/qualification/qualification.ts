/**
 * Qualification: a lead that comes to meet the definition of a stage enters it by itself.
 *
 * It is the change from not met to met that moves a lead, so one that sales returned does not bounce straight back; and no
 * definition takes a stage away.
 */
import type { Work } from "../flow/draft.ts";
import type { Answer, Need } from "../flow/input.ts";
import { subjectOf } from "../flow/subject.ts";
import { enterStage, isBefore } from "../process/stages.ts";

/** Moves the lead as far as its definitions say; answers whether it moved. */
export function* qualify(work: Work): Generator<Need, boolean, Answer> {
  const { lead, config, meta } = work;
  let moved = false;
  for (const definition of config.definitions) {
    if (!definition.moves) continue;
    const meets = definition.when(subjectOf(lead), meta.now);
    const met = lead.met.includes(definition.stage);
    if (meets === met) continue;
    lead.met = meets ? [...lead.met, definition.stage].sort() : lead.met.filter((stage) => stage !== definition.stage);
    if (!meets || !mayEnter(work, definition.stage)) continue;
    yield* enterStage(work, definition.stage, { because: `definition of ${definition.stage}, version ${definition.version}` });
    moved = true;
  }
  return moved;
}

function mayEnter({ lead, config }: Work, stage: string): boolean {
  const current = config.stages.get(lead.stage);
  if (current?.line === "exit") return lead.status === "nurture";
  return isBefore(config, lead.stage, stage);
}
