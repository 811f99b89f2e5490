/** Conversion and what follows: company, contact and opportunity out of a lead; won and lost. */
import { added, newId, note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Answer, ImportOpportunity, Need } from "../flow/input.ts";
import type { FormAnswers, Money, Opportunity, Task } from "../flow/state.ts";
import { isFreeMail } from "../identity/free-mail.ts";
import { isDomain } from "../identity/identity.ts";
import { enterStage, isBefore } from "../process/stages.ts";
import { assignTo } from "../routing/assign.ts";

/** Turns the lead into company, contact and opportunity and moves it to `opportunity`. Answers left out come from Qualify. A filled next meeting opens the opportunity at `presentation`. */
export function* convert(work: Work, form: FormAnswers, name: string | null): Generator<Need, void, Answer> {
  const { lead, meta, config } = work;
  const known: FormAnswers = { ...latestAnswers(lead.tasks, "qualify"), ...form };
  const owner = text(known["opportunityOwner"]) ?? text(known["owner"]);
  if (owner !== null) assignTo(work, owner, "named at conversion");
  yield* linkCompany(work);
  const value = known["potentialValue"] as Money | undefined;
  const meeting = text(known["nextMeeting"]);
  const opportunity = addOpportunity(work, {
    name: name ?? lead.company ?? fullName(work),
    stage: meeting !== null && config.config.opportunityStages.includes("presentation") ? "presentation" : (config.config.opportunityStages[0] as string),
    amount: value?.amount ?? null,
    currency: value?.currency ?? (value === undefined ? null : config.config.currency),
    closeDate: text(known["expectedCloseDate"]),
    nextMeeting: meeting === null ? null : Date.parse(meeting),
    form: known,
  });
  note(work, "lead.converted", { opportunity: opportunity.id, company: lead.companyId, name: opportunity.name, stage: opportunity.stage });
  const current = config.stages.get(lead.stage);
  if (current?.line === "exit" || isBefore(config, lead.stage, "opportunity")) yield* enterStage(work, "opportunity", { because: "conversion" });
  lead.updatedAt = meta.now;
}

function* linkCompany(work: Work): Generator<Need, void, Answer> {
  const { lead, meta } = work;
  const name = lead.company;
  if (name === null || lead.companyId !== null) return;
  const domain = businessDomain(lead.website, lead.email);
  const candidate = newId(work);
  const answer = yield { kind: "company", name, domain, candidate };
  const id = answer.kind === "company" ? answer.id : candidate;
  if (id === candidate) work.companies.push({ id, name, domain, createdAt: meta.now });
  lead.companyId = id;
  work.versioned = true;
  lead.contacts = added(lead.contacts, { id: newId(work), companyId: id, opportunityId: null, role: "contact", createdAt: meta.now });
}

type Opening = Pick<Opportunity, "name" | "stage" | "amount" | "currency" | "closeDate" | "nextMeeting" | "form"> &
  Partial<Pick<Opportunity, "wonAt" | "lostAt" | "lostReason" | "stageAt" | "ownerId">>;

function addOpportunity(work: Work, opening: Opening): Opportunity {
  const { lead, meta } = work;
  const opportunity: Opportunity = {
    wonAt: null,
    lostAt: null,
    lostReason: null,
    stageAt: meta.now,
    ownerId: lead.ownerId,
    ...opening,
    id: newId(work),
    companyId: lead.companyId,
    createdAt: meta.now,
    updatedAt: meta.now,
  };
  lead.opportunities = added(lead.opportunities, opportunity);
  lead.contacts = added(lead.contacts, { id: newId(work), companyId: null, opportunityId: opportunity.id, role: "primary", createdAt: meta.now });
  work.changed = true;
  return opportunity;
}

/** Moves an opportunity. Won makes the lead a customer; lost, with a reason, loses the lead when nothing else is open. */
export function* moveOpportunity(work: Work, id: string, stage: string, reason: string | null): Generator<Need, void, Answer> {
  const { lead, meta, config } = work;
  const was = lead.opportunities.find((candidate) => candidate.id === id);
  if (was === undefined) throw new Refused(refuse(404, "not-found", `There is no opportunity ${id}.`));
  const stages = [...config.config.opportunityStages, "won", "lost"];
  if (!stages.includes(stage))
    throw new Refused(
      refuse(422, "invalid", `There is no opportunity stage "${stage}". The stages are ${stages.join(", ")}.`, [
        { path: "stage", message: "is not a stage of opportunities" },
      ]),
    );
  if (stage === "lost" && (reason ?? "").trim() === "")
    throw new Refused(refuse(422, "invalid", "A lost opportunity needs a reason.", [{ path: "reason", message: "is required" }]));
  if (was.stage === stage) return;
  const next: Opportunity = {
    ...was,
    stage,
    stageAt: meta.now,
    updatedAt: meta.now,
    wonAt: stage === "won" ? meta.now : null,
    lostAt: stage === "lost" ? meta.now : null,
    lostReason: stage === "lost" ? reason : null,
  };
  lead.opportunities = lead.opportunities.map((candidate) => (candidate.id === id ? next : candidate));
  work.changed = true;
  note(work, "opportunity.stageChanged", { opportunity: id, name: was.name, from: was.stage, to: stage, ...(reason === null ? {} : { reason }) });
  if (stage === "won" && (isBefore(config, lead.stage, "customer") || lead.stage === "lost"))
    yield* enterStage(work, "customer", { because: "opportunity won" });
  if (stage === "lost" && isBefore(config, lead.stage, "customer") && !lead.opportunities.some((candidate) => isOpen(candidate))) {
    yield* enterStage(work, "lost", { because: "opportunity lost", reason: reason ?? undefined });
  }
}

function isOpen(opportunity: Opportunity): boolean {
  return opportunity.stage !== "won" && opportunity.stage !== "lost";
}

/** An opportunity from an import: dated outcomes move the lead at their date. The same outcome again changes nothing. */
export function* importOpportunity(work: Work, row: ImportOpportunity, history: boolean): Generator<Need, void, Answer> {
  const { lead, meta, config } = work;
  const won = row.won ?? row.wonAt !== undefined;
  const lost = !won && (row.lostAt !== undefined || row.won === false);
  const at = row.wonAt ?? row.lostAt ?? meta.now;
  const stage = won ? "won" : lost ? "lost" : (row.stage ?? (config.config.opportunityStages[0] as string));
  const name = row.name ?? lead.company ?? fullName(work);
  const same = lead.opportunities.find(
    (candidate) => candidate.name === name && candidate.stage === stage && (row.wonAt === undefined || candidate.wonAt === row.wonAt),
  );
  if (same !== undefined) return;
  yield* linkCompany(work);
  const opportunity = addOpportunity(work, {
    name,
    stage,
    amount: row.amount ?? null,
    currency: row.currency ?? (row.amount === undefined ? null : config.config.currency),
    closeDate: null,
    nextMeeting: null,
    form: {},
    wonAt: won ? at : null,
    lostAt: lost ? at : null,
    lostReason: lost ? (row.lostReason ?? "closed without a deal") : null,
    stageAt: at,
    ...(row.owner === undefined ? {} : { ownerId: row.owner }),
  });
  note(work, "lead.converted", { opportunity: opportunity.id, company: lead.companyId, name, stage }, history ? at : meta.now);
  const target = won ? "customer" : lost ? "lost" : "opportunity";
  if (lead.stage === target || (won && !isBefore(config, lead.stage, "customer") && lead.stage !== "lost" && config.order.has(lead.stage))) return;
  yield* enterStage(work, target, {
    because: won ? "opportunity won" : lost ? "opportunity lost" : "import",
    at: history || row.wonAt !== undefined || row.lostAt !== undefined ? at : undefined,
    reason: lost ? (row.lostReason ?? "closed without a deal") : undefined,
  });
}

function latestAnswers(tasks: readonly Task[], key: string): FormAnswers {
  return tasks.findLast((task) => task.key === key && task.state === "done")?.form ?? {};
}

function text(answer: string | Money | undefined): string | null {
  return typeof answer === "string" && answer !== "" ? answer : null;
}

function fullName({ lead }: Work): string {
  return [lead.firstName, lead.lastName].filter((part) => part !== null).join(" ") || (lead.email ?? lead.externalId ?? "Opportunity");
}

/** The domain a company is known by: of its website, else of the e-mail address. A website that names none says nothing. */
function businessDomain(website: string | null, email: string | null): string | null {
  const ofWebsite = website === null ? null : hostOf(website);
  if (ofWebsite !== null) return ofWebsite;
  const domain = email === null ? null : email.slice(email.lastIndexOf("@") + 1);
  return domain === null || isFreeMail(domain) || !isDomain(domain) ? null : domain;
}

/** What people write as a website: with or without scheme, www, port and path. */
function hostOf(website: string): string | null {
  const host = website
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/[/?#\\].*$/s, "")
    .replace(/^.*@/s, "")
    .replace(/:\d*$/, "")
    .replace(/\.$/, "")
    .replace(/^www\.(?=.*\.)/, "");
  return isDomain(host) ? host : null;
}
