/**
 * What sales makes of a lead: who calls when, who is sent back, what is qualified, offered, won and lost. Each entry into a
 * stage answers with what people will do about it in the hours and weeks after; what never comes about before the last day
 * is what stands open in the demo workspace.
 */
import type { Input, TouchInput } from "../flow/input.ts";
import type { FormAnswers, LeadState } from "../flow/state.ts";
import { blanksOf, touch } from "./behaviour.ts";
import { afterOpenDays, afterOpenHours, dayOf, isWorkday, MINUTE_MS, nextOpen, startOfDay } from "./calendar.ts";
import { SOURCE_DEFS } from "./market.ts";
import type { Planned } from "./plan.ts";
import type { Random } from "./random.ts";
import * as words from "./words.ts";

/** Something somebody does about a lead at a moment, seen from the lead as it stands then. */
export type Move = { readonly at: number; readonly does: (lead: LeadState) => readonly Deed[] };
export type Deed = { readonly by: string; readonly input: Input };

export type Desk = { readonly manager: string; readonly customerSuccess: string };

/** What is done about a lead that has just entered its stage. */
export function movesOf(planned: Planned, lead: LeadState, desk: Desk): readonly Move[] {
  const random = planned.random.fork(`${lead.stage} ${lead.passes[lead.stage] ?? 1}`);
  switch (lead.stage) {
    case "mql":
      return workMql(planned, lead, random, desk);
    case "sql":
      return workSql(planned, lead, random);
    case "opportunity":
      return workOpportunity(planned, lead, random);
    case "customer":
      return handOver(lead, random, desk);
    case "onboarding":
      return [complete(afterOpenDays(lead.stageAt, random.around(7, 0.3)), "kickoff", random), ...goLive(lead, random, desk)];
    case "adoption":
      return [complete(afterOpenDays(lead.stageAt, 22), "review", random)];
    default:
      return [];
  }
}

function workMql(planned: Planned, lead: LeadState, random: Random, { manager }: Desk): readonly Move[] {
  if (planned.cohort === "fresh" || planned.cohort === "today") return [];
  const start = lead.stageAt;
  const welcome = sendWelcome(planned, afterOpenHours(start, random.around(2.6, 0.9)), random);
  if (planned.cohort === "waiting") return welcome;
  const fate = fateOf(planned, lead, random);
  if (fate === "neglected") {
    const swept = afterOpenDays(start, random.int(20, 26));
    return [
      ...welcome,
      { at: swept, does: (now) => leave(now, "mql", manager, { kind: "stage", stage: "recycled", reason: "No answer after five attempts" }) },
    ];
  }
  const moves: Move[] = [...welcome];
  if (random.chance(0.8)) moves.push(done(afterOpenHours(start, random.around(6, 0.7)), "connect"));
  let at = afterOpenHours(start, random.around(5, 0.8));
  const attempts = fate === "recycle" && random.chance(0.5) ? 5 : random.weighted({ "1": 58, "2": 27, "3": 15 });
  for (let i = 1; i < Number(attempts); i++) {
    const missed = at;
    const note = random.pick(words.CALLS_NO_ANSWER);
    moves.push({ at, does: (now) => [said(now, touch("call", missed, { outcome: "noAnswer", notes: note }))] });
    at = afterOpenHours(at, random.around(9, 0.5));
  }
  if (attempts === 5) return [...moves, sendBack(at, "recycled", "No answer after five attempts", "mql")];
  const notes = words.fill(random.pick(words.CALLS_REACHED), blanksOf(planned));
  const [called, minutes] = [at, random.int(4, 34)];
  const bant = bantOf(random, fate === "qualify" ? 0.75 : 0.35);
  moves.push({
    at,
    does: (now) => [said(now, touch("call", called, { outcome: "reached", minutes, notes })), ...closing(now, "call"), ...learned(now, bant)],
  });
  const decided = afterOpenHours(at, random.around(fate === "qualify" ? 9 : 4, 0.7));
  switch (fate) {
    case "return":
      return [...moves, { at: decided, does: (now) => leave(now, "mql", owner(now), { kind: "reject", reason: random.pick(words.RETURN_REASONS) }) }];
    case "disqualify":
      return [...moves, sendBack(decided, "disqualified", random.pick(words.DISQUALIFY_REASONS), "mql")];
    case "recycle":
      return [...moves, sendBack(decided, "recycled", random.pick(words.RECYCLE_REASONS), "mql")];
    default:
      return [...moves, qualify(planned, decided, random)];
  }
}

type Fate = "return" | "disqualify" | "recycle" | "neglected" | "qualify";

function fateOf(planned: Planned, lead: LeadState, random: Random): Fate {
  const { intent, source, person } = planned;
  const rank = { decides: 1.15, manages: 1, works: 0.7, outside: 0 }[person.rank];
  const again = (lead.passes["mql"] ?? 1) > 1 ? 1.3 : 1;
  const hope = Math.min(0.8, { idle: 0.1, curious: 0.24, interested: 0.36, ready: 0.45 }[intent] * SOURCE_DEFS[source].luck * rank * again);
  if (random.chance(hope)) return "qualify";
  if (person.rank === "outside") return "disqualify";
  return random.weighted({ return: 24, disqualify: 10, recycle: 61, neglected: 5 });
}

function sendWelcome(planned: Planned, at: number, random: Random): readonly Move[] {
  const subject = words.fill(random.pick(words.WELCOME_SUBJECTS), blanksOf(planned));
  if (planned.person.email === null) return [done(at, "welcome")];
  const moves: Move[] = [{ at, does: (now) => [said(now, touch("mailSent", at, { oneToOne: true, subject })), ...closing(now, "welcome")] }];
  if (random.chance(0.62)) {
    const opened = at + random.int(6, 900) * MINUTE_MS;
    moves.push({ at: opened, does: () => [heard(touch("mailOpen", opened, { subject }))] });
  }
  if (random.chance(planned.intent === "ready" || planned.intent === "interested" ? 0.26 : 0.08)) {
    const replied = afterOpenHours(at, random.around(6, 0.8));
    moves.push({ at: replied, does: () => [heard(touch("mailReply", replied, { subject: `Re: ${subject}` }))] });
  }
  return moves;
}

function qualify(planned: Planned, at: number, random: Random): Move {
  const form: FormAnswers = {
    businessCase: words.fill(random.pick(words.BUSINESS_CASES), blanksOf(planned)),
    productSuggestions: random.pick(words.PRODUCTS),
    potentialValue: { amount: dealSize(planned, random), currency: "EUR" },
    expectedCloseDate: dateAfter(at, random.int(35, 95)),
    salesChannel: planned.source === "partner" ? "Partner: warehouse integrator" : random.pick(words.CHANNELS),
  };
  const bant = bantOf(random, 1);
  return {
    at,
    does: (now) =>
      now.stage === "mql"
        ? [...learned(now, bant), ...["welcome", "connect", "call"].flatMap((key) => closing(now, key)), ...closing(now, "qualify", form)]
        : [],
  };
}

function workSql(planned: Planned, lead: LeadState, random: Random): readonly Move[] {
  const { luck } = SOURCE_DEFS[planned.source];
  const at = afterOpenDays(lead.stageAt, random.around(3.2, 0.6));
  const subject = words.fill(random.pick(words.FOLLOW_UP_SUBJECTS), blanksOf(planned));
  const mail: Move = {
    at: afterOpenHours(lead.stageAt, random.around(4)),
    does: (now) => [said(now, touch("mailSent", lead.stageAt, { oneToOne: true, subject }))],
  };
  if (!random.chance(Math.min(0.8, 0.57 * Math.sqrt(luck)))) {
    const late = afterOpenDays(at, random.around(4, 0.6));
    const reason = random.pick(words.RECYCLE_REASONS);
    return [
      mail,
      random.chance(0.8) ? sendBack(late, "recycled", reason, "sql") : { at: late, does: (now) => leave(now, "sql", owner(now), { kind: "reject", reason }) },
    ];
  }
  const meets = random.chance(0.42);
  const meeting = afterOpenDays(at, random.int(3, 8));
  const form: FormAnswers = {
    expectedCloseDate: dateAfter(at, random.int(30, 85)),
    ...(meets ? { nextMeeting: new Date(quarter(meeting)).toISOString() } : {}),
  };
  return [mail, { at, does: (now) => (now.stage === "sql" ? closing(now, "convert", form) : []) }];
}

const STEPS = [
  { task: "walkYard", days: 6, kind: "meeting", leadsTo: "demo" },
  { task: "demo", days: 8, kind: "meeting", leadsTo: "presentation" },
  { task: "proposal", days: 6, kind: "mailSent", leadsTo: "negotiation" },
  { task: "negotiate", days: 10, kind: "call", leadsTo: "contract" },
  { task: "contract", days: 8, kind: "mailSent", leadsTo: "won" },
] as const;
const OPEN_STAGES = ["discovery", "demo", "presentation", "negotiation", "contract"];

function workOpportunity(planned: Planned, lead: LeadState, random: Random): readonly Move[] {
  const opportunity = lead.opportunities.at(-1);
  if (opportunity === undefined) return [];
  const wins = random.chance(Math.min(0.75, 0.43 * Math.sqrt(SOURCE_DEFS[planned.source].luck)));
  const ends = wins ? STEPS.length : Number(random.weighted({ "1": 14, "2": 24, "3": 34, "4": 28 }));
  const moves: Move[] = [];
  let at = opportunity.nextMeeting ?? lead.stageAt;
  STEPS.slice(0, ends).forEach(({ task, days, kind, leadsTo }, i) => {
    if (i > 0 || opportunity.nextMeeting === null) at = afterOpenDays(at, random.around(days, 0.5));
    if (random.chance(0.3)) moves.push(between(planned, afterOpenHours(at, random.int(3, 9)), random));
    const moment = at;
    const notes = random.pick(words.MEETING_NOTES[task]);
    const happened = touch(
      kind,
      moment,
      kind === "mailSent"
        ? { oneToOne: true, subject: words.fill(random.pick(words.FOLLOW_UP_SUBJECTS), blanksOf(planned)), notes }
        : { notes, minutes: random.int(25, 95) },
    );
    moves.push({
      at,
      does: (now) => {
        const deal = now.opportunities.find(({ id }) => id === opportunity.id);
        if (now.stage !== "opportunity" || deal === undefined || now.tasks.every((open) => open.key !== task || open.state !== "open")) return [];
        const further = OPEN_STAGES.indexOf(leadsTo) > OPEN_STAGES.indexOf(deal.stage) || (leadsTo === "won" && i === STEPS.length - 1);
        return [
          said(now, happened),
          ...closing(now, task),
          ...(further ? [{ by: owner(now), input: { kind: "opportunityStage", opportunityId: deal.id, stage: leadsTo } } as const] : []),
        ];
      },
    });
  });
  if (!wins) {
    const lost = afterOpenDays(at, random.around(9, 0.5));
    const reason = random.pick(words.LOST_REASONS);
    moves.push({
      at: lost,
      does: (now) =>
        now.stage === "opportunity" ? [{ by: owner(now), input: { kind: "opportunityStage", opportunityId: opportunity.id, stage: "lost", reason } }] : [],
    });
  }
  return moves;
}

/** A call or a mail from the customer between two steps. */
function between(planned: Planned, at: number, random: Random): Move {
  if (random.chance(0.5) && planned.person.email !== null) {
    const subject = `Re: ${words.fill(random.pick(words.FOLLOW_UP_SUBJECTS), blanksOf(planned))}`;
    return { at, does: () => [heard(touch("mailReply", at, { subject }))] };
  }
  const objection = random.pick(words.OBJECTIONS);
  const minutes = random.int(5, 25);
  return { at, does: (now) => [said(now, touch("call", at, { outcome: "reached", minutes, notes: objection }))] };
}

function handOver(lead: LeadState, random: Random, { customerSuccess }: Desk): readonly Move[] {
  const at = afterOpenHours(lead.stageAt, random.around(7, 0.5));
  const form: FormAnswers = { promised: random.pick(words.PROMISED), goLive: dateAfter(at, random.int(30, 60)), risks: random.pick(words.RISKS) };
  const taken = afterOpenHours(at, random.around(5, 0.4));
  return [
    { at, does: (now) => closing(now, "handoff", form) },
    {
      at: taken,
      does: (now) =>
        now.stage === "customer"
          ? [
              { by: owner(now), input: { kind: "assign", owner: customerSuccess, reason: "handed over after the contract" } },
              { by: `user:${customerSuccess}`, input: { kind: "stage", stage: "onboarding" } },
            ]
          : [],
    },
  ];
}

function goLive(lead: LeadState, random: Random, { customerSuccess }: Desk): readonly Move[] {
  const at = afterOpenDays(lead.stageAt, random.around(22, 0.25));
  return [
    complete(at, "goLive", random),
    { at: afterOpenHours(at, 3), does: (now) => leave(now, "onboarding", `user:${customerSuccess}`, { kind: "stage", stage: "adoption" }) },
  ];
}

/** A meeting with its notes, and its task. */
function complete(at: number, task: "kickoff" | "goLive" | "review", random: Random): Move {
  const notes = random.pick(words.MEETING_NOTES[task]);
  return {
    at,
    does: (now) =>
      now.tasks.some(({ key, state }) => key === task && state === "open")
        ? [said(now, touch("meeting", at, { notes, minutes: 60 })), ...closing(now, task)]
        : [],
  };
}

function done(at: number, task: string): Move {
  return { at, does: (now) => closing(now, task) };
}

function sendBack(at: number, stage: "recycled" | "disqualified", reason: string, from: string): Move {
  return { at, does: (now) => leave(now, from, owner(now), { kind: "stage", stage, reason }) };
}

function leave(now: LeadState, from: string, by: string, input: Input): readonly Deed[] {
  return now.stage === from ? [{ by, input }] : [];
}

function owner(lead: LeadState): string {
  return `user:${lead.ownerId ?? ""}`;
}

function said(now: LeadState, happened: TouchInput): Deed {
  return { by: owner(now), input: { kind: "touches", touches: [happened] } };
}

function heard(happened: TouchInput): Deed {
  return { by: "mail", input: { kind: "touches", touches: [happened] } };
}

/** Completes an open task of the lead; one that an input just before brings is found by the door. */
function closing(now: LeadState, key: string, form?: FormAnswers): readonly Deed[] {
  const task = now.tasks.find((candidate) => candidate.key === key && candidate.state === "open");
  return task === undefined
    ? []
    : [{ by: owner(now), input: { kind: "completeTask", taskId: task.id, result: "done", ...(form === undefined ? {} : { form }) } }];
}

type Bant = Readonly<Partial<Record<"budget" | "authority" | "need" | "timeline", string>>>;

function bantOf(random: Random, share: number): Bant {
  return {
    ...(random.chance(share) ? { need: random.pick(words.NEEDS) } : {}),
    ...(random.chance(share * 0.8) ? { timeline: random.pick(words.TIMELINES) } : {}),
    ...(random.chance(share * 0.7) ? { authority: random.pick(words.AUTHORITIES) } : {}),
    ...(random.chance(share * 0.6) ? { budget: random.pick(words.BUDGETS) } : {}),
  };
}

/** Writes what is not known yet. */
function learned(now: LeadState, bant: Bant): readonly Deed[] {
  const fresh = Object.fromEntries(Object.entries(bant).filter(([part]) => now.bant[part as keyof Bant] === null));
  return Object.keys(fresh).length === 0 ? [] : [{ by: owner(now), input: { kind: "edit", patch: { bant: fresh } } }];
}

/** A year's subscription in cents, by doors and trucks, in steps of 500 euros. */
function dealSize({ person: { company } }: Planned, random: Random): number {
  const euros = (6500 + company.dockDoors * 620 + company.trucksPerDay * 45) * (company.employees > 1500 ? 2.2 : 1) * random.around(1, 0.3);
  return Math.max(4000, Math.round(euros / 500) * 500) * 100;
}

function dateAfter(at: number, days: number): string {
  let day = dayOf(at) + days;
  while (!isWorkday(day)) day++;
  return new Date(startOfDay(day)).toISOString().slice(0, 10);
}

/** The next quarter of an hour in office hours: when meetings begin. */
function quarter(at: number): number {
  const step = 15 * MINUTE_MS;
  return nextOpen(Math.ceil(at / step) * step);
}
