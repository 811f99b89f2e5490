/**
 * One row of a file as an input of the flow: its values read by the findings of the first pass, its identities, or the
 * column and the reason why it is rejected. Empty cells say nothing: they never clear what is known.
 */
import type { CompiledConfig } from "../config/compile.ts";
import { STATUSES, type FieldDef, type Status } from "../config/config.ts";
import { splitName } from "../profile/full-name.ts";
import { fieldProblem } from "../profile/profile.ts";
import type { ImportInput } from "../flow/input.ts";
import type { FieldValue } from "../flow/state.ts";
import { type IdentityKey, type IdentityKind, isEmail, keysOf } from "../identity/identity.ts";
import { normalizePhone } from "../identity/phone.ts";
import { nearest } from "../nearest.ts";
import { readCell } from "./csv.ts";
import { parseDay, parseMoment } from "./dates.ts";
import { columnKey } from "./dialect.ts";
import { type ImportMap, ONLY, type Placed, type Target, targetOf } from "./import-map.ts";
import type { Findings } from "./survey.ts";
import { parseBoolean, parseCurrency, parseMoney, parseNumber, parseTags } from "./values.ts";

export type RowSettings = {
  readonly importId: string;
  readonly history: boolean;
  readonly map: ImportMap;
  readonly placed: readonly Placed[];
  readonly findings: Pick<Findings, "orders" | "styles">;
  /** The configuration the rows run under: with the new fields. */
  readonly config: CompiledConfig;
  readonly timezone: string;
  /** Ids of active users by id, name and e-mail, in small letters. */
  readonly owners: ReadonlyMap<string, string>;
};

export type Row =
  | { readonly ok: true; readonly input: ImportInput; readonly keys: readonly IdentityKey[]; readonly only: IdentityKind | null }
  | { readonly ok: false; readonly column: string; readonly reason: string };

/** As long as the API takes texts. */
const TEXT = 500;
const LONG_TEXT: Readonly<Record<string, number>> = { website: 2000, "opportunity.lostReason": 2000 };

/** @returns a reader of rows; the number of a row counts data rows of the file from 0 */
export function createRowReader(settings: RowSettings): (cells: readonly string[], row: number) => Row {
  const readers = readersOf(settings);
  const { map, importId } = settings;
  return (cells, row) => {
    const draft: Draft = { patch: {}, opportunity: {}, named: false };
    for (const reader of readers) {
      const wrong = reader(cells, draft);
      if (wrong !== null) return wrong;
    }
    return finish(settings, map, importId, draft, row);
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = {
  readonly patch: Record<string, unknown> & {
    fields?: Record<string, FieldValue>;
    bant?: Record<string, string>;
    consent?: Record<string, boolean>;
    addTags?: string[];
  };
  readonly opportunity: Writable<NonNullable<ImportInput["opportunity"]>>;
  /** Something but a currency says that there is an opportunity. */
  named: boolean;
  capturedAt?: number;
  stage?: string;
  stageAt?: number;
  status?: Status;
  owner?: string;
};

type Rejected = Extract<Row, { readonly ok: false }>;
type Reader = (cells: readonly string[], draft: Draft) => Rejected | null;
/** Null: taken. Text: why not. */
type Write = (draft: Draft, text: string) => string | null;

function readersOf(settings: RowSettings): readonly Reader[] {
  const { map, placed } = settings;
  const mapped = new Set(placed.map(({ target }) => target));
  const alone = Object.keys(map.defaults).filter((target) => !mapped.has(target));
  return [
    ...placed.map(({ target, index, name }) => readerOf(settings, target, index, name)),
    ...alone.map((target) => readerOf(settings, target, null, target)),
  ]
    .toSorted((a, b) => a.order - b.order)
    .map(({ read }) => read);
}

/** The country is read before the phone, which it helps to read, and the currency before the amount. */
const EARLY = new Set(["country", "opportunity.currency"]);

function readerOf(settings: RowSettings, target: string, index: number | null, column: string): { readonly order: number; readonly read: Reader } {
  const { map } = settings;
  const write = writerOf(settings, target, targetOf(target) as Target);
  const list = { ...(target === "status" ? { open: "new", contacted: "working" } : {}), ...map.lists[target] };
  const listed = Object.keys(list).length > 0;
  const fallback = map.defaults[target] ?? "";
  const limit = target === "tags" ? 10_000 : (LONG_TEXT[target] ?? TEXT);
  const read: Reader = (cells, draft) => {
    let text = index === null ? fallback : readCell(cells[index] ?? "");
    const key = columnKey(text);
    if (listed && Object.hasOwn(list, key)) text = list[key as keyof typeof list] ?? text;
    if (text === "") text = fallback;
    if (text === "") return null;
    const wrong = text.length > limit ? `the text has ${text.length} characters; at most ${limit} are kept` : write(draft, text);
    return wrong === null ? null : { ok: false, column, reason: wrong };
  };
  return { order: EARLY.has(target) ? 0 : 1, read };
}

function writerOf(settings: RowSettings, name: string, target: Target): Write {
  switch (target.kind) {
    case "profile":
      return profileWriter(settings, target.key);
    case "lead":
      return leadWriter(settings, target.key);
    case "field":
      return fieldWriter(settings, name, target.key);
    case "bant":
      return (draft, text) => done(((draft.patch.bant ??= {})[target.key] = text));
    case "consent":
      return (draft, text) => {
        const given = parseBoolean(text);
        return given === null ? notA("yes or no", text) : done(((draft.patch.consent ??= {})[target.key] = given));
      };
    case "opportunity":
      return opportunityWriter(settings, name, target.key);
  }
}

function done(_written: unknown): null {
  return null;
}

function notA(what: string, text: string): string {
  return `${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)} is not ${what}`;
}

function profileWriter({ config }: RowSettings, key: string): Write {
  if (key === "email") {
    return (draft, text) => {
      const email = text.replace(/^mailto:/i, "").toLowerCase();
      return isEmail(email) ? done((draft.patch["email"] = email)) : notA("an e-mail address", text);
    };
  }
  if (key === "phone") {
    return (draft, text) => {
      const country = draft.patch["country"];
      return done(
        (draft.patch["phone"] = normalizePhone(
          text,
          typeof country === "string" && /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : config.config.defaultCountry,
        )),
      );
    };
  }
  return (draft, text) => done((draft.patch[key] = text));
}

function leadWriter(settings: RowSettings, key: "name" | "capturedAt" | "stage" | "stageAt" | "status" | "owner" | "tags"): Write {
  const { config, owners } = settings;
  switch (key) {
    case "name":
      return ({ patch }, text) => {
        const { firstName, lastName } = splitName(text);
        if (firstName !== undefined) patch["firstName"] ??= firstName;
        return done((patch["lastName"] ??= lastName));
      };
    case "capturedAt":
    case "stageAt":
      return momentWriter(settings, key, (draft, at) => (draft[key] = at));
    case "stage": {
      const stages = new Map(config.config.stages.flatMap(({ id, label }) => [[label.toLowerCase(), id] as const, [id.toLowerCase(), id] as const]));
      return (draft, text) => {
        const stage = stages.get(text.toLowerCase());
        return stage === undefined ? unknown("stage", text, [...stages.values()]) : done((draft.stage = stage));
      };
    }
    case "status":
      return (draft, text) => {
        const status = STATUSES.find((candidate) => candidate === text.toLowerCase());
        return status === undefined ? unknown("status", text, STATUSES) : done((draft.status = status));
      };
    case "owner":
      return (draft, text) => {
        const owner = owners.get(text.toLowerCase());
        return owner === undefined ? unknown("active user", text, owners.keys()) : done((draft.owner = owner));
      };
    case "tags":
      return (draft, text) => {
        const tags = parseTags(text);
        if (tags.some((tag) => tag.length > 200)) return "a tag has more than 200 characters";
        const all = [...new Set([...(draft.patch.addTags ?? []), ...tags])];
        return all.length > 100 ? `the row has ${all.length} tags; at most 100 are kept` : done((draft.patch.addTags = all));
      };
  }
}

function unknown(what: string, text: string, known: Iterable<string>): string {
  const near = nearest(text, known);
  return `there is no ${what} ${JSON.stringify(text.slice(0, 60))}${near === null ? "" : `; did you mean "${near}"?`}`;
}

const EARLIEST = 0;

function momentWriter({ findings, timezone }: RowSettings, target: string, write: (draft: Draft, at: number) => unknown): Write {
  const order = findings.orders[target] ?? "dayFirst";
  return (draft, text) => {
    const at = parseMoment(text, order, timezone);
    if (at === null) return notA(`a date${order === "dayFirst" ? " (the day comes first in this column)" : " (the month comes first in this column)"}`, text);
    return at < EARLIEST ? "the date lies before 1970" : done(write(draft, at));
  };
}

function fieldWriter({ config, findings }: RowSettings, target: string, key: string): Write {
  const def = config.fields.get(key) as FieldDef;
  const options = new Map((def.options ?? []).map((option) => [option.toLowerCase(), option]));
  const order = findings.orders[target] ?? "dayFirst";
  const style = findings.styles[target] ?? "point";
  const read = (text: string): FieldValue | null => {
    switch (def.type) {
      case "text":
        return text;
      case "number":
        return parseNumber(text, style);
      case "boolean":
        return parseBoolean(text);
      case "date":
        return parseDay(text, order);
      case "select":
        return options.get(text.toLowerCase()) ?? null;
    }
  };
  return (draft, text) => {
    const value = read(text);
    if (value === null)
      return notA(
        { number: "a number", boolean: "yes or no", date: "a date", select: `one of ${[...options.values()].slice(0, 20).join(", ")}`, text: "text" }[def.type],
        text,
      );
    return fieldProblem(def, value) ?? done(((draft.patch.fields ??= {})[key] = value));
  };
}

function opportunityWriter(settings: RowSettings, name: string, key: string): Write {
  const { config, findings, owners } = settings;
  const style = findings.styles[name] ?? "point";
  const write = (to: (draft: Draft, text: string) => string | null): Write => {
    return (draft, text) => {
      draft.named = true;
      return to(draft, text);
    };
  };
  switch (key) {
    case "currency":
      return (draft, text) => {
        const currency = parseCurrency(text);
        return currency === null ? notA("a currency code such as EUR", text) : done((draft.opportunity.currency = currency));
      };
    case "amount":
      return write(({ opportunity }, text) => {
        const amount = parseMoney(text, style, opportunity.currency ?? config.config.currency);
        return amount === null ? notA(`an amount of money (decimals stand after a ${style} in this column)`, text) : done((opportunity.amount = amount));
      });
    case "won":
      return write(({ opportunity }, text) => {
        const won = parseBoolean(text);
        return won === null ? notA("yes or no", text) : done((opportunity.won = won));
      });
    case "wonAt":
    case "lostAt":
      return write(momentWriter(settings, name, ({ opportunity }, at) => (opportunity[key] = at)));
    case "owner":
      return write(({ opportunity }, text) => {
        const owner = owners.get(text.toLowerCase());
        return owner === undefined ? unknown("active user", text, owners.keys()) : done((opportunity.owner = owner));
      });
    case "stage": {
      const stages = [...config.config.opportunityStages, "won", "lost"];
      return write(({ opportunity }, text) => {
        const stage = stages.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
        if (stage === undefined) return unknown("opportunity stage", text, stages);
        if (stage === "won" || stage === "lost") return done((opportunity.won = stage === "won"));
        return done((opportunity.stage = stage));
      });
    }
    default:
      return write(({ opportunity }, text) => done((opportunity[key as "name" | "lostReason"] = text)));
  }
}

function finish({ history }: RowSettings, map: ImportMap, importId: string, draft: Draft, row: number): Row {
  const { patch, opportunity, named, ...lead } = draft;
  const text = (key: string): string | undefined => patch[key] as string | undefined;
  const keys = keysOf({ externalId: text("externalId"), email: text("email"), phone: text("phone") });
  const isSomebody = keys.length > 0 || ["phone", "firstName", "lastName", "company"].some((key) => text(key) !== undefined);
  if (!isSomebody) return { ok: false, column: "", reason: "the row names nobody: it has no e-mail address, phone, external id or name" };
  const input: ImportInput = { kind: "import", importId, row, patch, history, ...lead, ...(named ? { opportunity } : {}) };
  if (map.match === "none") return { ok: true, input, keys: [{ kind: "row", value: `${importId}:${row}` }, ...keys], only: "row" };
  return { ok: true, input, keys, only: map.match === null ? null : ONLY[map.match] };
}
