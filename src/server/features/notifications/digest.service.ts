/** The daily digest: one mail a person and day, at his hour in the workspace's zone, whoever of several processes writes it. */
import { dayAndHour } from "../../../core/calendar/day.ts";
import { listWorkspaces } from "../../db/house.queries.ts";
import { transact } from "../../db/db.ts";
import type { Deps, House } from "../../deps.ts";
import { actAsHouse, queueHouseMail } from "../mail/house-mail.service.ts";
import { countTasksDue, type DigestRow, listDigestsDue, takeDigest, takeDigestItems } from "./notifications.queries.ts";

const MOST_ITEMS = 30;

/** Writes the digests that are due; answers how many were queued. Without a mail server there are none: the bell has it all. */
export async function writeDigests(house: House): Promise<number> {
  if (house.outgoing === undefined || house.outgoing.smtpUrl === null) return 0;
  let written = 0;
  for (const { workspace_id: workspaceId, timezone } of await listWorkspaces(house.database.pool)) {
    const deps = actAsHouse(house, workspaceId);
    const { date, hour } = dayAndHour(house.now(), timezone);
    for (const person of await listDigestsDue(deps.db, date, hour)) if (await transact(deps, (deps) => writeDigest(deps, person, date))) written++;
  }
  return written;
}

async function writeDigest(deps: Deps, { id, name, email }: DigestRow, date: string): Promise<boolean> {
  if (!(await takeDigest(deps.db, id, date))) return false;
  const items = await takeDigestItems(deps.db, id);
  if (items.length === 0) return false;
  const due = await countTasksDue(deps.db, id, new Date(deps.now()));
  const fields = { items: items.slice(0, MOST_ITEMS), count: items.length, more: Math.max(0, items.length - MOST_ITEMS), due, link: deps.gate.url() };
  await queueHouseMail(deps, { purpose: "digest", to: { name, address: email }, text: { template: "digest", fields } });
  return true;
}
