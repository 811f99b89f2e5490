/** What a person decides about an import, and the mapping it comes to. */
import { hash } from "node:crypto";
import type { Config, FieldDef } from "../../../core/config/config.ts";
import type { DateOrder } from "../../../core/import/dates.ts";
import { columnKey } from "../../../core/import/dialect.ts";
import { type ImportMap, type Match, type Placed, readMap } from "../../../core/import/import-map.ts";
import type { ProposedColumn } from "../../../core/import/propose.ts";
import { invalid } from "../../problems.ts";

export type Settings = {
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly headerLine: number | null;
  readonly dateOrder: DateOrder | null;
  readonly match: Match | null;
  readonly history: boolean;
  readonly columns: readonly { readonly index: number; readonly target: string | null }[];
  readonly newFields: readonly FieldDef[];
  readonly defaults: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type SettingsEdit = { readonly [K in keyof Settings]?: Settings[K] | undefined };

/** How sure a proposal must be to be taken without asking. */
const SURE = 0.5;

export function proposedSettings(columns: readonly ProposedColumn[], former: Pick<Settings, "encoding" | "delimiter" | "headerLine">): Settings {
  const taken = columns.filter(({ proposal }) => proposal.target !== null && proposal.confidence >= SURE);
  return {
    encoding: former.encoding,
    delimiter: former.delimiter,
    headerLine: former.headerLine,
    dateOrder: null,
    match: null,
    history: false,
    columns: columns.map(({ index }) => ({ index, target: taken.find((column) => column.index === index)?.proposal.target ?? null })),
    newFields: taken.flatMap(({ proposal }) => (proposal.newField === null ? [] : [proposal.newField])),
    defaults: {},
    lists: {},
  };
}

/** The same column names, whatever their case. */
export function headerKeyOf(header: readonly string[]): string {
  return hash("sha256", JSON.stringify(header.map(columnKey)), "hex");
}

/** The mapping of the settings, with fields the workspace lacks. @throws Problem 422 with every mistake */
export function mapOf(
  settings: Settings,
  header: readonly string[],
  config: Config,
): { readonly map: ImportMap; readonly placed: readonly Placed[]; readonly newFields: readonly FieldDef[] } {
  const chosen = settings.columns.filter(
    (column): column is { readonly index: number; readonly target: string } => column.target !== null && column.target !== "",
  );
  const { map, mistakes } = readMap({
    ...(settings.match === null ? {} : { match: settings.match }),
    columns: Object.fromEntries(chosen.map(({ index, target }) => [`#${index + 1}`, target])),
    defaults: settings.defaults,
    lists: settings.lists,
    ...(settings.dateOrder === null ? {} : { dateOrder: settings.dateOrder }),
  });
  const wrong = [...mistakes, ...placeMistakes(chosen, header), ...fieldMistakes(settings, chosen, config)];
  if (map === null || wrong.length > 0)
    throw invalid(
      wrong.join("\n"),
      wrong.map((message) => ({ path: "settings", message })),
    );
  const known = new Set(config.fields.map(({ key }) => key));
  const named = new Set([...chosen.map(({ target }) => target), ...Object.keys(settings.defaults)]);
  return {
    map: { ...map, columns: [] },
    placed: chosen.map(({ index, target }) => ({ index, name: header[index] || `#${index + 1}`, target })),
    newFields: settings.newFields.filter(({ key }) => !known.has(key) && named.has(`fields.${key}`)),
  };
}

function placeMistakes(chosen: readonly { readonly index: number }[], header: readonly string[]): readonly string[] {
  const twice = chosen.find(({ index }, i) => chosen.findIndex((other) => other.index === index) !== i);
  const beyond = chosen.find(({ index }) => index >= header.length);
  return [
    ...(twice === undefined ? [] : [`Column ${twice.index + 1} is named twice.`]),
    ...(beyond === undefined ? [] : [`There is no column ${beyond.index + 1}; the file has ${header.length}.`]),
  ];
}

function fieldMistakes({ newFields, defaults }: Settings, chosen: readonly { readonly target: string }[], config: Config): readonly string[] {
  const known = new Set([...config.fields, ...newFields].map(({ key }) => key));
  const targets = [...chosen.map(({ target }) => target), ...Object.keys(defaults)].filter((target) => target.startsWith("fields."));
  const missing = [...new Set(targets)].filter((target) => !known.has(target.slice(7)));
  const double = newFields.filter(({ key }, i) => newFields.findIndex((other) => other.key === key) !== i);
  return [
    ...missing.map((target) => `The workspace has no field "${target.slice(7)}". Describe it in newFields, or choose another target.`),
    ...double.map(({ key }) => `newFields describes "${key}" twice.`),
  ];
}
