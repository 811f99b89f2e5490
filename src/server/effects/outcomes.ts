/**
 * What became of mail comes back as an input of the lead. The state stands in the effect first; telling the lead is repeated
 * until it is done, under a key, so that the lead hears of it once even if two processes tell it.
 */
import type { MailOutcomeInput } from "../../core/flow/input.ts";
import { bindDb } from "../db/db.ts";
import type { House } from "../deps.ts";
import type { Item } from "../flow/item.ts";
import { listUntold, markTold, type Untold } from "./effects.queries.ts";

const BATCH = 200;

type TellingHouse = Pick<House, "flow" | "door" | "now" | "newId">;

/** Tells leads what became of their mail, as far as it changed until then. */
export async function tellLeads(house: TellingHouse, workspaceId: string, until: number): Promise<number> {
  const db = bindDb(house.flow.pool, workspaceId);
  let told = 0;
  for (;;) {
    const untold = await listUntold(db, new Date(until), BATCH);
    if (untold.length === 0) return told;
    const items = untold.map((row) => itemOf(house, row));
    const places = new Map(items.map((item, i) => [item, untold[i] as Untold]));
    await house.door.submitMany(workspaceId, items, {
      alongside: (db, outcomes, items) => {
        items.forEach((item, i) => {
          const [row, outcome] = [places.get(item), outcomes[i]];
          // Somebody else is telling it this moment; he writes that it was told.
          if (row === undefined || (outcome?.kind === "refused" && outcome.type === "idempotency-in-flight")) return;
          db.post(markTold(row.id, row.state));
        });
      },
    });
    told += untold.length;
    if (untold.length < BATCH) return told;
  }
}

function itemOf(house: TellingHouse, row: Untold): Item {
  const key = `mail:${row.id}:${row.token}:${row.state}`;
  const input: MailOutcomeInput = {
    kind: "mailOutcome",
    mail: row.id,
    state: row.state as MailOutcomeInput["state"],
    at: (row.sent_at ?? row.updated_at).getTime(),
    subject: row.subject,
    answer: row.answer,
    by: row.by_user,
    taskId: row.task_id,
    sentBy: row.id,
  };
  return { inputId: house.newId(), actor: "mail", bearer: null, input, target: { by: "lead", id: row.lead_id }, idempotency: { key, hash: key } };
}
