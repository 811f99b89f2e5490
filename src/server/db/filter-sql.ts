/**
 * The one place where a filter becomes SQL: the tree of `core/filter` as a condition on the table `lead l`. It answers
 * exactly what the in-memory evaluation answers; a property test holds the two together.
 *
 * Identifiers come from the lists below, values are always bound, and every other table names its workspace. A part of the
 * text may be null where the evaluation says no; `not` and `ne` therefore say `is not true`.
 */
import { type Condition, type Filter, foldCase, isDateField, type Op, type Scalar, type TouchCount } from "../../core/filter/filter.ts";
import { searchText } from "../../core/search/search-text.ts";
import { dayOf } from "../../core/time.ts";

export type FilterContext = {
  /** Stages of the workspace as they are written; filters name them without regard to case. */
  readonly stages: Iterable<string>;
  /** "The last n days" end here. */
  readonly now: number;
};

/** Collects bound values. `$1` is the workspace, so the first one is `$2`. */
export type Parameters = {
  readonly values: unknown[];
  /** Binds a value and names it with its type: `$2::text`. */
  bind(value: unknown, type: string): string;
};

export function parameters(): Parameters {
  const values: unknown[] = [];
  return {
    values,
    bind: (value, type) => {
      values.push(value);
      return `$${values.length + 1}::${type}`;
    },
  };
}

export type FilterSql = {
  /** A condition that may be null, which means no. */
  readonly text: string;
  /** The values of all parameters bound so far, those of `params` included. */
  readonly values: readonly unknown[];
  /** The best plan depends on the values: such a statement should not keep a prepared plan. */
  readonly skewed: boolean;
};

/** Compiles a tree that has passed `filterProblems`. */
export function compileFilterSql(filter: Filter, context: FilterContext, params: Parameters = parameters()): FilterSql {
  const scope: Scope = { context, params, bind: (value, type) => params.bind(value, type), skewed: false };
  const text = node(filter, scope);
  return { text, values: params.values, skewed: scope.skewed };
}

type Scope = { readonly context: FilterContext; readonly params: Parameters; readonly bind: Parameters["bind"]; skewed: boolean };

function node(filter: Filter, scope: Scope): string {
  if ("and" in filter) return filter.and.length === 0 ? "true" : `(${filter.and.map((part) => node(part, scope)).join(" and ")})`;
  if ("or" in filter) return filter.or.length === 0 ? "false" : `(${filter.or.map((part) => node(part, scope)).join(" or ")})`;
  if ("not" in filter) return isNot(node(filter.not, scope));
  const { op } = filter;
  if (op === "ne" && !filter.field.startsWith("touches.")) return isNot(condition({ ...filter, op: "eq" }, scope));
  if (op === "isEmpty" && filter.value === false) return isNot(condition({ ...filter, value: true }, scope));
  return condition(filter, scope);
}

function isNot(text: string): string {
  return `((${text}) is not true)`;
}

function condition(leaf: Condition, scope: Scope): string {
  const { field, op } = leaf;
  const column = TEXT_COLUMNS[field];
  if (column !== undefined) return textColumn(leaf, column, scope);
  if (field === "stage") return stageCondition(leaf, scope);
  if (field === "owner") return idCondition(leaf, "l.owner_id", scope);
  if (field === "import") return idCondition(leaf, "l.import_id", scope);
  if (field === "tags") return tagsCondition(leaf, scope);
  const score = SCORE_COLUMNS[field];
  if (score !== undefined) return scoreCondition(leaf, score, scope);
  if (isDateField(field))
    return op === "isEmpty" ? "false" : compareAll(leaf, (value) => scope.bind(momentOf(value), "timestamptz"), DATE_COLUMNS[field] as string);
  const key = field.slice(field.indexOf(".") + 1);
  switch (field.slice(0, field.indexOf("."))) {
    case "fields":
      return customField(leaf, key, scope);
    case "bant":
      return textExpression(leaf, `(l.bant_answers->>${scope.bind(key, "text")})`, scope);
    case "consent":
      return consentCondition(leaf, key, scope);
    case "touches":
      return touchesCondition(leaf, key, scope);
    default:
      throw new Error(`There is no field "${field}" to compile; filters must pass filterProblems first.`);
  }
}

/** Fields that are text columns of the lead. */
export const TEXT_COLUMNS: Readonly<Record<string, string>> = {
  email: "l.email",
  phone: "l.phone",
  externalId: "l.external_id",
  firstName: "l.first_name",
  lastName: "l.last_name",
  company: "l.company",
  jobTitle: "l.job_title",
  country: "l.country",
  city: "l.city",
  website: "l.website",
  source: "l.source",
  campaign: "l.campaign",
  status: "l.status",
  heat: "l.heat",
  team: "l.team",
};

export const SCORE_COLUMNS: Readonly<Record<string, string>> = {
  score: "l.score",
  "scores.fit": "l.fit",
  "scores.engagement": "l.engagement",
  "scores.bant": "l.bant",
  "scores.quality": "l.quality",
  "scores.freshness": "l.freshness",
};

export const DATE_COLUMNS: Readonly<Record<string, string>> = {
  capturedAt: "l.captured_at",
  createdAt: "l.created_at",
  updatedAt: "l.updated_at",
  stageAt: "l.stage_at",
};

/** Fields whose text is part of the lead's search entry, folded. */
const SEARCHED = ["email", "phone", "firstName", "lastName", "company"];

function textColumn(leaf: Condition, column: string, scope: Scope): string {
  const exact = textExpression(leaf, column, scope);
  const found = SEARCHED.includes(leaf.field) ? candidates(leaf, scope) : null;
  return found === null ? exact : `(${found} and ${exact})`;
}

/** Leads whose search entry contains the value: more than those meant, but an index finds them. Null when no trigram can be asked for. */
function candidates({ op, value }: Condition, scope: Scope): string | null {
  const wanted = op === "in" ? (value as readonly Scalar[]) : op === "eq" || op === "contains" || op === "startsWith" ? [value as Scalar] : [];
  const parts = wanted.map((part) => searchText(String(part)));
  if (parts.length === 0 || parts.length > 50 || !parts.every((part) => /[\p{L}\p{N}]{3}/u.test(part))) return null;
  scope.skewed = true;
  const patterns = parts.map((part) => `%${escapeLike(part)}%`);
  const like = patterns.length === 1 ? `like ${scope.bind(patterns[0], "text")}` : `like any (${scope.bind(patterns, "text[]")})`;
  return `l.id in (select s.id from search_entry s where s.workspace_id = $1 and s.type = 'lead' and s.text ${like})`;
}

export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** Any text, compared in lower case and by code points. The expression of an index must be written exactly as here. */
export function foldedSql(expression: string): string {
  return `lower(${expression}) collate "C"`;
}

function textExpression(leaf: Condition, expression: string, scope: Scope): string {
  const folded = foldedSql(expression);
  const bind = (value: Scalar): string => scope.bind(foldCase(String(value)), "text");
  switch (leaf.op) {
    case "isEmpty":
      return `(${expression} is null or ${expression} = '')`;
    case "contains":
      return `strpos(${folded}, ${bind(leaf.value as Scalar)}) > 0`;
    case "startsWith":
      return `starts_with(${folded}, ${bind(leaf.value as Scalar)})`;
    case "in":
      return `${folded} = any (${scope.bind(
        (leaf.value as readonly Scalar[]).map((value) => foldCase(String(value))),
        "text[]",
      )})`;
    default:
      return compareAll(leaf, bind, folded);
  }
}

const OPERATORS: Partial<Record<Op, string>> = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" };

/** eq, lt, lte, gt, gte and between on anything PostgreSQL orders as we do. */
function compareAll({ op, value }: Condition, bind: (value: Scalar) => string, expression: string): string {
  if (op === "between") {
    const [low, high] = value as readonly [Scalar, Scalar];
    return `(${expression} >= ${bind(low)} and ${expression} <= ${bind(high)})`;
  }
  return `${expression} ${operatorOf(op)} ${bind(value as Scalar)}`;
}

function operatorOf(op: Op): string {
  const operator = OPERATORS[op];
  if (operator === undefined) throw new Error(`"${op}" cannot be compiled here; filters must pass filterProblems first.`);
  return operator;
}

/** Equality names the stages as they are written, so that the indexes on `stage` answer it. */
function stageCondition(leaf: Condition, scope: Scope): string {
  if (leaf.op !== "eq" && leaf.op !== "in") return textExpression(leaf, "l.stage", scope);
  const wanted = new Set((leaf.op === "in" ? (leaf.value as readonly Scalar[]) : [leaf.value as Scalar]).map((value) => foldCase(String(value))));
  const named = [...scope.context.stages].filter((stage) => wanted.has(foldCase(stage)));
  if (named.length === 1) return `l.stage = ${scope.bind(named[0], "text")}`;
  return named.length === 0 ? "false" : `l.stage = any (${scope.bind(named, "text[]")})`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Owners and imports are filtered by the text of their id; equality uses the id itself, so that an index on it answers it. */
function idCondition(leaf: Condition, column: string, scope: Scope): string {
  const { op, value } = leaf;
  if (op === "isEmpty") return `${column} is null`;
  if (op !== "eq" && op !== "in") return textExpression(leaf, `${column}::text`, scope);
  const ids = (op === "in" ? (value as readonly Scalar[]) : [value as Scalar]).map((id) => foldCase(String(id))).filter((id) => UUID.test(id));
  if (ids.length === 1) return `${column} = ${scope.bind(ids[0], "uuid")}`;
  return ids.length === 0 ? "false" : `${column} = any (${scope.bind(ids, "uuid[]")})`;
}

function tagsCondition(leaf: Condition, scope: Scope): string {
  if (leaf.op === "isEmpty") return "cardinality(l.tags) = 0";
  return `exists (select 1 from unnest(l.tags) tag where ${textExpression(leaf, "tag", scope)})`;
}

/** Points against hundredths: the bound is moved to the hundredth at which the answer changes, so that the column stays bare and an index can be used. */
function scoreCondition({ op, value }: Condition, column: string, scope: Scope): string {
  const bind = (hundredths: number): string => scope.bind(hundredths, "bigint");
  const atLeast = (points: number): string => `${column} >= ${bind(firstHundredth((h) => h / 100 >= points, points))}`;
  const below = (points: number): string => `${column} < ${bind(firstHundredth((h) => h / 100 >= points, points))}`;
  const atMost = (points: number): string => `${column} < ${bind(firstHundredth((h) => h / 100 > points, points))}`;
  const above = (points: number): string => `${column} >= ${bind(firstHundredth((h) => h / 100 > points, points))}`;
  switch (op) {
    case "isEmpty":
      return "false";
    case "lt":
      return below(value as number);
    case "lte":
      return atMost(value as number);
    case "gt":
      return above(value as number);
    case "gte":
      return atLeast(value as number);
    case "between": {
      const [low, high] = value as readonly [number, number];
      return `(${atLeast(low)} and ${atMost(high)})`;
    }
    default: {
      const points = op === "in" ? (value as readonly number[]) : [value as number];
      const hundredths = points.map((p) => [p, firstHundredth((h) => h / 100 >= p, p)] as const).filter(([p, h]) => h / 100 === p);
      return hundredths.length === 1
        ? `${column} = ${bind(hundredths[0]?.[1] as number)}`
        : `${column} = any (${scope.bind(
            hundredths.map(([, h]) => h),
            "bigint[]",
          )})`;
    }
  }
}

/** No score comes near it, and a bigint holds it. */
const FAR = 1e12;

/** The smallest whole number for which `reached` says yes; it turns from no to yes near `points` × 100. */
function firstHundredth(reached: (hundredths: number) => boolean, points: number): number {
  let h = Math.min(FAR, Math.max(-FAR, Math.floor(points * 100) - 1));
  for (let tries = 0; tries < 4 && !reached(h); tries++) h++;
  return h;
}

/** PostgreSQL has no year 0; nothing was captured before the year 1. */
function momentOf(value: Scalar): string {
  return new Date(Math.max(Date.parse(String(value)), -62_135_596_800_000)).toISOString();
}

/** `lead_value.text` ends here (see `flow/write.queries.ts`); longer texts are compared as they stand in the lead. */
const FOUND_TEXT = 500;

/** A value of a field that the workspace made. Texts stand in `lead_value` in lower case, booleans as 0 and 1. */
function customField(leaf: Condition, key: string, scope: Scope): string {
  const { op, value } = leaf;
  const sample = Array.isArray(value) ? (value as readonly Scalar[])[0] : (value as Scalar);
  if (sample === undefined && op !== "isEmpty") return "false";
  const name = scope.bind(key, "text");
  if (op === "isEmpty") return `(l.fields->>${name} is null or l.fields->>${name} = '')`;
  const listed = (test: string): string =>
    `exists (select 1 from lead_value v where v.workspace_id = $1 and v.lead_id = l.id and v.field = ${name} and ${test})`;
  if (typeof sample === "boolean") return listed(compareAll(leaf, (bool) => scope.bind(bool === true ? 1 : 0, "float8"), "v.number"));
  if (typeof sample === "number") {
    return listed(op === "in" ? `v.number = any (${scope.bind(value, "float8[]")})` : compareAll(leaf, (number) => scope.bind(number, "float8"), "v.number"));
  }
  const texts = (Array.isArray(value) ? (value as readonly Scalar[]) : [sample]).map((text) => foldCase(String(text)));
  if (op === "contains" || texts.some((text) => text.length >= FOUND_TEXT)) return textExpression(leaf, `(l.fields->>${name})`, scope);
  if (op === "in") return listed(`v.text = any (${scope.bind(texts, "text[]")})`);
  if (op !== "startsWith") return listed(compareAll(leaf, (text) => scope.bind(foldCase(String(text)), "text"), "v.text"));
  const prefix = scope.bind(texts[0], "text");
  return listed(`v.text >= ${prefix} and v.text <= ${prefix} || ${LAST_CHARACTER} and starts_with(v.text, ${prefix})`);
}

const LAST_CHARACTER = "chr(1114111)";

function consentCondition({ op, value }: Condition, topic: string, scope: Scope): string {
  const given = `(l.state->'consent'->${scope.bind(topic, "text")}->>'given')`;
  return op === "isEmpty" ? `${given} is null` : `${given} = ${scope.bind(value === true ? "true" : "false", "text")}`;
}

/** A scalar subquery: as a semi-join it could be turned around into a scan of all signals. */
function touchesCondition({ op, value }: Condition, facet: string, scope: Scope): string {
  const { count, withinDays } = value as TouchCount;
  const sum = withinDays === undefined ? "s.total" : windowSum(withinDays, scope);
  const total = `coalesce((select ${sum} from signal s where s.workspace_id = $1 and s.lead_id = l.id and s.facet = ${scope.bind(facet, "text")}), 0)`;
  return `${total} ${op === "ne" ? "<>" : operatorOf(op)} ${scope.bind(count, "bigint")}`;
}

function windowSum(days: number, scope: Scope): string {
  const today = dayOf(scope.context.now);
  const from = scope.bind(today - days + 1, "int");
  const to = scope.bind(today, "int");
  return `(select sum(s.days[i + 1]) from generate_series(1, cardinality(s.days), 2) i where s.days[i] between ${from} and ${to})`;
}
