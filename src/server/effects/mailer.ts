/**
 * The mailer: takes mail that is due, hands it over, and writes down what became of it. Any number of processes may run one.
 *
 * A mail is `sending` from before its connection is used until its outcome is written. Who dies in between leaves it so; when
 * the lease runs out it becomes uncertain, because it may have left. A few at a time are taken, so that few can be in doubt.
 */
import { trackedHtml } from "../../core/mail/markup.ts";
import type { MailContent } from "../../core/mail/mail.ts";
import { bindDb } from "../db/db.ts";
import type { House } from "../deps.ts";
import { type ClaimedMail, claimMail, expireLeases, isSendingPaused, keepDueMail, listBusyWorkspaces, type Settled, settleMail } from "./effects.queries.ts";
import { linkKeyOf, linkToken } from "./links.ts";
import { tellLeads } from "./outcomes.ts";
import { createPostman, type HandedOver, type Postman } from "./smtp.ts";

export type Mailer = { stop(): Promise<void> };

export type MailerOptions = {
  readonly pollMs: number;
  readonly leaseMs: number;
  /** How long to wait before a mail is tried for the n-th time again. */
  readonly backoffMs: (attempt: number) => number;
  readonly lanes: number;
  /** How much mail a lane takes at once. */
  readonly claim: number;
};

const MINUTE = 60_000;
const GIVE_UP_MS = 2 * 24 * 60 * MINUTE;
/** An outcome that its own worker has not told by now is told by whoever finds it. */
const TELL_AFTER_MS = 5000;
/** How long stopping waits for a mail server that does not answer. */
const DRAIN_MS = 8000;

export const MAILER: MailerOptions = {
  pollMs: 1000,
  leaseMs: 10 * MINUTE,
  backoffMs: (attempt) => Math.min(MINUTE * 2 ** (attempt - 1), 60 * MINUTE) * (0.8 + Math.random() * 0.4),
  lanes: 2,
  claim: 5,
};

type Work = {
  readonly house: House;
  readonly options: MailerOptions;
  readonly postman: Postman | null;
  readonly trouble: { count: number; restUntil: number };
  readonly stopped: () => boolean;
};

export function startMailer(house: House, given: Partial<MailerOptions> = {}): Mailer {
  const options = { ...MAILER, ...given };
  const smtpUrl = house.outgoing?.smtpUrl ?? null;
  const postman = smtpUrl === null ? null : createPostman(smtpUrl);
  let stopped = false;
  const work: Work = { house, options, postman, trouble: { count: 0, restUntil: 0 }, stopped: () => stopped };
  const wakers = new Set<() => void>();
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, options.pollMs);
      wakers.add(wake);
    });
  const lane = async (): Promise<void> => {
    while (!stopped) {
      const did = await round(work).catch((error: unknown) => {
        house.log.warn({ err: error }, "mail could not be worked off; it is tried again");
        return 0;
      });
      if (did === 0 && !stopped) await pause();
    }
  };
  const lanes = Promise.all(Array.from({ length: postman === null ? 1 : options.lanes }, lane));
  return {
    async stop() {
      stopped = true;
      for (const wake of wakers) wake();
      const late = new Promise<void>((resolve) => setTimeout(resolve, DRAIN_MS).unref());
      await Promise.race([lanes, late]);
      postman?.close();
    },
  };
}

/** Works off a share of what is due in every workspace; answers how much it did. */
async function round(work: Work): Promise<number> {
  const { house } = work;
  const now = house.now();
  const workspaces = await listBusyWorkspaces(house.flow.pool, new Date(now), new Date(now - TELL_AFTER_MS));
  let did = 0;
  for (const workspaceId of workspaces) {
    if (work.stopped()) return did;
    const db = bindDb(house.flow.pool, workspaceId);
    const expired = await expireLeases(db, new Date(house.now()), "Baton was ended while this mail was being handed over; whether it left is not known.");
    did += expired + (await tellLeads(house, workspaceId, house.now() - (expired > 0 ? 0 : TELL_AFTER_MS)));
    if (work.trouble.restUntil > house.now() || (await isSendingPaused(house.flow.pool))) continue;
    did += work.postman === null ? await keep(work, workspaceId) : await send(work, work.postman, workspaceId);
  }
  return did;
}

async function keep({ house }: Work, workspaceId: string): Promise<number> {
  const kept = await keepDueMail(bindDb(house.flow.pool, workspaceId), new Date(house.now()));
  if (kept > 0) await tellLeads(house, workspaceId, house.now());
  return kept;
}

async function send({ house, options, trouble }: Work, postman: Postman, workspaceId: string): Promise<number> {
  const db = bindDb(house.flow.pool, workspaceId);
  const now = house.now();
  const mails = await claimMail(db, new Date(now), new Date(now + options.leaseMs), options.claim);
  if (mails.length === 0) return 0;
  const settled = await Promise.all(
    mails.map(async (mail): Promise<Settled> => {
      const content = opened(house, mail.content);
      const became: HandedOver =
        content === null
          ? {
              kind: "refused",
              answer: "This mail was written by a house with another key (BATON_SECRET, or house.key in the data folder) and cannot be read. Make a new link.",
            }
          : await postman.handOver({
              messageId: mail.message_id,
              content,
              html: await htmlOf(house, workspaceId, mail.id, content),
              automatic: mail.purpose !== "lead",
            });
      noteTrouble(trouble, became, house.now());
      return settledAs(mail, became, house.now(), options);
    }),
  );
  await persist(house, () => settleMail(db, settled, new Date(house.now())));
  await tellLeads(house, workspaceId, house.now());
  return mails.length;
}

/** What seals mail that holds a way in. */
export const SEALED_MAIL = "mail";

function opened({ gate }: House, content: MailContent): MailContent | null {
  if (content.sealed === undefined) return content;
  const text = gate.unseal(SEALED_MAIL, content.sealed);
  return text === null ? null : { ...content, ...(JSON.parse(text) as Pick<MailContent, "text" | "html">) };
}

async function htmlOf(house: House, workspaceId: string, id: string, content: MailContent): Promise<string> {
  if (!content.track) return content.html;
  const key = await linkKeyOf(house);
  const base = house.gate.url();
  const urlOf = (link: number | null): string => `${base}/m/${linkToken(key, { workspaceId, mailId: id, link })}`;
  return trackedHtml(content.html, content.links, urlOf, `${urlOf(null)}/open.gif`);
}

/** A mail server in trouble is left in peace for a while, longer each time: not every mail has to find out for itself. */
function noteTrouble(trouble: Work["trouble"], became: HandedOver, now: number): void {
  if (became.kind !== "later" || !became.unreachable) {
    trouble.count = 0;
    return;
  }
  if (trouble.restUntil > now) return;
  trouble.restUntil = now + Math.min(1000 * 2 ** trouble.count, MINUTE);
  trouble.count++;
}

function settledAs({ id, token, attempts, created_at }: ClaimedMail, became: HandedOver, now: number, { backoffMs }: MailerOptions): Settled {
  const as = (state: Settled["state"], answer: string, notBefore: string | null = null): Settled => ({ id, token, state, answer, not_before: notBefore });
  switch (became.kind) {
    case "sent":
      return as("sent", became.answer);
    case "refused":
      return as("failed", became.answer);
    case "unknown":
      return as("uncertain", became.answer);
    case "later":
      if (now - created_at.getTime() > GIVE_UP_MS) return as("failed", `Given up after two days. Last: ${became.answer}`);
      return as("queued", became.answer, new Date(now + backoffMs(attempts)).toISOString());
  }
}

/** What has left must be written down: the database is asked again while it is away, for as long as the lease lasts. */
async function persist({ log }: Pick<House, "log">, write: () => Promise<void>): Promise<void> {
  for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
    try {
      return await write();
    } catch (error) {
      if (wait >= 5000) throw error;
      log.warn({ err: error }, "the outcome of mail could not be written yet");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
