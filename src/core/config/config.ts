/**
 * The configuration of a workspace: one immutable document under one number. A batch of the flow uses exactly the one it
 * read, and every input remembers its number, so the past can be replayed with the rules of its day.
 *
 * People who receive leads stand in here too: who was active when a lead was dealt is part of why it went where it went.
 */
import type { RepsSee } from "../access/sight.ts";
import type { Filter } from "../filter/filter.ts";

export type Config = {
  readonly stages: readonly StageDef[];
  /** On: an owner must accept an MQL (`sal`) before it is worked. Off: `sal` is hidden. */
  readonly acceptance: boolean;
  readonly fields: readonly FieldDef[];
  /** Facets beside the one that every kind of touch has. */
  readonly facets: readonly Facet[];
  readonly model: ScoreModel;
  readonly definitions: readonly Definition[];
  readonly process: ProcessDef;
  readonly routing: Routing;
  readonly users: readonly UserRef[];
  readonly teams: readonly TeamDef[];
  /** Open stages of an opportunity in order; `won` and `lost` follow them. */
  readonly opportunityStages: readonly string[];
  readonly currency: string;
  readonly defaultCountry: string | null;
  /** How far sales reps see; the leads of their teams when nothing is said. */
  readonly repsSee?: RepsSee | undefined;
};

/** How many users a workspace can have. */
export const MOST_USERS = 10_000;

export type StageDef = {
  readonly id: string;
  readonly label: string;
  readonly line: "main" | "exit";
  /** What moves a lead in here. A definition moves leads only where entry is `definition`; elsewhere it is a gate that is recorded. */
  readonly entry: "capture" | "definition" | "acceptance" | "qualify" | "conversion" | "won" | "person";
  readonly statuses: readonly Status[];
  /** Where people may move a lead from here by hand; anywhere when not given. */
  readonly next?: readonly string[] | undefined;
};

export const STATUSES = ["new", "working", "nurture", "converted", "dead"] as const;
export type Status = (typeof STATUSES)[number];

export type FieldType = "text" | "number" | "boolean" | "date" | "select";

export type FieldDef = {
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  readonly options?: readonly string[] | undefined;
};

/** A facet of behaviour: touches of a kind whose property matches a pattern; `*` stands for any text. */
export type Facet = { readonly id: string; readonly kind: string; readonly property: string; readonly pattern: string };

export const TOUCH_KINDS = [
  "pageView",
  "formSubmit",
  "download",
  "videoView",
  "webinarRegistered",
  "webinarAttended",
  "eventVisit",
  "contactRequest",
  "mailSent",
  "mailOpen",
  "mailClick",
  "mailReply",
  "call",
  "meeting",
  "message",
  "custom",
] as const;
export type TouchKind = (typeof TOUCH_KINDS)[number];

export const SECTIONS = ["fit", "engagement", "bant", "quality", "freshness"] as const;
export type Section = (typeof SECTIONS)[number];

/** All points are hundredths. Caps bound a section from above; floor and ceiling bound the total. */
export type ScoreModel = {
  readonly name: string;
  readonly rules: readonly ScoreRule[];
  readonly caps: Readonly<Partial<Record<Section, number>>>;
  readonly floor: number;
  readonly ceiling: number;
  readonly heat: { readonly hot: HeatBound; readonly warm: HeatBound };
};

/** A lead is this hot with at least so much engagement (hundredths) and a touch within so many days. */
export type HeatBound = { readonly engagement: number; readonly withinDays: number };

export type ScoreRule = { readonly id: string; readonly label: string; readonly section: Section } & (
  | { readonly kind: "field"; readonly when: Filter; readonly points: number }
  | {
      readonly kind: "signal";
      readonly facet: string;
      readonly points: number;
      /** Every touch earns, or only the latest one. */
      readonly each: boolean;
      readonly cap: number | null;
      /** Touches of the last so many UTC days count, today included; null: all that are kept (400 days). */
      readonly windowDays: number | null;
      readonly halfLifeDays: number | null;
    }
  | { readonly kind: "filled"; readonly fields: readonly string[]; readonly points: number }
  | { readonly kind: "age"; readonly since: "capture" | "touch"; readonly steps: readonly { readonly days: number; readonly points: number }[] }
);

/** A lead that meets the criteria of a stage enters it by itself. What is optional came with signing; `asksOf` is what is executed. */
export type Definition = {
  readonly stage: string;
  readonly version: number;
  readonly criteria: Filter;
  /** What the stage was called when this was signed. */
  readonly label?: string | undefined;
  /** What it means, for people. */
  readonly meaning?: string | undefined;
  /** The team that answers for leads of the stage, as people call it. */
  readonly owner?: string | undefined;
  /** Fields that must be known beside the criteria. */
  readonly answers?: readonly string[] | undefined;
  readonly exits?: readonly DefinitionExit[] | undefined;
};

/** Where a lead of the stage goes that does not go on, and when. */
export type DefinitionExit = { readonly stage: string; readonly when: string };

export type ProcessDef = {
  readonly name: string;
  readonly tasks: readonly TaskDef[];
};

export type TaskKind = "mail" | "social" | "call" | "meeting" | "form" | "review";

export type TaskDef = {
  readonly key: string;
  readonly kind: TaskKind;
  readonly title: string;
  readonly stage: string;
  /** Created on entering the stage, or once a pass when any of these tasks is done. */
  readonly starts: "entry" | { readonly afterAny: readonly string[] };
  readonly dueHours: number;
  readonly form?: readonly FormField[] | undefined;
  readonly results: readonly TaskResult[];
};

export type TaskResult = {
  readonly id: string;
  readonly label: string;
  readonly leadsTo?: { readonly stage: string } | { readonly convert: true } | undefined;
  readonly needsReason?: boolean | undefined;
};

export type FormField = {
  readonly key: string;
  readonly label: string;
  readonly type: "text" | "money" | "date" | "dateTime" | "team" | "user";
  readonly required?: boolean | undefined;
};

export type Routing = {
  /** Stages whose entry deals an owner to a lead that has none. */
  readonly at: readonly string[];
  readonly rules: readonly RoutingRule[];
  /** Where a lead goes that no rule takes, and who answers for it. */
  readonly fallback: { readonly queue: string; readonly responsible: string | null };
};

export type RoutingRule = { readonly id: string; readonly label: string; readonly when: Filter | null; readonly team: string };

export type UserRef = { readonly id: string; readonly name: string; readonly active: boolean };

/** Members take turns. Managers see the team's leads and are dealt none. */
export type TeamDef = { readonly id: string; readonly name: string; readonly members: readonly string[]; readonly managers?: readonly string[] | undefined };

/** Names that every object has anyway. No field or facet is called so: it would be found on leads that do not have it. */
export const TAKEN_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** The release of the flow's rules. It rises when core decides differently on the same input; replay is exact within one. */
export const FLOW_RELEASE = 1;
