import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bindDb, sql, transact, workspace } from "../../db/db.ts";
import { linkKeyOf, linkToken } from "../../effects/links.ts";
import { startMailer } from "../../effects/mailer.ts";
import { expectNoCanary } from "../../testing/canary.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { tellNotices } from "../notifications/tell.service.ts";
import { type Sink, smtpSink } from "../../testing/smtp.ts";
import { actAsHouse, connectLinkMail } from "./house-mail.service.ts";

let at: TestApp;
let sink: Sink;
const clock = { ahead: 0 };
let stop: () => Promise<void>;

beforeAll(async () => {
  at = await testApp({ now: () => Date.now() + clock.ahead });
  sink = await smtpSink();
  await bindDb(at.house.database.pool, at.workspaceId).execute(sql`update api_key set user_id = ${at.userId} where workspace_id = ${workspace}`);
  at.house.gate.knownKeys.clear();
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const mailer = startMailer({ ...at.house, outgoing: { smtpUrl: sink.url } }, { pollMs: 20 });
  stop = () => mailer.stop();
});
afterAll(async () => {
  await stop();
  await sink.close();
  await at.close();
});

let people = 0;
async function lead(values: Record<string, unknown> = {}): Promise<Json> {
  const { body } = await at.api("POST", "/api/v1/leads", { email: `p${++people}@example.org`, firstName: "Ada", lastName: "Lovelace", ...values });
  return body.lead;
}

const send = (leadId: string, draft: unknown, headers = {}) => at.api("POST", `/api/v1/leads/${leadId}/mail`, draft, headers);

async function sent(mailId: string): Promise<Json> {
  for (let i = 0; i < 300; i++) {
    const { body } = await at.api("GET", `/api/v1/mail/${mailId}`);
    if (body.state === "sent") return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("was not sent");
}

async function welcomeTask(leadId: string): Promise<Json> {
  const { body } = await at.api("GET", `/api/v1/leads/${leadId}/tasks`);
  return body.items.find(({ key }: Json) => key === "welcome");
}

describe("writing to a lead", () => {
  test("shows first what will be sent, by the code that sends it", async () => {
    const { id } = await lead({ company: "Analytical Engines" });
    const preview = await at.api("POST", `/api/v1/leads/${id}/mail/preview`, { templateId: "welcome" });
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({ subject: "Welcome, Ada", refused: null, from: { address: "owner@example.com" } });
    expect(preview.body.text).toContain("help Analytical Engines");
    const { body } = await send(id, { templateId: "welcome" });
    expect(body.mail).toMatchObject({ subject: preview.body.subject, text: preview.body.text, html: preview.body.html, state: "queued", withdrawable: true });
    clock.ahead += 10_001;
    await sent(body.mail.id);
    expect(sink.taken.at(-1)?.mail.text).toContain("help Analytical Engines");
  });

  test("puts the signature of the user under it", async () => {
    await at.api("PUT", "/api/v1/mail/signature", { signature: "**Grace**\n+44 20 7946 0000" });
    const { id } = await lead();
    const { body } = await at.api("POST", `/api/v1/leads/${id}/mail/preview`, { subject: "Hi", body: "Text" });
    expect(body.text).toBe("Text\n\nGrace\n+44 20 7946 0000\n");
    await at.api("PUT", "/api/v1/mail/signature", { signature: "" });
  });

  test("is refused in words where there is no address, or no consent", async () => {
    const nobody = await lead({ email: null, phone: "+442079460001" });
    expect(await send(nobody.id, { subject: "x", body: "y" })).toMatchObject({ status: 422, body: { type: "urn:baton:problem:mail-refused" } });
    const objector = await lead({ consent: { email: false } });
    const refused = await send(objector.id, { subject: "x", body: "y" });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain("withdrawn consent");
    const preview = await at.api("POST", `/api/v1/leads/${objector.id}/mail/preview`, { subject: "x", body: "y" });
    expect(preview.body.refused).toContain("withdrawn consent");
  });

  test("names each merge field that does not exist, and each part that is missing", async () => {
    const { id } = await lead();
    const wrong = await send(id, { subject: "{{ lead.nme }}", body: "{{ lead.fields.nope }}" });
    expect(wrong.status).toBe(422);
    expect(wrong.body.errors).toEqual([
      { path: "subject", message: 'there is no merge field "lead.nme"' },
      { path: "body", message: 'there is no merge field "lead.fields.nope"' },
    ]);
    expect((await send(id, {})).body.errors.map(({ path }: Json) => path)).toEqual(["subject", "body"]);
    expect((await send(id, { subject: "a\r\nBcc: x@example.org", body: "y" })).status).toBe(422);
    expect((await send(id, { templateId: "nothing" })).status).toBe(404);
  });

  test("happens once under one idempotency key", async () => {
    const { id } = await lead();
    const draft = { subject: "Once", body: "y" };
    const first = await send(id, draft, { "idempotency-key": `once-${id}` });
    const second = await send(id, draft, { "idempotency-key": `once-${id}` });
    expect(second).toMatchObject({ status: 201, body: { mail: { id: first.body.mail.id } }, headers: { "idempotent-replay": "true" } });
    expect((await at.api("GET", `/api/v1/leads/${id}/mail`)).body.items).toHaveLength(1);
  });

  test("of another workspace, or none, is not found", async () => {
    for (const id of ["0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a", "x"]) expect((await send(id, { subject: "x", body: "y" })).status).toBe(404);
    const neighbours = await at.house.database.pool.query(
      `select l.id from lead l join workspace w using (workspace_id) where w.name like 'Neighbour%' limit 1`,
    );
    expect((await send(neighbours.rows[0].id, { subject: "x", body: "y" })).status).toBe(404);
  });
});

describe("the welcome letter", () => {
  test("is done when it is sent, and what follows is there", async () => {
    const { id } = await lead();
    await at.api("POST", `/api/v1/leads/${id}/stage`, { stage: "mql" });
    const task = await welcomeTask(id);
    const { status, body } = await send(id, { templateId: "welcome", taskId: task.id });
    expect(status).toBe(201);
    expect(body.lead.status).toBe("working");
    const { body: tasks } = await at.api("GET", `/api/v1/leads/${id}/tasks`);
    expect(tasks.items.find(({ key }: Json) => key === "welcome").state).toBe("done");
    expect(tasks.items.find(({ key }: Json) => key === "qualify").state).toBe("open");
    expect((await send(id, { templateId: "welcome", taskId: task.id })).status).toBe(409);
  });

  test("is to be done again when it is taken back, and its second time brings what follows", async () => {
    const { id } = await lead();
    await at.api("POST", `/api/v1/leads/${id}/stage`, { stage: "mql" });
    const task = await welcomeTask(id);
    const { body } = await send(id, { templateId: "welcome", taskId: task.id });
    const withdrawn = await at.api("POST", `/api/v1/mail/${body.mail.id}/withdraw`);
    expect(withdrawn).toMatchObject({ status: 200, body: { state: "withdrawn", withdrawable: false } });
    expect((await welcomeTask(id)).state).toBe("open");
    const again = await send(id, { templateId: "welcome", taskId: task.id });
    expect(again.status).toBe(201);
    const { body: tasks } = await at.api("GET", `/api/v1/leads/${id}/tasks`);
    expect(tasks.items.filter(({ key, state }: Json) => key === "qualify" && state === "open")).toHaveLength(1);
  });

  test("is no call", async () => {
    const { id } = await lead();
    await at.api("POST", `/api/v1/leads/${id}/stage`, { stage: "mql" });
    const { body } = await at.api("GET", `/api/v1/leads/${id}/tasks`);
    const call = body.items.find(({ key }: Json) => key === "call");
    const refused = await send(id, { subject: "x", body: "y", taskId: call.id });
    expect(refused).toMatchObject({ status: 422 });
    expect(refused.body.errors[0].path).toBe("taskId");
  });
});

describe("tracked mail", () => {
  const browser = { authorization: undefined, "user-agent": "Mozilla/5.0 (X11; Linux x64) Firefox/140.0" };

  async function tracked(): Promise<{ readonly leadId: string; readonly mailId: string; readonly link: string; readonly picture: string }> {
    const { id } = await lead();
    const { body } = await send(id, { subject: "Look", body: "See [this](https://target.example/a?b=1&c=2) and [mail](mailto:a@example.org)." });
    clock.ahead += 10_001;
    await sent(body.mail.id);
    const html = sink.taken.at(-1)?.mail.html ?? "";
    const link = new URL(/href="(http[^"]*\/m\/[^"]*)"/.exec(html)?.[1] ?? "").pathname;
    const picture = new URL(/<img src="([^"]*)"/.exec(html)?.[1] ?? "").pathname;
    return { leadId: id, mailId: body.mail.id, link, picture };
  }
  const touchesOf = async (leadId: string): Promise<readonly string[]> => {
    const rows = await bindDb(at.house.database.pool, at.workspaceId).query<{ kind: string }>(
      sql`select kind from touch where workspace_id = ${workspace} and lead_id = ${leadId} and kind <> 'mailSent' order by kind`,
    );
    return rows.map(({ kind }) => kind);
  };

  test("counts a person's opening and click, once however often he looks", async () => {
    const { leadId, mailId, link, picture } = await tracked();
    clock.ahead += 60_000;
    for (let i = 0; i < 3; i++) {
      const seen = await at.api("GET", picture, undefined, browser);
      expect(seen).toMatchObject({ status: 200, headers: { "content-type": "image/gif" } });
      const led = await at.api("GET", link, undefined, browser);
      expect(led).toMatchObject({ status: 302, headers: { location: "https://target.example/a?b=1&c=2" } });
    }
    expect(await touchesOf(leadId)).toEqual(["mailClick", "mailOpen"]);
    expect((await at.api("GET", `/api/v1/mail/${mailId}`)).body).toMatchObject({ opens: 1, clicks: 1 });
  });

  test("leads scanners on and counts none of them", async () => {
    const { leadId, link, picture } = await tracked();
    await at.api("GET", link, undefined, browser);
    clock.ahead += 60_000;
    for (const agent of ["Mozilla/5.0 (compatible; Googlebot/2.1)", "python-requests/2.31", "Barracuda Sentinel", "Slackbot-LinkExpanding 1.0", ""]) {
      expect((await at.api("GET", link, undefined, { ...browser, "user-agent": agent })).status).toBe(302);
      await at.api("GET", picture, undefined, { ...browser, "user-agent": agent });
    }
    expect(await touchesOf(leadId)).toEqual([]);
  });

  test("leads nowhere but where the mail said: no address that was changed is followed", async () => {
    const { mailId, link } = await tracked();
    const token = link.slice(3);
    for (let i = 0; i < token.length; i++) {
      const bent = `${token.slice(0, i)}${token[i] === "A" ? "B" : "A"}${token.slice(i + 1)}`;
      expect((await at.api("GET", `/m/${bent}`, undefined, browser)).status).toBe(404);
    }
    const key = await linkKeyOf(at.house);
    expect((await at.api("GET", `/m/${linkToken(key, { workspaceId: at.workspaceId, mailId, link: 1 })}`, undefined, browser)).status).toBe(404);
    expect((await at.api("GET", `/m/${linkToken(key, { workspaceId: at.workspaceId, mailId, link: 7 })}`, undefined, browser)).status).toBe(404);
    expect((await at.api("GET", "/m/x/open.gif", undefined, browser)).status).toBe(200);
  });

  test("is not tracked when the workspace says so", async () => {
    await at.api("PATCH", "/api/v1/mail/settings", { tracking: false });
    const { id } = await lead();
    const { body } = await send(id, { subject: "Plain", body: "See [this](https://target.example/)." });
    clock.ahead += 10_001;
    await sent(body.mail.id);
    expect(sink.taken.at(-1)?.mail.html).toContain('href="https://target.example/"');
    expect(sink.taken.at(-1)?.mail.html).not.toContain("<img");
    await at.api("PATCH", "/api/v1/mail/settings", { tracking: true });
  });
});

describe("meetings", () => {
  test("are calendar files that keep their UID, and go with the mail that invites", async () => {
    const { id } = await lead();
    const converted = await at.api("POST", `/api/v1/leads/${id}/convert`, { name: "Deal; one, two", form: { nextMeeting: "2027-03-05T10:00:00Z" } });
    expect(converted.status).toBe(200);
    const { body } = await at.api("GET", `/api/v1/opportunities?lead=${id}`);
    const [opportunity] = body.items;
    const file = await at.api("GET", `/api/v1/opportunities/${opportunity.id}/meeting.ics`);
    expect(file).toMatchObject({ status: 200, headers: { "content-type": "text/calendar; charset=utf-8" } });
    expect(file.text).toContain(`UID:${opportunity.id}@baton`);
    expect(file.text).toContain("DTSTART:20270305T100000Z");
    expect(file.text).toContain("SUMMARY:Deal\\; one\\, two");
    const mail = await send(id, { subject: "Let us meet", body: "See you", invite: opportunity.id });
    clock.ahead += 10_001;
    await sent(mail.body.mail.id);
    const raw = sink.taken.at(-1)?.raw ?? "";
    expect(raw).toMatch(/text\/calendar[^]*method="?REQUEST/i);
    const other = await lead();
    expect((await send(other.id, { subject: "x", body: "y", invite: opportunity.id })).status).toBe(422);
    const without = await lead();
    await at.api("POST", `/api/v1/leads/${without.id}/convert`, {});
    const { body: list } = await at.api("GET", `/api/v1/opportunities?lead=${without.id}`);
    expect((await at.api("GET", `/api/v1/opportunities/${list.items[0].id}/meeting.ics`)).status).toBe(404);
  });
});

test("the lead's past, mails and all, replays to what it is, and every reference meets its row", async () => {
  await tellNotices(at.house);
  const { violations } = await runDoctor(at.house, { workspaceId: at.workspaceId, replay: 100 });
  expect(violations.map((violation) => JSON.stringify(violation))).toEqual([]);
});

describe("templates", () => {
  test("of the house can be changed and get their own text back; own ones are made and deleted", async () => {
    const changed = await at.api("PATCH", "/api/v1/mail/templates/welcome", { subject: "Hello {{ lead.firstName | default: 'you' }}" });
    expect(changed).toMatchObject({ status: 200, body: { own: true, use: "lead" } });
    expect((await at.api("DELETE", "/api/v1/mail/templates/welcome")).status).toBe(200);
    expect((await at.api("DELETE", "/api/v1/mail/templates/welcome")).status).toBe(404);
    const made = await at.api("POST", "/api/v1/mail/templates", { name: "Offer", subject: "Offer", body: "{{ lead.fields.need | default: '' }}" });
    expect(made.status).toBe(201);
    const { body } = await at.api("GET", "/api/v1/mail/templates");
    expect(body.items.map(({ id }: Json) => id)).toEqual(["welcome", "invitation", "passwordReset", "digest", made.body.id]);
    expect(body.fields.map(({ name }: Json) => name)).toContain("lead.fields.need");
    expect((await at.api("POST", "/api/v1/mail/templates", { name: "Bad", subject: "x", body: "{{ lead.nope }}" })).status).toBe(422);
    expect((await at.api("PATCH", "/api/v1/mail/templates/invitation", { body: "{{ lead.firstName }}" })).status).toBe(422);
  });
});

describe("links that let a person in", () => {
  test("are mailed, and stand nowhere where they could be read", async () => {
    const house = { ...at.house, outgoing: { smtpUrl: sink.url }, gate: { ...at.house.gate, mailLink: at.house.gate.mailLink } };
    connectLinkMail(house);
    const url = "https://h.example/invitation/s3cr3t-T0ken_x";
    const deps = actAsHouse(house, at.workspaceId);
    const link = { kind: "invitation" as const, userId: at.userId, to: "new@example.org", name: "", url, expiresAt: new Date() };
    expect(await transact(deps, async (deps) => house.gate.mailLink?.(deps, link))).toBe(true);
    await expect(
      transact(deps, async (deps) => {
        await house.gate.mailLink?.(deps, { ...link, to: "never@example.org" });
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    const { rows } = await at.house.database.pool.query("select id, content from effect where purpose = 'invitation'");
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain("s3cr3t");
    await sent(rows[0].id);
    const [taken] = sink.taken.slice(-1);
    expect(taken).toMatchObject({ to: ["new@example.org"], mail: { subject: "Your invitation to Test" } });
    expect(taken?.mail.text).toContain(url);
    expect((await at.api("GET", `/api/v1/mail/${rows[0].id}`)).text).not.toContain("s3cr3t");
  });

  test("are not mailed without a mail server", () => {
    const gate = { ...at.house.gate, mailLink: null };
    connectLinkMail({ ...at.house, outgoing: { smtpUrl: null }, gate });
    expect(gate.mailLink).toBe(null);
  });
});

describe("the outbox", () => {
  test("lists everything a page at a time, and nothing of a neighbour's", async () => {
    const first = await at.api("GET", "/api/v1/mail/outbox?limit=3");
    expect(first.body.items).toHaveLength(3);
    const second = await at.api("GET", `/api/v1/mail/outbox?limit=3&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...second.body.items].map(({ id }: Json) => id);
    expect(new Set(ids).size).toBe(6);
    expectNoCanary(first.text);
    expect((await at.api("GET", "/api/v1/mail/outbox?cursor=x")).status).toBe(422);
    expect((await at.api("GET", "/api/v1/mail/outbox?state=nope")).status).toBe(422);
  });

  test("says whether mail is leaving, and an administrator resumes it", async () => {
    const paused = await at.api("PUT", "/api/v1/mail/sending", { state: "paused", reason: "moving house" });
    expect(paused.body).toMatchObject({ state: "paused", because: "moving house" });
    const resumed = await at.api("PUT", "/api/v1/mail/sending", { state: "running" });
    expect(resumed.body).toMatchObject({ state: "running", because: null });
  });

  test("has settings that are checked", async () => {
    expect((await at.api("PATCH", "/api/v1/mail/settings", { fromAddress: "not an address" })).status).toBe(422);
    expect((await at.api("PATCH", "/api/v1/mail/settings", { fromName: "a\nb" })).status).toBe(422);
    const { body } = await at.api("PATCH", "/api/v1/mail/settings", { fromAddress: "hello@example.org", fromName: "Engines" });
    expect(body).toMatchObject({ fromAddress: "hello@example.org", fromName: "Engines", tracking: true });
    const { id } = await lead();
    const preview = await at.api("POST", `/api/v1/leads/${id}/mail/preview`, { subject: "x", body: "y" });
    expect(preview.body.from.address).toBe("hello@example.org");
    await at.api("PATCH", "/api/v1/mail/settings", { fromAddress: null, fromName: null });
  });
});

test("how mail leaves, and whether it does, is in the audit: who changed what, and the newest change of one field", async () => {
  const change = (body: unknown) => at.api("PATCH", "/api/v1/mail/settings", body);
  const entries = async (query: string): Promise<Json> => (await at.api("GET", `/api/v1/audit?${query}`)).body.items;
  const was = (await at.api("GET", "/api/v1/mail/settings")).body;
  const before = await entries("action=mail.settingsChanged");
  await change({ fromName: "Before" });
  await change({ tracking: !was.tracking });
  await change({ tracking: !was.tracking, fromName: "Before" });
  const [last] = await entries("action=mail.settingsChanged");
  expect((await entries("action=mail.settingsChanged")).length - before.length, "saying it again changes nothing").toBe(2);
  expect(last).toMatchObject({ actor: expect.stringMatching(/^key:/), detail: { tracking: { from: was.tracking, to: !was.tracking } } });
  expect(Object.keys(last.detail)).toEqual(["tracking"]);
  expect((await entries("action=mail.settingsChanged&changed=fromName&limit=1"))[0].detail).toEqual({ fromName: { from: was.fromName, to: "Before" } });
  expect(await entries("action=mail.settingsChanged&changed=consentTopic")).toEqual([]);
  await change({ fromName: was.fromName, tracking: was.tracking });

  await at.api("PUT", "/api/v1/mail/sending", { state: "paused", reason: "moving house" });
  await at.api("PUT", "/api/v1/mail/sending", { state: "running" });
  expect((await entries("action=mail&limit=2")).map(({ action, why }: Json) => [action, why])).toEqual([
    ["mail.sendingResumed", null],
    ["mail.sendingPaused", "moving house"],
  ]);
});
