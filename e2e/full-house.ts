/** A house in which something stands on every screen: a team, leads at every stage, deals, a letter, notes, an import, a held input, a full bin. */
import type { Running, Visit } from "./house.ts";

export type FullHouse = {
  readonly leads: readonly string[];
  readonly deals: readonly string[];
  readonly companies: readonly string[];
  readonly imports: { readonly draft: string; readonly done: string };
  readonly form: string;
  readonly me: string;
  /** The rest of the team: a manager and two representatives. */
  readonly team: readonly { readonly id: string; readonly name: string; readonly email: string }[];
};

export const TEAM_PASSWORD = "another seven words nobody would guess";
const TEAM = [
  { name: "Marta Wolff", email: "marta@nordlicht.example", role: "salesManager" },
  { name: "Ruben Costa", email: "ruben@nordlicht.example", role: "salesRep" },
  { name: "Ida Holm", email: "ida@nordlicht.example", role: "salesRep" },
] as const;

const PEOPLE = [
  ["Anna", "Wiśniewska", "Gdańsk Logistyka", "Head of Logistics", "Gdańsk"],
  ["Tomás", "Ferreira", "Lusoforma", "Plant Manager", "Porto"],
  ["Ngozi", "Okafor", "Okafor & Sons", "Owner", "Lagos"],
  ["Chloé", "Marchand", "Atelier Marchand", "Directrice", "Lyon"],
  ["Henrik", "Aalto", "Aalto Puu Oy", "CTO", "Oulu"],
  ["Aiko", "Tanabe", "田辺物流", "購買部長", "大阪"],
  ["Maximiliane-Charlotte", "von der Hohenfels-Wittenberg", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "Geschäftsführerin", "Wien"],
  ["Ola", "Ek", "Ek", "VD", "Å"],
] as const;

export async function fillHouse(at: Running, visit: Visit): Promise<FullHouse> {
  const api = <T>(method: string, path: string, body?: unknown): Promise<T> => at.api<T>(visit, method, `/api/v1${path}`, body);
  const me = (await api<{ user: { id: string } }>("GET", "/session")).user.id;
  const team: { id: string; name: string; email: string }[] = [];
  for (const person of TEAM) {
    const made = await api<{ id: string; invitation: { url: string } }>("POST", "/users", { ...person, team: "sales" });
    const token = new URL(made.invitation.url).searchParams.get("token");
    const guest = await at.visit();
    await at.api(guest, "POST", "/api/v1/invitations/accept", { token, name: person.name, password: TEAM_PASSWORD });
    await guest.context.close();
    team.push({ id: made.id, name: person.name, email: person.email });
  }
  const { results } = await api<{ results: { id: string }[] }>("POST", "/leads/batch", {
    leads: Array.from({ length: 40 }, (_, i) => {
      const [firstName, lastName, company, jobTitle, city] = PEOPLE[i % PEOPLE.length] ?? PEOPLE[0];
      return {
        firstName,
        lastName: i < PEOPLE.length ? lastName : `${lastName} ${i}`,
        email: `p${i}@house${i % 20}.example`,
        phone: `+48 58 300 1${String(i).padStart(3, "0")}`,
        company: i < PEOPLE.length ? company : `${company} ${i % 20}`,
        jobTitle,
        city,
        source: ["fair", "referral", "webinar", null][i % 4],
        tags: i % 3 === 0 ? ["logistics", "north"] : [],
        touches: i % 2 === 0 ? [{ kind: "contactRequest" }, { kind: "pageView", props: { url: "https://example.org/pricing" } }] : [],
      };
    }),
  });
  const leads = results.map(({ id }) => id);
  const owners = [me, ...team.slice(1).map(({ id }) => id)];
  for (const [i, id] of leads.slice(0, 20).entries()) {
    await api("POST", `/leads/${id}/assign`, { owner: owners[i % owners.length] });
    if (i % 2 === 0) await api("POST", `/leads/${id}/stage`, { stage: "mql", reason: "asked for a call" });
  }
  const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
  for (const [i, id] of leads.slice(0, 9).entries())
    await api("POST", "/tasks", { title: "Call about the yard", kind: "call", dueAt: ago(i * 5 - 12), lead: id, owner: owners[i % 3] });
  await api("POST", "/tasks", { title: "Renew the badge", dueAt: ago(2) });
  await api("PATCH", `/leads/${leads[0]}`, { bant: { budget: "50,000 EUR", need: "One list for three yards" } });
  await api("POST", `/leads/${leads[0]}/notes`, { text: "Decides in April." });
  await api("POST", `/leads/${leads[0]}/log`, { kind: "call", outcome: "reached", note: "Wants a demo" });

  const deals: string[] = [];
  for (const [i, id] of leads.slice(2, 8).entries()) {
    await api("POST", `/leads/${id}/convert`, {
      form: i === 4 ? {} : { potentialValue: { amount: (i + 1) * 1_250_000, currency: "EUR" }, businessCase: "Fewer empty runs" },
    });
    const deal = (await api<{ items: { id: string }[] }>("GET", `/opportunities?lead=${id}`)).items[0]?.id ?? "";
    deals.push(deal);
    const to = [null, null, "demo", "negotiation", "won", "lost"][i];
    if (to !== null && to !== undefined) await api("POST", `/opportunities/${deal}/stage`, { stage: to, ...(to === "lost" ? { reason: "price" } : {}) });
  }
  await api("POST", `/opportunities/${deals[0]}/notes`, { text: "Two signatures are needed." });
  const companies = (await api<{ items: { id: string }[] }>("GET", "/companies")).items.map(({ id }) => id);
  for (const id of leads.slice(10, 13)) {
    await api("POST", `/leads/${id}/stage`, { stage: "mql" });
    await api("POST", `/leads/${id}/reject`, { reason: "Buys through a parent" });
  }
  await api("DELETE", `/leads/${leads[39]}?reason=test`);
  await api("POST", "/api-keys", { name: "The fair stand", scopes: ["read", "write"] });
  await api("POST", "/views", {
    name: "Hot in the north",
    kind: "leads",
    layout: "table",
    filter: { field: "heat", op: "eq", value: "hot" },
    columns: ["name", "score"],
    scope: "workspace",
  });

  const form = (await api<{ items: [{ id: string; url: string }] }>("GET", "/forms")).items[0];
  const submit = (fields: Record<string, string>): Promise<unknown> => visit.context.request.post(`${at.url}${new URL(form.url).pathname}`, { form: fields });
  await submit({ firstName: "Ada", lastName: "Lovelace", email: "ada@analytical.example" });
  await submit({ lastName: "Spam", email: "spam@spam.example", fax_number: "1" });

  const upload = async (name: string, text: string): Promise<string> => {
    const answer = await visit.context.request.post(`${at.url}/api/v1/imports?name=${name}`, {
      headers: { "x-baton": "1", origin: at.url, "content-type": "application/octet-stream" },
      data: Buffer.from(text),
    });
    if (!answer.ok()) throw new Error(`The upload was answered with ${answer.status()}: ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  };
  const done = await upload("fair.csv", "E-mail;Name;Phase\na@one.example;Łucja Nowak;MQL\nnobody.at.all;Zoë;inquiry\nc@one.example;Kai;\n");
  await api("POST", `/imports/${done}/start`, {});
  for (let i = 0; i < 100 && !["done", "failed"].includes((await api<{ state: string }>("GET", `/imports/${done}`)).state); i++)
    await new Promise((resolve) => setTimeout(resolve, 200));
  const draft = await upload("webinar.csv", "E-mail;Größe;Stufe\nw@one.example;3;Interessent\nx@one.example;4;mql\n");
  return { leads, deals, companies, imports: { draft, done }, form: form.id, me, team };
}
