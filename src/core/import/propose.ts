/**
 * Proposes where each column of a file goes, with how sure it is and why: by its name first, held against its values; by its
 * values alone when the name says nothing. What nothing fits becomes a new field, which is only created when a person says so.
 */
import type { Config, FieldDef, FieldType } from "../config/config.ts";
import { STATUSES, TAKEN_NAMES } from "../config/config.ts";
import { type Content, contentOf, knownShare } from "./column-content.ts";
import { guessByName, isSecondary, wordsOf } from "./column-names.ts";

export type NewField = { readonly key: string; readonly label: string; readonly type: FieldType; readonly options?: readonly string[] };

export type Proposal = { readonly target: string | null; readonly confidence: number; readonly reason: string; readonly newField: NewField | null };

export type ProposedColumn = {
  readonly index: number;
  readonly name: string;
  readonly samples: readonly string[];
  readonly filled: number;
  readonly distinct: number;
  readonly proposal: Proposal;
};

export type ProposeInput = {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly config: Config;
  /** Whom an owner's column may name, in small letters. */
  readonly owners: ReadonlySet<string>;
};

/** Cells that are looked at, so that a very wide file is looked at as quickly as a usual one. */
const MOST_CELLS = 20_000;
const FEWEST_ROWS = 5;
/** More new fields than this nobody wants by default. */
const MOST_NEW_FIELDS = 40;

export function proposeColumns(input: ProposeInput): readonly ProposedColumn[] {
  const { header } = input;
  const rows = input.rows.slice(0, Math.max(FEWEST_ROWS, Math.floor(MOST_CELLS / Math.max(1, header.length))));
  const contents = header.map((_, index) => contentOf(rows.map((cells) => cells[index] ?? "")));
  const added = errorColumns(header);
  const fields = ownFields(input.config);
  const first = header.map((name, index): Proposal => {
    if (added.has(index)) return nothing("An error file added this column; it says why the row was rejected.");
    return proposeOne(name, contents[index] as Content, input, fields);
  });
  const settled = withoutRivals(first, contents);
  let fresh = 0;
  const taken = new Set([...TAKEN_NAMES, ...input.config.fields.map(({ key }) => key)].map((key) => key.toLowerCase()));
  return header.map((name, index) => {
    const content = contents[index] as Content;
    let proposal = settled[index] as Proposal;
    if (proposal.target === FRESH) {
      proposal =
        ++fresh > MOST_NEW_FIELDS
          ? nothing("The file has many columns of its own; choose the ones you need.")
          : asNewField(name, index, content, taken, proposal);
    }
    return {
      index,
      name,
      samples: [...content.values.values()].slice(0, 5).map(({ text }) => text.slice(0, 80)),
      filled: content.rows === 0 ? 0 : round(content.filled / content.rows),
      distinct: content.values.size,
      proposal: { ...proposal, confidence: round(proposal.confidence) },
    };
  });
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}

/** Stands for a new field until its key is known. */
const FRESH = "fields.";

function nothing(reason: string): Proposal {
  return { target: null, confidence: 0.9, reason, newField: null };
}

function fresh(reason: string): Proposal {
  return { target: FRESH, confidence: 0.6, reason, newField: null };
}

function found(target: string, confidence: number, reason: string): Proposal {
  return { target, confidence, reason, newField: null };
}

/** An error file is the file it came from with three columns at its end. */
function errorColumns(header: readonly string[]): ReadonlySet<number> {
  const last = header.slice(-3).map((name) => name.trim().toLowerCase());
  return last.join(" ") === "line column reason" ? new Set([header.length - 3, header.length - 2, header.length - 1]) : new Set();
}

function proposeOne(name: string, content: Content, input: ProposeInput, fields: OwnFields): Proposal {
  const { header } = input;
  if (content.filled === 0 && content.rows > 0) {
    const named = guessByName(name);
    return named === null ? nothing("The column is empty.") : found(named.target, 0.5, `The name means ${labelOf(named.target)}, but the column is empty.`);
  }
  const key = exportedKey(name);
  const exported = key === undefined ? undefined : input.config.fields.find((field) => field.key === key);
  if (exported !== undefined) return found(`fields.${exported.key}`, 1, `It names your field “${exported.label}” by its key, as exported files do.`);
  const own = fields.get(squeezed(name));
  if (own !== undefined && !header.some((other) => exportedKey(other) === own.key))
    return found(`fields.${own.key}`, 0.95, `It is called like your field “${own.label}”.`);
  const guess = guessByName(name);
  const target = guess === null ? null : inContext(guess.target, name, header);
  if (guess !== null && target !== null) {
    const held = heldAgainst(target, content, input);
    if (held !== null) return { ...held, confidence: Math.min(guess.sure, held.confidence) };
  }
  const seen = byContent(content, input);
  if (seen !== null) return isSecondary(name) ? { ...seen, confidence: seen.confidence / 2 } : seen;
  return fresh(target === null ? "Nothing of yours has such a name." : `The name could mean ${labelOf(target)}, but the values do not look like it.`);
}

/** The key of a field in the heading of an exported column: "Fleet (fields.fleet)". */
function exportedKey(name: string): string | undefined {
  return /\(fields\.([^()]+)\)\s*$/.exec(name)?.[1];
}

type OwnFields = ReadonlyMap<string, FieldDef>;

/** The workspace's fields by key and label, as names are compared. */
function ownFields({ fields }: Config): OwnFields {
  return new Map(fields.toReversed().flatMap((field) => [field.label, field.key].map((name) => [squeezed(name), field] as const)));
}

function squeezed(name: string): string {
  return wordsOf(name).replaceAll(" ", "");
}

/** Names that mean different things beside different neighbours. */
function inContext(target: string, name: string, header: readonly string[]): string {
  const words = wordsOf(name);
  const others = header.filter((other) => other !== name).map(wordsOf);
  const has = (...targets: readonly string[]): boolean => others.some((other) => targets.includes(guessByName(other)?.target ?? ""));
  const bare = ["name", "nom", "nombre", "contact", "kontakt"].includes(words);
  if (target === "name" && bare && has("lastName") && !has("firstName")) return "firstName";
  if (target === "name" && bare && has("firstName") && !has("lastName")) return "lastName";
  if (target === "name" && words === "name" && has("name") && !has("company")) return "company";
  return target;
}

/** Whether the values fit what the name says; null: they do not. */
function heldAgainst(target: string, content: Content, { config, owners }: ProposeInput): Proposal | null {
  const { share, filled, values } = content;
  const says = `The name means ${labelOf(target)}`;
  const fits = (part: number, least: number, what: string): Proposal | null =>
    filled === 0
      ? found(target, 0.6, `${says}.`)
      : part >= least
        ? found(target, part >= 0.9 ? 0.97 : 0.75, `${says}, and ${percent(part)} of the values are ${what}.`)
        : null;
  switch (target) {
    case "email":
      return fits(share.email, 0.5, "e-mail addresses");
    case "phone":
      return fits(share.phone, 0.5, "phone numbers");
    case "website":
      return fits(share.url, 0.4, "addresses of websites");
    case "capturedAt":
    case "opportunity.wonAt":
      return fits(share.date, 0.6, "dates");
    case "opportunity.amount":
      return fits(share.money, 0.7, "amounts");
    case "opportunity.currency":
      return fits(share.currency, 0.7, "currencies");
    case "opportunity.won":
    case "consent.newsletter":
      return fits(share.boolean, 0.7, "yes or no");
    case "stage":
    case "status":
      return stageOrStatus(content, config, says);
    case "owner": {
      const known = knownShare(content, owners);
      return known >= 0.5 ? found(target, known >= 0.9 ? 0.97 : 0.7, `${says}, and ${percent(known)} of the values are active users.`) : null;
    }
    case "externalId":
      return values.size >= filled * 0.95 && filled >= content.rows * 0.5 ? found(target, 0.95, `${says}, and every value is different.`) : null;
    case "firstName":
    case "lastName":
    case "name":
    case "city":
    case "company":
      return filled === 0 || share.letters >= 0.7 ? found(target, 0.97, `${says}.`) : null;
    case "jobTitle":
      return share.title > 0.5 || share.letters < 0.5 ? null : found(target, 0.97, `${says}.`);
    case "country":
      return share.letters >= 0.7 ? found(target, 0.97, `${says}.`) : null;
    default:
      return found(target, 0.95, `${says}.`);
  }
}

function stageOrStatus(content: Content, config: Config, says: string): Proposal | null {
  const stages = knownShare(content, new Set(config.stages.flatMap(({ id, label }) => [id.toLowerCase(), label.toLowerCase()])));
  const statuses = knownShare(content, new Set([...STATUSES, "open", "contacted"]));
  if (Math.max(stages, statuses) < 0.5) return null;
  const isStage = stages >= statuses;
  return found(
    isStage ? "stage" : "status",
    0.9,
    `${says}, and ${percent(Math.max(stages, statuses))} of the values are ${isStage ? "stages" : "statuses"} of yours.`,
  );
}

/** What the values alone tell, when they leave no doubt. */
function byContent({ share, filled }: Content, _input: ProposeInput): Proposal | null {
  if (filled < 3) return null;
  if (share.email >= 0.8) return found("email", 0.8, `${percent(share.email)} of the values are e-mail addresses.`);
  if (share.phone >= 0.8 && share.dialled >= 0.6) return found("phone", 0.65, `${percent(share.phone)} of the values look like phone numbers.`);
  if (share.url >= 0.9) return found("website", 0.55, `${percent(share.url)} of the values are addresses of websites.`);
  return null;
}

/** A target takes one column (only tags take several): the surest has it, then the fuller one. */
function withoutRivals(proposals: readonly Proposal[], contents: readonly Content[]): readonly Proposal[] {
  const best = new Map<string, number>();
  proposals.forEach(({ target, confidence }, index) => {
    if (target === null || target === FRESH || target === "tags") return;
    const other = best.get(target);
    const than = other === undefined ? null : (proposals[other] as Proposal);
    const fuller = other !== undefined && confidence === than?.confidence && (contents[index] as Content).filled > (contents[other] as Content).filled * 1.2;
    if (other === undefined || confidence > (than as Proposal).confidence || fuller) best.set(target, index);
  });
  return proposals.map((proposal, index) => {
    const { target } = proposal;
    const winner = target === null ? undefined : best.get(target);
    if (target === null || winner === undefined || winner === index) return proposal;
    return fresh(`Column ${winner + 1} is ${labelOf(target)} already.`);
  });
}

function asNewField(name: string, index: number, content: Content, taken: Set<string>, { reason }: Proposal): Proposal {
  const label = name.trim() === "" ? `Column ${index + 1}` : name.trim().slice(0, 100);
  const key = freeKey(keyFrom(label, index), taken);
  taken.add(key.toLowerCase());
  const type = typeOf(content);
  const options = type === "select" ? [...content.values.values()].map(({ text }) => text) : undefined;
  const newField = { key, label, type, ...(options === undefined ? {} : { options }) };
  return { target: `fields.${key}`, confidence: 0.6, reason: `${reason} It can become a new field of the kind “${type}”.`, newField };
}

function typeOf({ share, filled, values, longest }: Content): FieldType {
  if (filled === 0) return "text";
  if (share.plainBoolean === 1) return "boolean";
  if (share.number === 1 && share.padded === 0 && longest <= 16) return "number";
  if (share.date === 1 && [...values.values()].every(({ text }) => !/\d:\d/.test(text))) return "date";
  return filled >= 20 && values.size >= 2 && values.size <= 20 && values.size <= filled * 0.25 && longest <= 60 && share.letters > 0.5 ? "select" : "text";
}

// oxfmt-ignore
const CYRILLIC: Readonly<Record<string, string>> = { а: "a", б: "b", в: "v", г: "h", ґ: "g", д: "d", е: "e", є: "ie", ж: "zh", з: "z", и: "y", і: "i", ї: "i", й: "i", к: "k", л: "l", м: "m", н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh", щ: "shch", ь: "", ю: "iu", я: "ia", ы: "y", э: "e", ъ: "" };

/** "Größe der Flotte" → "grosseDerFlotte" */
function keyFrom(label: string, index: number): string {
  const words = wordsOf(label)
    .replaceAll(/[а-яґєії]/g, (letter) => CYRILLIC[letter] ?? "")
    .split(" ")
    .map((word) => word.replaceAll(/[^a-z0-9]/g, ""))
    .filter((word) => word !== "");
  const key = words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
  const bare = key.slice(0, 60);
  return /^[a-z]/i.test(bare) ? bare : bare === "" ? `column${index + 1}` : `n${bare}`;
}

function freeKey(key: string, taken: ReadonlySet<string>): string {
  if (!taken.has(key.toLowerCase())) return key;
  for (let i = 2; ; i++) if (!taken.has(`${key}${i}`.toLowerCase())) return `${key}${i}`;
}

const LABELS: Readonly<Record<string, string>> = {
  email: "e-mail address",
  phone: "phone number",
  firstName: "first name",
  lastName: "last name",
  name: "full name",
  jobTitle: "job title",
  externalId: "id in another system",
  capturedAt: "the day the lead came in",
  "consent.newsletter": "consent to the newsletter",
  "opportunity.wonAt": "the day the deal was won",
  "opportunity.lostReason": "why the deal was lost",
};

/** A target in words. */
export function labelOf(target: string): string {
  const known = LABELS[target];
  if (known !== undefined) return known;
  const [head = "", part] = target.split(".");
  return part === undefined ? head : head === "bant" ? part : `${head} ${part}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
