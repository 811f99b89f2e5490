/**
 * How the demo company has set Baton up: its definition of a qualified lead, some twenty-five scoring rules, three sales
 * teams by territory, and a process that goes on after conversion, so that every open deal has a next step.
 */
import type { DefinitionText } from "../definitions/definition.ts";
import type { Config, FieldDef, FormField, ScoreRule, TaskDef, TeamDef } from "../config/config.ts";
import { defaultConfig } from "../config/default-config.ts";
import type { Filter } from "../filter/filter.ts";
import { SYSTEMS } from "./companies.ts";
import { INDUSTRIES, LANDS, type Territory } from "./lands.ts";

const FIELDS: readonly FieldDef[] = [
  { key: "interests", label: "Interests", type: "text" },
  { key: "leadType", label: "Lead type", type: "text" },
  { key: "need", label: "Need", type: "text" },
  { key: "industry", label: "Industry", type: "select", options: INDUSTRIES },
  { key: "employees", label: "Employees", type: "number" },
  { key: "dockDoors", label: "Dock doors", type: "number" },
  { key: "trucksPerDay", label: "Trucks a day", type: "number" },
  { key: "currentSystem", label: "Works today with", type: "select", options: SYSTEMS },
  { key: "contractEnds", label: "Contract ends", type: "date" },
  { key: "language", label: "Language", type: "select", options: [...new Set(LANDS.map(({ language }) => language))] },
];

const anyOf = (field: string, texts: readonly string[]): Filter => ({ or: texts.map((value) => ({ field, op: "contains", value })) });

type Fit = Extract<ScoreRule, { kind: "field" }>;
const fit = (id: string, label: string, points: number, when: Filter, section: Fit["section"] = "fit"): ScoreRule => ({
  id,
  label,
  section,
  kind: "field",
  when,
  points: points * 100,
});

type Signal = Extract<ScoreRule, { kind: "signal" }>;
const signal = (id: string, label: string, facet: string, points: number, cap: number, windowDays: number, halfLifeDays: number | null = null): Signal => ({
  id,
  label,
  section: "engagement",
  kind: "signal",
  facet,
  points: points * 100,
  each: true,
  cap: cap * 100,
  windowDays,
  halfLifeDays,
});

const RULES: readonly ScoreRule[] = [
  fit("title-decides", "Decides about the yard", 16, anyOf("jobTitle", ["chief", "managing", "director", "head of", "owner", "vp "])),
  fit("title-manages", "Runs a site or a department", 11, { and: [anyOf("jobTitle", ["manager"]), { not: anyOf("jobTitle", ["managing"]) }] }),
  fit("title-works", "Works with the yard every day", 5, anyOf("jobTitle", ["dispatcher", "planner", "supervisor", "analyst", "coordinator"])),
  fit("title-learns", "Student, intern or press", -20, anyOf("jobTitle", ["student", "intern", "journalist", "research"])),
  fit("size-large", "500 employees or more", 10, { field: "fields.employees", op: "gte", value: 500 }),
  fit("size-middle", "100 to 499 employees", 7, { field: "fields.employees", op: "between", value: [100, 499] }),
  fit("size-small", "Fewer than 30 employees", -6, { field: "fields.employees", op: "lt", value: 30 }),
  fit("yard-busy", "60 trucks a day or more", 8, { field: "fields.trucksPerDay", op: "gte", value: 60 }),
  fit("industry-core", "Logistics, food or retail", 6, {
    field: "fields.industry",
    op: "in",
    value: ["Logistics", "Food and beverage", "Retail and wholesale"],
  }),
  fit("works-by-hand", "Paper, phone or spreadsheet today", 4, { field: "fields.currentSystem", op: "in", value: ["Paper and phone", "Spreadsheet"] }),
  fit("private-mail", "Private e-mail address", -8, anyOf("email", ["@postbox.", "@webmail.", "@inbox-mail."])),
  signal("asked-for-contact", "Asked to be contacted", "contactRequest", 26, 26, 60),
  signal("pricing-viewed", "Looked at pricing", "pricing", 6, 18, 45),
  signal("case-read", "Read a customer story", "stories", 3, 9, 45, 21),
  signal("page-viewed", "Visited the website", "pageView", 0.5, 6, 30),
  signal("form-submitted", "Submitted a form", "formSubmit", 5, 10, 90),
  signal("downloaded", "Downloaded a guide", "download", 7, 14, 60),
  signal("video-watched", "Watched a product video", "videoView", 4, 8, 45),
  signal("webinar-registered", "Registered for a webinar", "webinarRegistered", 4, 8, 60),
  signal("webinar-attended", "Attended a webinar", "webinarAttended", 12, 24, 90),
  signal("stand-visited", "Visited our stand", "eventVisit", 14, 14, 90),
  signal("mail-clicked", "Clicked in a mail", "mailClick", 3, 9, 45, 14),
  signal("mail-replied", "Replied to a mail", "mailReply", 10, 20, 60),
  fit("bant-budget", "Budget known", 5, { field: "bant.budget", op: "isEmpty", value: false }, "bant"),
  fit("bant-authority", "Authority known", 5, { field: "bant.authority", op: "isEmpty", value: false }, "bant"),
  fit("bant-need", "Need known", 5, { field: "bant.need", op: "isEmpty", value: false }, "bant"),
  fit("bant-timeline", "Timeline known", 5, { field: "bant.timeline", op: "isEmpty", value: false }, "bant"),
  {
    id: "profile-filled",
    label: "Profile filled in",
    section: "quality",
    kind: "filled",
    fields: ["email", "phone", "firstName", "lastName", "company", "jobTitle", "country", "city"],
    points: 800,
  },
  {
    id: "recently-active",
    label: "Recently active",
    section: "freshness",
    kind: "age",
    since: "touch",
    steps: [{ days: 14, points: 400 }],
  },
];

const DONE = [{ id: "done", label: "Done" }] as const;
const step = (
  key: string,
  kind: TaskDef["kind"],
  title: string,
  stage: string,
  starts: TaskDef["starts"],
  dueHours: number,
  form?: readonly FormField[],
): TaskDef => ({
  key,
  kind,
  title,
  stage,
  starts,
  dueHours,
  ...(form === undefined ? {} : { form }),
  results: DONE,
});

const HANDOFF: readonly FormField[] = [
  { key: "promised", label: "What was promised", type: "text" },
  { key: "goLive", label: "Wanted go-live", type: "date" },
  { key: "risks", label: "Risks", type: "text" },
];

/** The steps after conversion: one after another, so that a deal always has exactly one in front of it. */
const AFTER_CONVERSION: readonly TaskDef[] = [
  step("walkYard", "meeting", "Walk the yard and map a truck's day", "opportunity", "entry", 96),
  step("demo", "meeting", "Show the gate and the docks with their own data", "opportunity", { afterAny: ["walkYard"] }, 120),
  step("proposal", "mail", "Send the proposal with the business case", "opportunity", { afterAny: ["demo"] }, 96),
  step("negotiate", "call", "Agree on terms and start date", "opportunity", { afterAny: ["proposal"] }, 168),
  step("contract", "mail", "Get the contract signed", "opportunity", { afterAny: ["negotiate"] }, 168),
  step("handoff", "form", "Hand over to customer success", "customer", "entry", 48, HANDOFF),
  step("kickoff", "meeting", "Hold the kick-off on site", "onboarding", "entry", 240),
  step("goLive", "meeting", "First gate live", "onboarding", { afterAny: ["kickoff"] }, 720),
  step("review", "meeting", "Thirty-day review", "adoption", "entry", 720),
  step("nextReview", "meeting", "Quarterly review", "adoption", { afterAny: ["review"] }, 2160),
];

export type DemoTeams = { readonly [K in Territory]: readonly string[] };

const TEAM_NAMES: { readonly [K in Territory]: string } = { nordics: "Nordics", central: "Central Europe", west: "Western Europe" };
export const TERRITORIES: readonly Territory[] = ["nordics", "central", "west"];

const KEY_ACCOUNTS = {
  id: "key-accounts",
  label: "Groups of 3,000 people and more to Central Europe, which sells to them everywhere",
  when: { field: "fields.employees", op: "gte", value: 3000 },
  team: "central",
} as const;

/** What marketing and sales of the demo put their names to, beside the criteria. */
export const DEMO_SIGNED: readonly (Pick<DefinitionText, "meaning" | "owner" | "exits"> & { readonly stage: string })[] = [
  {
    stage: "mql",
    meaning: "Somebody with a say in how a truck yard runs, at a company we know by name, in a country we deliver to, who showed interest lately.",
    owner: "Sales",
    exits: [
      { stage: "recycled", when: "There is no project within the next twelve months." },
      { stage: "disqualified", when: "The company runs no yard of its own." },
    ],
  },
  {
    stage: "sql",
    meaning: "Sales spoke to the person, and knows what is needed and by when.",
    owner: "Sales",
    exits: [{ stage: "lost", when: "Another supplier was chosen, or the project was given up." }],
  },
];

/**
 * @param base what the workspace has now: its users stay, and whatever this does not say
 * @param people who belongs to which sales team
 * @param responsible who answers for leads that no rule takes
 */
export function demoConfig(base: Config, people: DemoTeams, responsible: string): Config {
  const fallback = defaultConfig(base.users, "EUR");
  const teams: readonly TeamDef[] = TERRITORIES.map((id) => ({ id, name: TEAM_NAMES[id], members: people[id], managers: [responsible] }));
  return {
    ...base,
    acceptance: false,
    fields: FIELDS,
    facets: [
      { id: "pricing", kind: "pageView", property: "url", pattern: "*/pricing*" },
      { id: "stories", kind: "pageView", property: "url", pattern: "*/customers/*" },
    ],
    model: {
      name: "Yard buyers in Europe",
      rules: RULES,
      caps: { fit: 3000, engagement: 5500 },
      floor: -10_000,
      ceiling: 10_000,
      heat: { hot: { engagement: 2800, withinDays: 7 }, warm: { engagement: 1000, withinDays: 30 } },
    },
    definitions: [
      {
        stage: "mql",
        version: 3,
        criteria: {
          and: [
            { field: "score", op: "gte", value: 60 },
            { field: "company", op: "isEmpty", value: false },
            { field: "country", op: "isEmpty", value: false },
          ],
        },
      },
      {
        stage: "sql",
        version: 2,
        criteria: {
          and: [
            { field: "bant.need", op: "isEmpty", value: false },
            { field: "bant.timeline", op: "isEmpty", value: false },
          ],
        },
      },
    ],
    process: { name: "From first call to signed contract", tasks: [...fallback.process.tasks, ...AFTER_CONVERSION] },
    routing: {
      at: ["mql"],
      rules: [
        KEY_ACCOUNTS,
        ...TERRITORIES.map((id) => ({
          id: `to-${id}`,
          label: `Leads from ${LANDS.filter(({ territory }) => territory === id)
            .map(({ code }) => code)
            .join(", ")} to ${TEAM_NAMES[id]}`,
          when: { field: "country", op: "in" as const, value: LANDS.filter(({ territory }) => territory === id).map(({ code }) => code) },
          team: id,
        })),
      ],
      fallback: { queue: "Unassigned", responsible },
    },
    teams,
    currency: "EUR",
  };
}
