import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bindDb, sql, workspace } from "../db/db.ts";
import type { Deps, House } from "../deps.ts";
import { write } from "../features/leads/write.service.ts";
import { getMail, resolveMail, sendMail, withdrawMail } from "../features/mail/mail.service.ts";
import { actIn } from "../features/workspaces/doorman.service.ts";
import { keysOf } from "../../core/identity/identity.ts";
import { testHouse, type TestHouse } from "../testing/app.ts";
import { type Sink, smtpSink } from "../testing/smtp.ts";
import { claimMail } from "./effects.queries.ts";
import { type Mailer, type MailerOptions, startMailer } from "./mailer.ts";

let made: TestHouse;
let sink: Sink;
const clock = { ahead: 0 };
let mailers: Mailer[] = [];

beforeAll(async () => {
  made = await testHouse({ now: () => Date.now() + clock.ahead });
});
afterAll(() => made.close());
beforeEach(async () => {
  sink = await smtpSink();
});
afterEach(async () => {
  await Promise.all(mailers.map((mailer) => mailer.stop()));
  mailers = [];
  await bindDb(made.house.database.pool, made.workspaceId).execute(sql`delete from effect where workspace_id = ${workspace}`);
  await sink.close();
});

const FAST: Partial<MailerOptions> = { pollMs: 20, backoffMs: () => 50 };

function outward(): House {
  return { ...made.house, outgoing: { smtpUrl: sink.url } };
}

function start(options: Partial<MailerOptions> = {}): Mailer {
  const mailer = startMailer(outward(), { ...FAST, ...options });
  mailers.push(mailer);
  return mailer;
}

/** The owner of the workspace. */
function ada(): Deps {
  return actIn(outward(), made.workspaceId, `user:${made.userId}`, { userId: made.userId, role: "admin", sees: "all", teams: [] });
}

let people = 0;
async function lead(values: Record<string, string> = {}): Promise<string> {
  const patch = { email: `person${++people}@example.com`, firstName: "Ada", ...values };
  const captured = await write(
    actIn(made.house, made.workspaceId, "cli"),
    { kind: "capture", patch, touches: [] },
    { by: "keys", keys: keysOf(patch), only: null },
    null,
  );
  if (captured.outcome === "held") throw new Error("held");
  return captured.lead.id;
}

/** Queues a mail and lets the ten seconds pass. */
async function queue(leadId: string, subject = "Hello", deps = ada()): Promise<string> {
  const sent = await sendMail(deps, leadId, { subject, body: 'Hello {{ lead.firstName | default: "you" }},\n\nsee https://example.com/offer' }, null);
  if (sent.outcome === "held") throw new Error("held");
  clock.ahead += 10_001;
  return sent.mail.id;
}

async function becomes(id: string, states: readonly string[], ms = 8000) {
  const until = Date.now() + ms;
  for (;;) {
    const mail = await getMail(ada(), id);
    if (states.includes(mail.state) || Date.now() > until) {
      expect(states).toContain(mail.state);
      return mail;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function factsOf(leadId: string): Promise<readonly string[]> {
  const rows = await bindDb(made.house.database.pool, made.workspaceId).query<{ type: string }>(
    sql`select type from fact where workspace_id = ${workspace} and lead_id = ${leadId} and type like 'mail.%' order by number, ordinal`,
  );
  return rows.map(({ type }) => type);
}

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await check();
    } catch (error) {
      if (i > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function touchesOf(leadId: string): Promise<readonly string[]> {
  const rows = await bindDb(made.house.database.pool, made.workspaceId).query<{ kind: string }>(
    sql`select kind from touch where workspace_id = ${workspace} and lead_id = ${leadId}`,
  );
  return rows.map(({ kind }) => kind);
}

describe("a mail that is taken", () => {
  test("leaves once, under its own id, and the lead hears of it", async () => {
    const to = await lead();
    const id = await queue(to, "Grüße, Ada 🎈");
    start();
    const mail = await becomes(id, ["sent"]);
    expect(sink.taken).toHaveLength(1);
    const [sunk] = sink.taken;
    expect(sunk?.messageId).toBe(mail.messageId);
    expect(sunk?.mail.subject).toBe("Grüße, Ada 🎈");
    expect(sunk?.mail.replyTo?.[0]?.address).toBe("owner@example.com");
    await eventually(async () => expect(await factsOf(to)).toEqual(["mail.queued", "mail.sent"]));
    expect(await touchesOf(to)).toEqual(["mailSent"]);
  });

  test("waits ten seconds", async () => {
    const to = await lead();
    const sent = await sendMail(ada(), to, { subject: "Soon", body: "x" }, null);
    start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sink.seen).toHaveLength(0);
    clock.ahead += 10_001;
    if (sent.outcome === "queued") await becomes(sent.mail.id, ["sent"]);
  });

  test("keeps names and addresses that no header could hold as they are", async () => {
    const to = await lead({ firstName: "Zoë\r\nBcc: victim@example.com", lastName: '"<x@y>, 王', email: `z${++people}@bücher.example` });
    const id = await queue(to, "Line one\u0085Bcc: victim@example.com");
    start();
    await becomes(id, ["sent"]);
    const [sunk] = sink.taken;
    expect(sunk?.to).toHaveLength(1);
    expect(sunk?.mail.headers.filter(({ key }) => key === "bcc")).toEqual([]);
    expect(sunk?.mail.to).toHaveLength(1);
    expect(sunk?.mail.to?.[0]?.name).toContain("王");
  });
});

describe("a mail server that refuses", () => {
  test("a recipient for good: failed, in the server's words, and the writer's task is his again", async () => {
    sink.manners = { recipient: () => ({ code: 550, words: "5.1.1 no such mailbox" }) };
    const to = await lead();
    const id = await queue(to);
    start();
    const mail = await becomes(id, ["failed"]);
    expect(mail.answer).toContain("no such mailbox");
    await eventually(async () => expect(await factsOf(to)).toEqual(["mail.queued", "mail.failed"]));
    expect(await touchesOf(to)).toEqual([]);
  });

  test("the sender for good", async () => {
    sink.manners = { sender: () => ({ code: 553, words: "5.7.1 not your address" }) };
    const id = await queue(await lead());
    start();
    expect((await becomes(id, ["failed"])).answer).toContain("not your address");
  });

  test("for now, at the recipient and at the end of the message: is asked again until it takes it", async () => {
    let asked = 0;
    sink.manners = {
      recipient: () => (++asked === 1 ? { code: 450, words: "4.2.0 greylisted" } : null),
      message: () => (asked === 2 ? { code: 451, words: "4.3.0 try later" } : null),
    };
    const id = await queue(await lead());
    start();
    const mail = await becomes(id, ["sent"]);
    expect(mail.attempts).toBe(3);
    expect(sink.taken).toHaveLength(1);
  });
});

describe("a mail server in trouble", () => {
  test("is left in peace for a while and then asked again; nothing is lost", async () => {
    sink.manners = { sender: () => ({ code: 421, words: "4.3.2 shutting down" }) };
    const ids = await Promise.all(Array.from({ length: 8 }, async () => queue(await lead())));
    start();
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const id of ids) expect((await getMail(ada(), id)).state).toBe("queued");
    sink.manners = {};
    clock.ahead += 60_000;
    for (const id of ids) await becomes(id, ["sent"]);
    expect(sink.taken).toHaveLength(8);
  });

  test("that takes its time gets each mail once", async () => {
    const slow = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), 700));
    sink.manners = { message: slow };
    const ids = await Promise.all(Array.from({ length: 12 }, async () => queue(await lead())));
    start();
    start();
    for (const id of ids) await becomes(id, ["sent"], 15_000);
    expect(sink.seen).toHaveLength(12);
  });
});

describe("a connection that breaks", () => {
  test("after the message and before the answer: uncertain, and never repeated", async () => {
    sink.manners = { message: () => "drop" };
    const to = await lead();
    const id = await queue(to);
    start();
    await becomes(id, ["uncertain"]);
    sink.manners = {};
    clock.ahead += 3_600_000;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sink.seen).toHaveLength(1);
    await eventually(async () => expect(await factsOf(to)).toEqual(["mail.queued", "mail.uncertain"]));
  });

  test("in the middle of the message: uncertain as well, for nobody can know", async () => {
    sink.manners = { dropMidway: () => true };
    const id = await queue(await lead());
    start();
    await becomes(id, ["uncertain"]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sink.seen).toHaveLength(0);
  });

  test("before the message: tried again", async () => {
    const away = sink.url;
    await sink.close();
    const id = await queue(await lead());
    start();
    await eventually(async () => expect((await getMail(ada(), id)).attempts).toBeGreaterThan(0));
    expect((await getMail(ada(), id)).state).toMatch(/queued|sending/);
    expect(away).toBe(sink.url);
  });

  test("a person may say that it arrived, or have it sent again under the same Message-ID", async () => {
    sink.manners = { message: () => "drop" };
    const [one, two] = [await queue(await lead()), await queue(await lead())];
    start();
    await becomes(one, ["uncertain"]);
    await becomes(two, ["uncertain"]);
    sink.manners = {};
    expect((await resolveMail(ada(), one, "arrived")).state).toBe("sent");
    await resolveMail(ada(), two, "sendAgain");
    const mail = await becomes(two, ["sent"]);
    expect(sink.taken.map(({ messageId }) => messageId)).toEqual([mail.messageId]);
    await expect(resolveMail(ada(), two, "sendAgain")).rejects.toThrow(/The mail is sent/);
  });
});

describe("whoever takes a mail back", () => {
  test("in time, takes it back for good, twice if he likes", async () => {
    const to = await lead();
    const sent = await sendMail(ada(), to, { subject: "Oops", body: "x" }, null);
    if (sent.outcome === "held") throw new Error("held");
    expect((await withdrawMail(ada(), sent.mail.id)).state).toBe("withdrawn");
    expect((await withdrawMail(ada(), sent.mail.id)).state).toBe("withdrawn");
    clock.ahead += 10_001;
    start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sink.seen).toHaveLength(0);
    expect(await factsOf(to)).toEqual(["mail.queued", "mail.withdrawn"]);
  });

  test("in the last moment, wins or loses against the mailer, never both and never neither", async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, async () => queue(await lead())));
    start({ lanes: 4 });
    const back = await Promise.all(
      ids.map(async (id, i) => {
        await new Promise((resolve) => setTimeout(resolve, i * 3));
        return withdrawMail(ada(), id).then(
          () => true,
          () => false,
        );
      }),
    );
    for (const [i, id] of ids.entries()) {
      const mail = await becomes(id, ["sent", "withdrawn"]);
      expect(mail.state).toBe(back[i] === true ? "withdrawn" : "sent");
    }
    expect(sink.taken).toHaveLength(back.filter((won) => !won).length);
  });
});

describe("several mailers", () => {
  test("two processes send a thousand mails once each", async () => {
    const leads = await Promise.all(Array.from({ length: 20 }, () => lead()));
    const deps = ada();
    for (let i = 0; i < 50; i++) await Promise.all(leads.map((id) => sendMail(deps, id, { subject: "One of many", body: "x" }, null)));
    clock.ahead += 10_001;
    start();
    start();
    await eventually(async () => expect(sink.taken.length).toBeGreaterThanOrEqual(200));
    for (let i = 0; i < 600 && sink.taken.length < 1000; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sink.seen).toHaveLength(1000);
    expect(new Set(sink.taken.map(({ messageId }) => messageId)).size).toBe(1000);
  }, 60_000);

  test("a mail whose worker died is uncertain when the lease is over, whatever it had come to", async () => {
    const to = await lead();
    const id = await queue(to);
    const [claimed] = await claimMail(bindDb(made.house.flow.pool, made.workspaceId), new Date(made.house.now()), new Date(made.house.now() + 60_000), 5);
    expect(claimed?.id).toBe(id);
    start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await getMail(ada(), id)).state).toBe("sending");
    clock.ahead += 60_001;
    await becomes(id, ["uncertain"]);
    expect(sink.seen).toHaveLength(0);
    await eventually(async () => expect(await factsOf(to)).toEqual(["mail.queued", "mail.uncertain"]));
  });
});

describe("a process that is killed", () => {
  test("between the end of a message and its answer leaves the mail uncertain, and nobody sends it again", async () => {
    let arrived = (): void => {};
    const whole = new Promise<void>((resolve) => (arrived = resolve));
    sink.manners = { message: () => new Promise(() => arrived()) };
    const to = await lead();
    const id = await queue(to);
    const { host, port, user, password, database } = made.house.flow.pool.options;
    const worker = spawn(process.execPath, [path.join(import.meta.dirname, "../testing/mailer-process.ts")], {
      env: {
        ...process.env,
        MAILER: JSON.stringify({ database: { host, port, user, password, database }, smtpUrl: sink.url, ahead: clock.ahead, leaseMs: 60_000 }),
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    await whole;
    worker.kill("SIGKILL");
    await once(worker, "exit");
    sink.manners = {};
    start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await getMail(ada(), id)).state).toBe("sending");
    clock.ahead += 60_001;
    await becomes(id, ["uncertain"]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sink.seen).toHaveLength(1);
    await eventually(async () => expect(await factsOf(to)).toEqual(["mail.queued", "mail.uncertain"]));
  });
});

describe("sending that is paused", () => {
  test("keeps everything in the queue until it is resumed", async () => {
    await made.house.database.pool.query(`insert into house_flag (key, value, set_at) values ('sending', '{"state":"paused","because":"restored"}', now())`);
    const id = await queue(await lead());
    start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await getMail(ada(), id)).state).toBe("queued");
    await made.house.database.pool.query(`delete from house_flag where key = 'sending'`);
    await becomes(id, ["sent"]);
  });
});

test("without a mail server mail is kept, and says so", async () => {
  const to = await lead();
  const id = await queue(to);
  mailers.push(startMailer({ ...made.house, outgoing: { smtpUrl: null } }, FAST));
  await becomes(id, ["kept"]);
  await eventually(async () => expect(await factsOf(to)).toEqual(["mail.queued", "mail.kept"]));
});
