/**
 * Two people at one configuration: what each of them changed is put together, part by part, down to the field of a rule.
 * Only where both changed the same thing differently is there a conflict, and it is named.
 */

/** These stand for one decision each and are never mixed from two hands. */
const WHOLE: ReadonlySet<string> = new Set(["when", "criteria", "steps", "starts", "leadsTo"]);

export type Merged<T> = { readonly value: T; readonly conflicts: readonly string[] };

/** What `theirs` becomes when everything is done to it that makes `mine` of `base`. */
export function mergeConfig<T>(base: T, mine: T, theirs: T): Merged<T> {
  const conflicts: string[] = [];
  const value = merge(base, mine, theirs, [], conflicts) as T;
  return { value, conflicts };
}

type Path = readonly string[];

function merge(base: unknown, mine: unknown, theirs: unknown, path: Path, conflicts: string[]): unknown {
  if (same(mine, base)) return theirs;
  if (same(theirs, base) || same(mine, theirs)) return mine;
  if (!WHOLE.has(path.at(-1) ?? "")) {
    if (isList(base) && isList(mine) && isList(theirs)) return mergeLists(base, mine, theirs, path, conflicts);
    if (isRecord(base) && isRecord(mine) && isRecord(theirs)) return mergeRecords(base, mine, theirs, path, conflicts);
  }
  conflicts.push(path.join(" › "));
  return theirs;
}

type Fields = Readonly<Record<string, unknown>>;

function mergeRecords(base: Fields, mine: Fields, theirs: Fields, path: Path, conflicts: string[]): Fields {
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const pairs = keys.map((key) => [key, merge(base[key], mine[key], theirs[key], [...path, key], conflicts)] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

type List = readonly unknown[];

function mergeLists(base: List, mine: List, theirs: List, path: Path, conflicts: string[]): List {
  const [was, my, their] = [byName(base), byName(mine), byName(theirs)];
  const values = new Map<string, unknown>();
  for (const name of new Set([...their.keys(), ...my.keys()])) {
    const known = [was.get(name), my.get(name), their.get(name)] as const;
    const value = merge(...known, [...path, wordOf(known[1] ?? known[2], name)], conflicts);
    if (value !== undefined) values.set(name, value);
  }
  const order = mergeOrder([...was.keys()], [...my.keys()], [...their.keys()]);
  if (order === null) {
    conflicts.push([...path, "order"].join(" › "));
    return theirs;
  }
  return order.filter((name) => values.has(name)).map((name) => values.get(name));
}

/** Null when both put the same things into another order. */
function mergeOrder(base: readonly string[], mine: readonly string[], theirs: readonly string[]): readonly string[] | null {
  const shared = base.filter((name) => mine.includes(name) && theirs.includes(name));
  const among = (names: readonly string[]): string => JSON.stringify(names.filter((name) => shared.includes(name)));
  if (among(mine) === among(base)) return insert(theirs, mine);
  return among(theirs) === among(base) || among(theirs) === among(mine) ? insert(mine, theirs) : null;
}

/** `into` with what only `from` has, each behind the one it follows there. */
function insert(into: readonly string[], from: readonly string[]): readonly string[] {
  const all = [...into];
  from.forEach((name, i) => {
    if (all.includes(name)) return;
    const before = from[i - 1];
    all.splice(before === undefined ? 0 : all.indexOf(before) + 1, 0, name);
  });
  return all;
}

function byName(list: List): ReadonlyMap<string, unknown> {
  return new Map(list.map((item) => [nameOf(item), item]));
}

/** What an entry is known by. A task is known by its key and its stage, a definition by its stage. */
function nameOf(item: unknown): string {
  if (!isRecord(item)) return JSON.stringify(item);
  const { id, key, stage } = item;
  return JSON.stringify(id === undefined ? [key, stage] : [id]);
}

function wordOf(item: unknown, name: string): string {
  if (!isRecord(item)) return String(item);
  const word = item["label"] ?? item["name"] ?? item["title"] ?? item["stage"];
  return typeof word === "string" ? `“${word}”` : name;
}

function isList(value: unknown): value is List {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether they say the same; the order of keys does not matter. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || stable(a) === stable(b);
}

function stable(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => (isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1))) : inner)) ??
    "undefined"
  );
}
