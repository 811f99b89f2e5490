/**
 * Opens and clicks. The address says which mail and which link, signed; where the link leads is read from the mail. What a
 * machine fetches (scanners, previews, whatever comes within moments of sending) is answered and not counted.
 */
import { bindDb } from "../../db/db.ts";
import type { House } from "../../deps.ts";
import { linkKeyOf, readLinkToken } from "../../effects/links.ts";
import { Problem } from "../../problems.ts";
import { countClick, countOpen, findTracked, type TrackedRow } from "./mail.queries.ts";

/** Scanners follow links before anybody can have read the mail. */
const TOO_SOON_MS = 5000;
const HOUR_MS = 3_600_000;

const MACHINES =
  /bot\b|crawl|spider|slurp|scan|preview|prefetch|fetch|monitor|validator|curl|wget|python|java\/|okhttp|go-http|libwww|httpclient|axios|node|headless|phantom|facebookexternalhit|whatsapp|imgproxy|barracuda|mimecast|proofpoint|symantec|forcepoint|fireeye|trendmicro|sophos|cloudmark|messagelabs|ironport|urldefense|safelinks/i;

export type Visit = { readonly agent: string };

/** Where the link leads. @throws Problem 404 for an address that is none of ours */
export async function followLink(house: House, token: string, visit: Visit): Promise<string> {
  const found = await findByToken(house, token, "link");
  if (found === null || found.row.url === null || !/^https?:\/\//i.test(found.row.url))
    throw new Problem(404, "not-found", "This link leads nowhere. It may have been cut off on its way; open it from the mail again.");
  if (isPerson(found.row, visit, house.now())) await count(house, found, "mailClick");
  return found.row.url;
}

/** Counts an opening. An address that is none of ours is passed over: the picture is the same. */
export async function noteOpen(house: House, token: string, visit: Visit): Promise<void> {
  const found = await findByToken(house, token, "picture");
  if (found !== null && isPerson(found.row, visit, house.now())) await count(house, found, "mailOpen");
}

type Found = { readonly workspaceId: string; readonly mailId: string; readonly link: number | null; readonly row: TrackedRow };

async function findByToken(house: House, token: string, what: "link" | "picture"): Promise<Found | null> {
  const name = readLinkToken(await linkKeyOf(house), token);
  if (name === null || (name.link === null) !== (what === "picture")) return null;
  const row = await findTracked(bindDb(house.database.pool, name.workspaceId), name.mailId, name.link);
  return row === null ? null : { ...name, row };
}

function isPerson({ sent_at }: TrackedRow, { agent }: Visit, now: number): boolean {
  return sent_at !== null && now - sent_at.getTime() >= TOO_SOON_MS && agent.trim() !== "" && !MACHINES.test(agent);
}

/** A touch of the lead, once an hour for the same mail and link: a mail that is looked at for a minute was opened once. */
async function count(house: House, { workspaceId, mailId, link, row }: Found, kind: "mailOpen" | "mailClick"): Promise<void> {
  if (row.lead_id === null) return;
  const hour = Math.floor(house.now() / HOUR_MS);
  const touch = {
    kind,
    at: null,
    props: { mail: mailId, subject: row.subject, ...(row.url === null ? {} : { url: row.url }) },
    key: `mail:${mailId}:${link ?? "open"}:${hour}`,
  };
  await house.door.submitMany(
    workspaceId,
    [
      {
        inputId: house.newId(),
        actor: "mail",
        bearer: null,
        input: { kind: "touches", touches: [touch] },
        target: { by: "lead", id: row.lead_id },
        idempotency: null,
      },
    ],
    {
      alongside: (db, [outcome]) => {
        if (outcome?.kind === "done" && outcome.outcome === "updated") db.post(kind === "mailOpen" ? countOpen(mailId) : countClick(mailId));
      },
    },
  );
}
