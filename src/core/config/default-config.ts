/** What a new workspace starts with: the default lifecycle, a plain scoring model, the default process and one sales team. */
import type { Config, FormField, ScoreRule, Status, StageDef, TaskDef, UserRef } from "./config.ts";

const OPEN: readonly Status[] = ["new", "working"];

const main = (id: string, label: string, entry: StageDef["entry"] = "person", statuses: readonly Status[] = ["converted"]): StageDef => ({
  id,
  label,
  line: "main",
  entry,
  statuses,
});
const exit = (id: string, label: string, statuses: readonly Status[]): StageDef => ({ id, label, line: "exit", entry: "person", statuses });

export const DEFAULT_STAGES: readonly StageDef[] = [
  main("inquiry", "Inquiry", "capture", OPEN),
  main("mql", "Marketing qualified", "definition", OPEN),
  main("sal", "Sales accepted", "acceptance", OPEN),
  main("sql", "Sales qualified", "qualify", OPEN),
  main("opportunity", "Opportunity", "conversion"),
  main("customer", "Customer", "won"),
  main("onboarding", "Onboarding"),
  main("adoption", "Adoption"),
  main("value", "Value"),
  main("loyalty", "Loyalty"),
  main("advocacy", "Advocacy"),
  exit("rejected", "Rejected", ["nurture", "dead"]),
  exit("recycled", "Recycled", ["nurture"]),
  exit("disqualified", "Disqualified", ["dead"]),
  exit("lost", "Lost", ["dead"]),
  exit("churned", "Churned", ["dead"]),
];

const field = (id: string, label: string, points: number, when: Extract<ScoreRule, { kind: "field" }>["when"]): ScoreRule => ({
  id,
  label,
  section: "fit",
  kind: "field",
  when,
  points,
});

const DEFAULT_RULES: readonly ScoreRule[] = [
  field("title-decides", "Job title decides", 2000, {
    or: ["chief", "ceo", "cto", "cfo", "founder", "owner", "president", "director", "head of", "vp"].map((value) => ({
      field: "jobTitle",
      op: "contains",
      value,
    })),
  }),
  field("title-manages", "Job title manages", 1000, { or: ["manager", "lead"].map((value) => ({ field: "jobTitle", op: "contains", value })) }),
  field("title-learns", "Student or intern", -2000, { or: ["student", "intern"].map((value) => ({ field: "jobTitle", op: "contains", value })) }),
  field("has-company", "Company known", 1000, { field: "company", op: "isEmpty", value: false }),
  {
    id: "asked-for-contact",
    label: "Asked to speak to sales",
    section: "engagement",
    kind: "signal",
    facet: "contactRequest",
    points: 4000,
    each: false,
    cap: null,
    windowDays: 90,
    halfLifeDays: 30,
  },
  {
    id: "form-submitted",
    label: "Submitted a form",
    section: "engagement",
    kind: "signal",
    facet: "formSubmit",
    points: 1000,
    each: true,
    cap: 2000,
    windowDays: 90,
    halfLifeDays: 30,
  },
  {
    id: "pricing-viewed",
    label: "Looked at pricing",
    section: "engagement",
    kind: "signal",
    facet: "pricing",
    points: 800,
    each: true,
    cap: 2400,
    windowDays: 60,
    halfLifeDays: 14,
  },
  {
    id: "page-viewed",
    label: "Visited the website",
    section: "engagement",
    kind: "signal",
    facet: "pageView",
    points: 100,
    each: true,
    cap: 1000,
    windowDays: 30,
    halfLifeDays: 14,
  },
  {
    id: "downloaded",
    label: "Downloaded something",
    section: "engagement",
    kind: "signal",
    facet: "download",
    points: 1000,
    each: true,
    cap: 2000,
    windowDays: 90,
    halfLifeDays: 30,
  },
  {
    id: "webinar-attended",
    label: "Attended a webinar",
    section: "engagement",
    kind: "signal",
    facet: "webinarAttended",
    points: 1500,
    each: true,
    cap: 3000,
    windowDays: 180,
    halfLifeDays: 60,
  },
  {
    id: "event-visited",
    label: "Visited our stand",
    section: "engagement",
    kind: "signal",
    facet: "eventVisit",
    points: 1500,
    each: true,
    cap: 1500,
    windowDays: 180,
    halfLifeDays: 60,
  },
  {
    id: "mail-replied",
    label: "Replied to a mail",
    section: "engagement",
    kind: "signal",
    facet: "mailReply",
    points: 2000,
    each: true,
    cap: 2000,
    windowDays: 60,
    halfLifeDays: 30,
  },
  {
    id: "mail-clicked",
    label: "Clicked in a mail",
    section: "engagement",
    kind: "signal",
    facet: "mailClick",
    points: 300,
    each: true,
    cap: 900,
    windowDays: 60,
    halfLifeDays: 14,
  },
  { id: "bant-budget", label: "Budget known", section: "bant", kind: "field", when: { field: "bant.budget", op: "isEmpty", value: false }, points: 500 },
  {
    id: "bant-authority",
    label: "Decides alone or with others",
    section: "bant",
    kind: "field",
    when: { field: "bant.authority", op: "isEmpty", value: false },
    points: 500,
  },
  { id: "bant-need", label: "Need known", section: "bant", kind: "field", when: { field: "bant.need", op: "isEmpty", value: false }, points: 500 },
  { id: "bant-timeline", label: "Timeline known", section: "bant", kind: "field", when: { field: "bant.timeline", op: "isEmpty", value: false }, points: 500 },
  {
    id: "profile-filled",
    label: "Profile filled in",
    section: "quality",
    kind: "filled",
    fields: ["email", "phone", "firstName", "lastName", "company", "jobTitle", "country"],
    points: 1000,
  },
  {
    id: "recently-active",
    label: "Recently active",
    section: "freshness",
    kind: "age",
    since: "touch",
    steps: [
      { days: 7, points: 500 },
      { days: 30, points: 200 },
    ],
  },
];

const QUALIFY_FORM: readonly FormField[] = [
  { key: "businessCase", label: "Business case", type: "text" },
  { key: "productSuggestions", label: "Product suggestions", type: "text" },
  { key: "potentialValue", label: "Potential value", type: "money" },
  { key: "expectedCloseDate", label: "Expected close date", type: "date" },
  { key: "salesChannel", label: "Sales channel", type: "text" },
  { key: "assigneesGroup", label: "Assignees group", type: "team" },
  { key: "owner", label: "Owner", type: "user" },
];

const CONVERT_FORM: readonly FormField[] = [
  { key: "businessCase", label: "Business case", type: "text" },
  { key: "productSuggestions", label: "Product suggestions", type: "text" },
  { key: "potentialValue", label: "Potential value", type: "money" },
  { key: "expectedCloseDate", label: "Expected close date", type: "date" },
  { key: "assigneesGroup", label: "Assignees group", type: "team" },
  { key: "opportunityOwner", label: "Opportunity owner", type: "user" },
  { key: "nextMeeting", label: "Next meeting", type: "dateTime" },
];

const DONE = [{ id: "done", label: "Done" }] as const;

/** The default process: three first tasks, any of which adds Qualify; Qualify moves to `sql`, which adds Convert. With acceptance on, all this stands at `sal`. */
export function defaultProcess(acceptance: boolean): Config["process"] {
  const work = acceptance ? "sal" : "mql";
  const accept: TaskDef = {
    key: "accept",
    kind: "review",
    title: "Accept or return",
    stage: "mql",
    starts: "entry",
    dueHours: 8,
    results: [
      { id: "accept", label: "Accept", leadsTo: { stage: "sal" } },
      { id: "return", label: "Return to marketing", leadsTo: { stage: "rejected" }, needsReason: true },
    ],
  };
  return {
    name: acceptance ? "Task-driven with acceptance" : "Task-driven",
    tasks: [
      ...(acceptance ? [accept] : []),
      { key: "welcome", kind: "mail", title: "Send a welcome letter", stage: work, starts: "entry", dueHours: 24, results: DONE },
      { key: "connect", kind: "social", title: "Connect and follow on the social network", stage: work, starts: "entry", dueHours: 48, results: DONE },
      { key: "call", kind: "call", title: "Call, present, clarify needs and pain points", stage: work, starts: "entry", dueHours: 24, results: DONE },
      {
        key: "qualify",
        kind: "form",
        title: "Qualify lead for sales",
        stage: work,
        starts: { afterAny: ["welcome", "connect", "call"] },
        dueHours: 72,
        form: QUALIFY_FORM,
        results: [{ id: "done", label: "Qualified", leadsTo: { stage: "sql" } }],
      },
      {
        key: "convert",
        kind: "form",
        title: "Convert to opportunity",
        stage: "sql",
        starts: "entry",
        dueHours: 120,
        form: CONVERT_FORM,
        results: [{ id: "done", label: "Converted", leadsTo: { convert: true } }],
      },
    ],
  };
}

export const OPPORTUNITY_STAGES = ["discovery", "demo", "presentation", "negotiation", "contract"] as const;

export function defaultConfig(users: readonly UserRef[], currency = "EUR"): Config {
  return {
    stages: DEFAULT_STAGES,
    acceptance: false,
    fields: [
      { key: "interests", label: "Interests", type: "text" },
      { key: "leadType", label: "Lead type", type: "text" },
      { key: "need", label: "Need", type: "text" },
    ],
    facets: [{ id: "pricing", kind: "pageView", property: "url", pattern: "*/pricing*" }],
    model: {
      name: "Starter",
      rules: DEFAULT_RULES,
      caps: { fit: 5000, engagement: 6000 },
      floor: -10000,
      ceiling: 10000,
      heat: { hot: { engagement: 3000, withinDays: 7 }, warm: { engagement: 1000, withinDays: 30 } },
    },
    definitions: [{ stage: "mql", version: 1, criteria: { field: "score", op: "gte", value: 50 } }],
    process: defaultProcess(false),
    routing: {
      at: ["mql"],
      rules: [{ id: "everyone", label: "Every lead to Sales", when: null, team: "sales" }],
      fallback: { queue: "Unassigned", responsible: users[0]?.id ?? null },
    },
    users,
    teams: [{ id: "sales", name: "Sales", members: users.map((user) => user.id) }],
    opportunityStages: OPPORTUNITY_STAGES,
    currency,
    defaultCountry: null,
  };
}
