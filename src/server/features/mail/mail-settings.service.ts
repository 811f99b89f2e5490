/** How mail is set up: what the workspace decides, what a user signs with, and whether anything leaves the house at all. */
import { isEmail } from "../../../core/identity/identity.ts";
import type { Deps } from "../../deps.ts";
import { transact } from "../../db/db.ts";
import { invalid, Problem } from "../../problems.ts";
import { audit, differences } from "../audit/audit.service.ts";
import { NO_SETTINGS } from "./compose.service.ts";
import { countMail, findSender, findSendingFlag, findSettings, saveSettings, saveSignature, setSendingFlag } from "./mail.queries.ts";

export type SettingsChange = {
  readonly fromName?: string | null | undefined;
  readonly fromAddress?: string | null | undefined;
  readonly tracking?: boolean | undefined;
  readonly consentTopic?: string | null | undefined;
};

export async function getMailSettings(deps: Deps) {
  const row = (await findSettings(deps.db)) ?? NO_SETTINGS;
  return { fromName: row.from_name, fromAddress: row.from_address, tracking: row.tracking, consentTopic: row.consent_topic, smtp: smtpOf(deps) };
}

export async function changeMailSettings(deps: Deps, change: SettingsChange) {
  const address = filled(change.fromAddress);
  if (typeof address === "string" && !isEmail(address))
    throw invalid("The settings are not as they should be.", [{ path: "fromAddress", message: "must be an e-mail address" }]);
  await transact(deps, async (deps) => {
    const was = (await findSettings(deps.db)) ?? NO_SETTINGS;
    const next = {
      from_name: change.fromName === undefined ? was.from_name : (filled(change.fromName) ?? null),
      from_address: change.fromAddress === undefined ? was.from_address : (address ?? null),
      tracking: change.tracking ?? was.tracking,
      consent_topic: change.consentTopic === undefined ? was.consent_topic : (filled(change.consentTopic) ?? null),
    };
    const detail = differences(wordsOf(was), wordsOf(next));
    if (Object.keys(detail).length === 0) return;
    await saveSettings(deps.db, next, new Date(deps.now()));
    await audit(deps, { action: "mail.settingsChanged", detail });
  });
  return getMailSettings(deps);
}

/** As the API names them. */
function wordsOf({ from_name, from_address, tracking, consent_topic }: typeof NO_SETTINGS) {
  return { fromName: from_name, fromAddress: from_address, tracking, consentTopic: consent_topic };
}

function filled(text: string | null | undefined): string | null | undefined {
  return text === undefined || text === null ? text : text.trim() === "" ? null : text.trim();
}

function smtpOf({ outgoing }: Deps): "set" | "none" {
  return outgoing === undefined || outgoing.smtpUrl === null ? "none" : "set";
}

export async function getSignature(deps: Deps): Promise<{ readonly signature: string }> {
  const user = await findSender(deps.db, userOf(deps));
  return { signature: user?.signature ?? "" };
}

export async function setSignature(deps: Deps, signature: string): Promise<{ readonly signature: string }> {
  await saveSignature(deps.db, userOf(deps), signature);
  return { signature };
}

/** @throws Problem 422 for a key that is nobody's */
export function userOf({ viewer }: Deps): string {
  if (viewer.userId !== null) return viewer.userId;
  throw new Problem(422, "invalid", "This API key belongs to no user, and this is about a user's own things. Sign in, or use a key that belongs to a user.");
}

export async function getSending(deps: Deps) {
  const [flag, rows] = await Promise.all([findSendingFlag(deps.database.pool), countMail(deps.db)]);
  const paused = flag?.value.state === "paused";
  const count = (state: string): number => Number(rows.find((row) => row.state === state)?.count ?? 0);
  return {
    state: paused ? ("paused" as const) : ("running" as const),
    because: paused ? (flag.value.because ?? null) : null,
    since: flag?.set_at.toISOString() ?? null,
    smtp: smtpOf(deps),
    counts: { queued: count("queued"), sending: count("sending"), uncertain: count("uncertain"), failed: count("failed"), kept: count("kept") },
  };
}

export async function setSending(deps: Deps, state: "running" | "paused", reason: string | undefined) {
  const flag = { state, because: reason ?? `${state === "paused" ? "paused" : "resumed"} by ${deps.actor}` };
  const { pool } = deps.database;
  await transact(deps, async (deps) => {
    await audit(deps, { action: state === "paused" ? "mail.sendingPaused" : "mail.sendingResumed", why: reason });
    await setSendingFlag(pool, flag, new Date(deps.now()));
  });
  return getSending(deps);
}
