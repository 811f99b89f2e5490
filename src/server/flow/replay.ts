/** Replays one lead out of the database and compares what comes out with what stands there. */
import { FLOW_RELEASE } from "../../core/config/config.ts";
import { stableText } from "../../core/flow/hash.ts";
import type { Input } from "../../core/flow/input.ts";
import { type Recorded, replay } from "../../core/flow/replay.ts";
import type { Db } from "../db/db.ts";
import type { Configs } from "./configs.ts";
import { listLeadRows, listParts } from "./flow.queries.ts";
import { listRecordedInputs, listRecordedRescores, listRecordedTouches, type RecordedTouch } from "./replay.queries.ts";
import { assembleLeads } from "./rows.ts";

/** `numbers` is how many were replayed; `release` tells that some of them were decided by another release of the flow and were not. */
export type LeadReplay = { readonly numbers: number; readonly mismatches: readonly string[]; readonly otherRelease: boolean };

/** Reads the past of a lead and its present in the snapshot of `db`; hand in a transaction when others write. */
export async function replayLead(db: Db, configs: Configs, leadId: string): Promise<LeadReplay> {
  const [inputs, touches, rescores, rows, parts] = await Promise.all([
    listRecordedInputs(db, leadId),
    listRecordedTouches(db, leadId),
    listRecordedRescores(db, leadId),
    listLeadRows(db, [leadId]),
    listParts(db, [leadId]),
  ]);
  const otherRelease = [...inputs, ...touches, ...rescores].some((recorded) => recorded.release !== FLOW_RELEASE);
  if (otherRelease) return { numbers: 0, mismatches: [], otherRelease };
  const touchesOf = Map.groupBy(touches, (touch) => touch.number);
  const past: Recorded[] = [];
  for (const { id, number, received_at, config, actor, hash, payload, context } of inputs) {
    const input: Input = payload.kind === "touches" ? { ...payload, touches: (touchesOf.get(number) ?? []).map(touchInput) } : payload;
    past.push({
      kind: "input",
      number,
      now: received_at.getTime(),
      config: await configs.version(db, config),
      inputId: id,
      actor,
      input,
      answers: context?.answers ?? [],
      contested: context?.contested ?? [],
      hash,
    });
    touchesOf.delete(number);
  }
  for (const [number, group] of touchesOf) {
    const [first] = group as [RecordedTouch, ...RecordedTouch[]];
    past.push({
      kind: "input",
      number,
      now: first.received_at.getTime(),
      config: await configs.version(db, first.config),
      inputId: "00000000-0000-7000-8000-000000000000",
      actor: "touch",
      input: { kind: "touches", touches: group.map(touchInput) },
      answers: [],
      contested: [],
      hash: first.hash,
    });
  }
  for (const { number, at, config, score } of rescores)
    past.push({ kind: "rescore", number, now: at.getTime(), config: await configs.version(db, config), score });
  past.sort((a, b) => a.number - b.number);
  const { state, mismatches } = replay(leadId, past);
  const present = assembleLeads(rows, parts).get(leadId);
  return {
    numbers: past.length,
    mismatches: [...mismatches, ...(present === undefined ? ["there is no such lead"] : differences(state, present))],
    otherRelease,
  };
}

function touchInput({ kind, at, claimed_at, props, key }: RecordedTouch) {
  return { kind, at: (claimed_at ?? at).getTime(), props, key };
}

/** Which parts of the replayed state are not what the tables hold. */
function differences(replayed: object | null, present: object): readonly string[] {
  if (replayed === null) return ["the lead has no recorded past"];
  const was = replayed as Record<string, unknown>;
  const is = present as Record<string, unknown>;
  return Object.keys(is).flatMap((key) =>
    stableText(was[key]) === stableText(is[key])
      ? []
      : [`${key} is ${stableText(is[key]).slice(0, 200)}, replayed it is ${stableText(was[key]).slice(0, 200)}`],
  );
}
