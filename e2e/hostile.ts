/**
 * A workspace in which every text that anybody can set is an attack: by the API, the public form and a file. Each payload
 * calls `fire`, or leaves a mark in the page (`data-fired`), if it is ever anything but text.
 */
import { ADMIN, type Running, type Visit } from "./house.ts";

// oxfmt-ignore
export const PAYLOADS: readonly string[] = [
  `<script>fire(1)</script>`, `"><script data-fired>fire(1)</script>`, `'><img src=x onerror=fire(1) data-fired>`, `<img/src="x"/onerror=fire(1) data-fired>`,
  `<svg onload=fire(1) data-fired>`, `<svg><script data-fired>fire&#40;1&#41;</script></svg>`, `<svg><animate onbegin=fire(1) attributeName=x data-fired>`,
  `<body onload=fire(1)>`, `<iframe srcdoc="<script>parent.fire(1)</script>" data-fired></iframe>`, `<iframe src=javascript:parent.fire(1) data-fired>`,
  `javascript:fire(1)`, `JaVaScRiPt:fire(1)`, `java\tscript:fire(1)`, `\u0001javascript:fire(1)`, `javascript://%0afire(1)`, `data:text/html,<script>fire(1)</script>`,
  `data:text/html;base64,PHNjcmlwdD5maXJlKDEpPC9zY3JpcHQ+`, `vbscript:fire(1)`, `blob:null/fire(1)`, `//evil.example/x.js`,
  `{{constructor.constructor('fire(1)')()}}`, `{{ lead.constructor }}{% assign x = 1 %}`, `\${fire(1)}`, `<%= fire(1) %>`, `#{fire(1)}`, `{{7*7}}[[7*7]]`,
  `\u202efire(1)\u202c<b data-fired>`, `\u200b\u200d\ufeff<i data-fired>`, `x" onmouseover="fire(1)" data-fired="`, `x' onfocus='fire(1)' autofocus='`, "x` onclick=fire(1) `",
  `" style="background:url(javascript:fire(1))" data-fired="`, `</title><script data-fired>fire(1)</script>`, `</textarea><img src=x onerror=fire(1) data-fired>`,
  `</script><script data-fired>fire(1)</script>`, `--><script data-fired>fire(1)</script>`, `]]><script data-fired>fire(1)</script>`, `</style><script data-fired>fire(1)</script>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=fire(1) data-fired&gt;">`,
  `<noscript><p title="</noscript><img src=x onerror=fire(1) data-fired>">`, `<form><math><mtext></form><form><mglyph><style></math><img src onerror=fire(1) data-fired>`,
  `<a href="javascript:fire(1)" data-fired>a</a>`, `[a](javascript:fire(1))`, `![a](x"onerror="fire(1))`, `<https://x"onclick="fire(1)>`, `**<img src=x onerror=fire(1) data-fired>**`,
  `<base href=//evil.example/ data-fired>`, `<meta http-equiv=refresh content="0;url=javascript:fire(1)" data-fired>`, `<link rel=stylesheet href=//evil.example/x data-fired>`,
  `<template data-fired><script>fire(1)</script></template>`, `<details open ontoggle=fire(1) data-fired>`, `<video><source onerror=fire(1) data-fired></video>`,
  `&lt;img src=x onerror=fire(1) data-fired&gt;`, `%3Cscript%3Efire(1)%3C/script%3E`, `\\u003cscript data-fired\\u003efire(1)\\u003c/script\\u003e`, `<x-fired onclick=fire(1) data-fired>`,
];

let turn = 0;

/** The next payload, short enough. Every text gets another one, so that every screen meets many. */
export function attack(max = 500): string {
  for (;;) {
    const text = PAYLOADS[turn++ % PAYLOADS.length] as string;
    if (text.length <= max) return text;
  }
}

/** As many as there are, in one text: for what may be long. */
const all = (max: number): string => PAYLOADS.join("\n").slice(0, max);

type Any = ReturnType<typeof JSON.parse>;
/** Addresses of what was made. */
export type Hostile = {
  readonly leads: readonly string[];
  readonly opportunity: string;
  readonly company: string;
  readonly form: string;
  readonly formKey: string;
  readonly imports: readonly string[];
  readonly held: string;
  readonly task: string;
};

export const REP = { email: "rep@nordlicht.example", password: "another seven words of a password" } as const;

/** Fills the workspace. Whatever the API refuses fails the test: an attack that was not stored attacks nobody. */
export async function makeHostile(at: Running, admin: Visit): Promise<Hostile> {
  const api = (method: string, path: string, body?: unknown): Promise<Any> => at.api<Any>(admin, method, `/api/v1${path}`, body);
  await api("PATCH", "/session", { name: attack(200) });
  await api("PATCH", "/workspace", { name: attack(100) });
  await publishHostile(api);
  const rep = await inviteRep(at, api);
  await mailTexts(api);
  const { form, formKey } = await hostileForm(at, admin, api);
  const leads = await hostileLeads(api, rep);
  const { opportunity, company, task } = await hostileWork(api, leads[0] as string, rep);
  const imports = [await hostileImport(at, admin, false), await hostileImport(at, admin, true)];
  const held = (await api("GET", "/held")).items[0].id as string;
  await api("DELETE", `/leads/${leads[2]}?reason=${encodeURIComponent(attack())}`);
  for (const kind of ["leads", "opportunities", "companies"]) await api("POST", "/views", { name: attack(100), kind, filter: null, scope: "workspace" });
  await api("POST", "/views", {
    name: attack(100),
    filter: { field: "lastName", op: "contains", value: attack() },
    sort: "-score",
    columns: ["lastName", "fields.trap", "tags"],
  });
  await api("POST", "/api-keys", { name: attack(100), scopes: ["read"] });
  await api("POST", "/bulk", { change: { action: "tag", add: [attack(200)] }, ids: leads.slice(0, 2) });
  return { leads, opportunity, company, form, formKey, imports, held, task };
}

type Api = (method: string, path: string, body?: unknown) => Promise<Any>;

async function publishHostile(api: Api): Promise<void> {
  const { config } = await api("GET", "/config");
  const bad = (label: string): string => `${label.slice(0, 12)} ${attack(180)}`;
  config.stages = config.stages.map((stage: Any) => ({ ...stage, label: bad(stage.label) }));
  config.fields.push({ key: "trap", label: attack(200), type: "text" }, { key: "choice", label: attack(200), type: "select", options: PAYLOADS.slice(0, 20) });
  config.facets.push({ id: "trapped", kind: "pageView", property: attack(200), pattern: attack() });
  config.model = { ...config.model, name: attack(200), rules: config.model.rules.map((rule: Any) => ({ ...rule, label: attack(200) })) };
  config.model.rules.push({
    id: "trap",
    label: attack(200),
    section: "fit",
    kind: "field",
    when: { field: "lastName", op: "contains", value: attack() },
    points: 5,
  });
  const withLabels = (items: readonly Any[]): readonly Any[] => items.map((item) => ({ ...item, label: attack(200) }));
  config.process = {
    name: attack(200),
    tasks: config.process.tasks.map((task: Any) => ({
      ...task,
      title: attack(200),
      results: withLabels(task.results),
      ...(task.form === undefined ? {} : { form: withLabels(task.form) }),
    })),
  };
  config.routing.rules = [
    ...withLabels(config.routing.rules),
    { id: "trap", label: attack(200), when: { field: "city", op: "eq", value: attack() }, team: config.teams[0].id },
  ];
  config.routing.fallback.queue = config.teams[0].id;
  config.teams = config.teams.map((team: Any) => ({ ...team, name: attack(200) }));
  await api("PUT", `/config?why=${encodeURIComponent(attack())}`, config);
  await api("POST", "/teams", { id: "trap", name: attack(100) });
}

async function inviteRep(at: Running, api: Api): Promise<string> {
  const user = await api("POST", "/users", { name: attack(100), email: REP.email, role: "salesRep", team: "trap" });
  await api("POST", "/users", { name: attack(100), email: "waiting@nordlicht.example", role: "marketing" });
  const { context } = await at.visit({ userAgent: `Mozilla/5.0 ${attack(100).replaceAll(/[^\x20-\x7e]/g, "")}` });
  const token = /token=([^&"]+)/.exec(user.invitation.url)?.[1];
  const answer = await context.request.post(`${at.url}/api/v1/invitations/accept`, {
    data: { token, name: attack(200), password: REP.password },
    headers: { origin: at.url, "x-baton": "1" },
  });
  if (!answer.ok()) throw new Error(await answer.text());
  await context.close();
  return user.id as string;
}

async function mailTexts(api: Api): Promise<void> {
  await api("PATCH", "/mail/settings", { fromName: plain(attack(200)), fromAddress: ADMIN.email });
  await api("PUT", "/mail/signature", { signature: plain(all(3000)) });
  await api("POST", "/mail/templates", { name: attack(100), subject: plain(attack(200)), body: plain(all(5000)) });
}

/** Without what would be a merge field: those that do not exist are refused when they are written. */
export const plain = (text: string): string =>
  text
    .replaceAll(/\{\{|\{%/g, "")
    .replaceAll("\t", "")
    .replaceAll("\u0001", "");

async function hostileForm(at: Running, admin: Visit, api: Api): Promise<{ readonly form: string; readonly formKey: string }> {
  const fields = ["email", "firstName", "lastName", "company", "jobTitle", "phone", "message", "fields.trap", "fields.choice"];
  const made = await api("POST", "/forms", {
    name: attack(100), title: attack(200), intro: attack(), button: attack(60), source: attack(200),
    fields: fields.map((key) => ({ key, label: attack(200), required: key === "email", help: attack() })),
    thanks: { title: attack(200), text: all(2000) },
    consent: { topic: "newsletter", text: attack(), required: false },
  }); // prettier-ignore
  const send = async (email: string, more: Readonly<Record<string, string>>): Promise<void> => {
    const values = Object.fromEntries(fields.filter((key) => key !== "phone" && key !== "fields.choice").map((key) => [key, attack()]));
    const hidden = Object.fromEntries(
      ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "referrer", "page"].map((key) => [key, attack(200)]),
    );
    const data = { ...values, ...hidden, "fields.choice": PAYLOADS[0] as string, email, consent: "yes", ...more };
    const headers = { "user-agent": `Mozilla ${attack(60).replaceAll(/[^\x20-\x7e]/g, "")}`, referer: `${at.url}/?${encodeURIComponent(attack())}` };
    const answer = await admin.context.request.post(`${at.url}/f/${made.key}`, { data, headers });
    if (!answer.ok()) throw new Error(await answer.text());
  };
  await send("stranger@example.org", {});
  // A machine's: what nobody sees is filled in, so it is kept aside.
  await send("machine@example.org", { fax_number: attack(), message: all(4000) });
  return { form: made.id as string, formKey: made.key as string };
}

async function hostileLeads(api: Api, rep: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    const { lead } = await api("POST", "/leads", {
      email: `trap${i}@example.org`, phone: i === 1 ? attack(100) : `+4930123456${i}`, externalId: `${attack(200)}${i}`, firstName: attack(), lastName: attack(), company: `${attack(400)} ${i}`,
      jobTitle: attack(), country: attack(), city: attack(), website: attack(), source: attack(), campaign: attack(), tags: [attack(200), attack(200)], consent: { [attack(100)]: true },
      fields: { trap: attack(), choice: PAYLOADS[3] }, bant: { budget: attack(), authority: attack(), need: attack(), timeline: attack() },
      touches: ["pageView", "formSubmit", "mailOpen", "mailClick", "custom", "contactRequest"].map((kind) => ({ kind, props: { url: attack(), title: attack(), text: all(3000), referrer: attack(), name: attack(), campaign: attack(), [attack(100)]: attack() } })),
    }); // prettier-ignore
    ids.push(lead.id as string);
    await api("POST", `/leads/${lead.id}/assign`, { owner: rep, reason: attack() });
  }
  return ids;
}

async function hostileWork(api: Api, lead: string, rep: string): Promise<{ readonly opportunity: string; readonly company: string; readonly task: string }> {
  await api("POST", `/leads/${lead}/notes`, { text: all(15_000), pinned: true, mentions: [rep] });
  for (const kind of ["call", "meeting", "message"]) await api("POST", `/leads/${lead}/log`, { kind, outcome: "reached", note: all(6000) });
  const { task } = await api("POST", "/tasks", { title: attack(300), kind: "meeting", dueAt: "2026-01-05T09:00:00Z", lead, owner: rep, note: all(6000) });
  await api("POST", "/tasks", { title: attack(300), dueAt: "2026-01-05T09:00:00Z", note: attack() });
  await api("POST", `/tasks/${task.id}/snooze`, { until: "2027-01-05T09:00:00Z", reason: attack() });
  await api("POST", `/leads/${lead}/stage`, { stage: "mql", reason: attack() });
  await api("POST", `/leads/${lead}/mail`, { subject: plain(attack(400)), body: plain(all(6000)) });
  await api("POST", `/leads/${lead}/convert`, {
    name: attack(),
    form: { businessCase: all(3000), nextMeeting: "2027-03-05T10:00:00Z", potentialValue: { amount: 100, currency: "EUR" } },
  });
  const { items } = await api("GET", `/opportunities?lead=${lead}`);
  const { id, company } = items[0];
  await api("PATCH", `/companies/${company.id}`, { name: attack() });
  await api("POST", `/companies/${company.id}/notes`, { text: all(15_000) });
  await api("POST", `/opportunities/${id}/notes`, { text: all(15_000) });
  await api("POST", `/leads/${lead}/contacts`, { opportunity: id, role: attack(100) });
  await api("POST", `/leads/${lead}/contacts`, { company: company.id, role: attack(100) });
  await api("POST", `/opportunities/${id}/stage`, { stage: "lost", reason: attack() });
  await api("POST", `/leads/${lead}/convert`, { name: attack(), form: { businessCase: attack(), nextMeeting: "2027-03-05T10:00:00Z" } });
  const open = (await api("GET", `/opportunities?lead=${lead}&state=open`)).items[0];
  return { opportunity: open.id as string, company: company.id as string, task: task.id as string };
}

/** A file whose name, heads and cells attack; one row is refused, so that there is an error file. */
async function hostileImport(at: Running, { context }: Visit, start: boolean): Promise<string> {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""').replaceAll("\u0001", " ")}"`;
  const head = ["E-mail", "Last name", "Company", attack(80), attack(80), `=HYPERLINK("//evil.example")${start ? 1 : 2}`];
  const rows = PAYLOADS.map((text, i) => [`row${i}@example.org`, text, text, attack(), attack(), ["=1+1", "@SUM(A1)", "-2+3", "+1", "\t=1"][i % 5] as string]);
  rows.push(["no address at all", "", "", "", attack(), "=cmd|'/c calc'!A1"]);
  const file = [head, ...rows].map((cells) => cells.map(quoted).join(",")).join("\r\n");
  const headers = { origin: at.url, "x-baton": "1", "content-type": "text/csv" };
  const ask = async (path: string, data: unknown): Promise<Any> => {
    const answer = await context.request.post(`${at.url}/api/v1/imports${path}`, {
      headers: typeof data === "string" ? headers : { ...headers, "content-type": "application/json" },
      data,
    });
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const { id } = await ask(`?name=${encodeURIComponent(`${attack(200)}.csv`)}`, file);
  if (start) {
    await ask(`/${id}/start`, {});
    for (let i = 0; i < 150 && (await (await context.request.get(`${at.url}/api/v1/imports/${id}`)).json()).state !== "done"; i++)
      await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return id as string;
}
