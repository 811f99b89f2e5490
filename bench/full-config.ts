/**
 * The one configuration all benches run: more than 40 rules of every kind, definitions on four stages, the default process,
 * three teams of eight, ten fields. A figure means nothing without it, so it changes only together with the figures.
 */
import type { Config, Definition, FieldDef, RoutingRule, ScoreRule, UserRef } from "../src/core/config/config.ts";
import { defaultConfig } from "../src/core/config/default-config.ts";
import type { Filter } from "../src/core/filter/filter.ts";
import { INDUSTRIES, REGIONS } from "./people.ts";

export const TEAMS = ["enterprise", "dach", "world"] as const;

/** In points, as the API takes it. `variant` changes what a rule gives, for those who measure a change of the model. */
export function fullConfig(users: readonly UserRef[], variant = 0): Config {
  const members = (team: number): readonly string[] => users.slice(team * 8, team * 8 + 8).map(({ id }) => id);
  return {
    ...defaultConfig(users),
    fields: FIELDS,
    facets: [
      { id: "pricing", kind: "pageView", property: "url", pattern: "*/pricing*" },
      { id: "docs", kind: "pageView", property: "url", pattern: "*/docs*" },
      { id: "careers", kind: "pageView", property: "url", pattern: "*/careers*" },
    ],
    model: {
      name: "Full",
      rules: [...fitRules(variant), ...SIGNALS, ...OTHERS],
      caps: { fit: 55, engagement: 60, bant: 20, quality: 10, freshness: 5 },
      floor: -100,
      ceiling: 100,
      heat: { hot: { engagement: 30, withinDays: 7 }, warm: { engagement: 10, withinDays: 30 } },
    },
    definitions: DEFINITIONS,
    routing: { at: ["mql"], rules: ROUTES, fallback: { queue: "Unassigned", responsible: users[0]?.id ?? null } },
    teams: TEAMS.map((id, i) => ({ id, name: id, members: members(i) })),
  };
}

const FIELDS: readonly FieldDef[] = [
  { key: "industry", label: "Industry", type: "select", options: INDUSTRIES },
  { key: "employees", label: "Employees", type: "number" },
  { key: "region", label: "Region", type: "select", options: REGIONS },
  { key: "newsletter", label: "Newsletter", type: "boolean" },
  { key: "revenue", label: "Revenue", type: "number" },
  { key: "renewal", label: "Contract renewal", type: "date" },
  { key: "product", label: "Product of interest", type: "text" },
  { key: "competitor", label: "Uses today", type: "text" },
  { key: "partner", label: "Came through partner", type: "text" },
  { key: "demoWanted", label: "Wants a demo", type: "boolean" },
];

const contains = (field: string, ...texts: readonly string[]): Filter => ({ or: texts.map((value) => ({ field, op: "contains", value })) });
const among = (field: string, ...value: readonly string[]): Filter => ({ field, op: "in", value });
const known = (field: string): Filter => ({ field, op: "isEmpty", value: false });
const at = (field: string, low: number, high: number): Filter => ({ field, op: "between", value: [low, high] });

function fitRules(variant: number): readonly ScoreRule[] {
  const rules: readonly (readonly [string, number, Filter])[] = [
    ["title-chief", 15 + variant, contains("jobTitle", "chief", "ceo", "cto", "cfo", "founder", "owner", "president", "managing director")],
    ["title-director", 12, contains("jobTitle", "director", "head of", "vp")],
    ["title-manager", 8, contains("jobTitle", "manager", "lead")],
    ["title-expert", 4, contains("jobTitle", "engineer", "analyst", "administrator", "consultant")],
    ["title-learner", -20, contains("jobTitle", "student", "intern", "trainee")],
    ["industry-core", 10, among("fields.industry", "software", "manufacturing", "logistics")],
    ["industry-near", 6, among("fields.industry", "finance", "energy", "health")],
    ["industry-far", -4, among("fields.industry", "education", "public")],
    ["size-small", 2 + variant, at("fields.employees", 10, 49)],
    ["size-medium", 6, at("fields.employees", 50, 499)],
    ["size-large", 10, { field: "fields.employees", op: "gte", value: 500 }],
    ["size-tiny", -5, { field: "fields.employees", op: "lt", value: 10 }],
    ["country-home", 6, among("country", "DE", "AT", "CH")],
    ["country-near", 4 + variant, among("country", "FR", "IT", "NL", "SE", "ES", "GB")],
    ["country-us", 3, { field: "country", op: "eq", value: "US" }],
    ["region-north", 1, { field: "fields.region", op: "eq", value: "north" }],
    ["source-referral", 6, among("source", "referral", "partner")],
    ["source-event", 4, among("source", "fair", "webinar")],
    ["source-search", 2 + variant, contains("source", "search")],
    ["source-cold", -3, among("source", "cold_call", "directory")],
    ["mail-free", -8, contains("email", "@gmail.", "@gmx.", "@web.de", "@hotmail.", "@yahoo.")],
    ["company-known", 4, known("company")],
    ["newsletter", 2, { field: "fields.newsletter", op: "eq", value: true }],
    ["demo-wanted", 10, { field: "fields.demoWanted", op: "eq", value: true }],
    ["competitor-known", 5, { and: [known("fields.competitor"), { not: contains("fields.competitor", "none", "unknown") }] }],
  ];
  return rules.map(([id, points, when]) => ({ id, label: id, section: "fit", kind: "field", when, points }));
}

type Signal = readonly [facet: string, points: number, each: boolean, cap: number | null, windowDays: number | null, halfLifeDays: number | null];

const SIGNALS: readonly ScoreRule[] = (
  [
    ["contactRequest", 40, false, null, 90, 30],
    ["formSubmit", 12, true, 24, 90, 30],
    ["pricing", 8, true, 24, 60, 14],
    ["docs", 3, true, 9, 60, 14],
    ["careers", -10, false, null, 90, null],
    ["pageView", 1, true, 10, 30, 14],
    ["download", 10, true, 20, 90, 30],
    ["videoView", 4, true, 12, 60, 21],
    ["webinarRegistered", 6, true, 12, 120, 60],
    ["webinarAttended", 15, true, 30, 180, 60],
    ["eventVisit", 15, true, 15, 180, null],
    ["mailOpen", 1, true, 5, 30, null],
    ["mailClick", 3, true, 9, 60, 14],
    ["mailReply", 20, true, 20, 60, 30],
    ["call", 5, true, 15, null, 60],
    ["meeting", 15, true, 30, null, 90],
  ] satisfies readonly Signal[]
).map(([facet, points, each, cap, windowDays, halfLifeDays]) => ({
  id: `touch-${facet}`,
  label: facet,
  section: "engagement",
  kind: "signal",
  facet,
  points,
  each,
  cap,
  windowDays,
  halfLifeDays,
}));

const OTHERS: readonly ScoreRule[] = [
  ...["budget", "authority", "need", "timeline"].map((part): ScoreRule => ({
    id: `bant-${part}`,
    label: part,
    section: "bant",
    kind: "field",
    when: known(`bant.${part}`),
    points: 5,
  })),
  {
    id: "profile-filled",
    label: "Profile filled in",
    section: "quality",
    kind: "filled",
    fields: ["email", "phone", "firstName", "lastName", "company", "jobTitle", "country"],
    points: 8,
  },
  { id: "address-filled", label: "Address filled in", section: "quality", kind: "filled", fields: ["city", "website"], points: 2 },
  {
    id: "recently-active",
    label: "Recently active",
    section: "freshness",
    kind: "age",
    since: "touch",
    steps: [
      { days: 7, points: 5 },
      { days: 30, points: 2 },
    ],
  },
  { id: "recently-captured", label: "Recently captured", section: "freshness", kind: "age", since: "capture", steps: [{ days: 14, points: 2 }] },
];

const DEFINITIONS: readonly Definition[] = [
  {
    stage: "mql",
    version: 1,
    criteria: {
      and: [
        { or: [known("email"), known("phone")] },
        {
          or: [
            { field: "score", op: "gte", value: 60 },
            {
              and: [
                { field: "scores.fit", op: "gte", value: 20 },
                { field: "touches.contactRequest", op: "gte", value: { count: 1, withinDays: 90 } },
              ],
            },
          ],
        },
      ],
    },
  },
  { stage: "sal", version: 1, criteria: { and: [{ field: "score", op: "gte", value: 50 }, known("phone"), known("company")] } },
  { stage: "sql", version: 1, criteria: { or: [known("bant.need"), { field: "touches.meeting", op: "gte", value: { count: 1 } }] } },
  { stage: "opportunity", version: 1, criteria: { and: [known("bant.budget"), known("bant.timeline"), known("company")] } },
];

const ROUTES: readonly RoutingRule[] = [
  { id: "large", label: "Large companies", when: { field: "fields.employees", op: "gte", value: 1000 }, team: "enterprise" },
  {
    id: "energy",
    label: "Energy and public bodies",
    when: { and: [among("fields.industry", "energy", "public"), { field: "fields.employees", op: "gte", value: 400 }] },
    team: "enterprise",
  },
  { id: "home", label: "German speaking", when: among("country", "DE", "AT", "CH"), team: "dach" },
  { id: "rest", label: "Everybody else", when: null, team: "world" },
];
