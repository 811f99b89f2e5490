/** The commands there are. `run` names what the house does; `restore` is the one the command line does by itself. */

export type OptionSpec = { readonly name: string; readonly value: string | null; readonly words: string; readonly required?: boolean };

export type CommandSpec = {
  readonly name: string;
  readonly words: string;
  readonly places: readonly string[];
  readonly options: readonly OptionSpec[];
  readonly more?: readonly string[];
};

const WORKSPACE: OptionSpec = { name: "workspace", value: "NAME", words: "the workspace, by name or id; not needed while there is only one" };
const FROM: OptionSpec = { name: "from", value: "DATE", words: "leads captured on this day or later, as 2026-01-31" };
const TO: OptionSpec = { name: "to", value: "DATE", words: "leads captured on this day or earlier" };

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "setup",
    words: "make a workspace with its first administrator and an API key",
    places: [],
    options: [
      { name: "workspace", value: "NAME", words: "what the workspace is called", required: true },
      { name: "email", value: "ADDRESS", words: "the administrator's e-mail address", required: true },
      { name: "password", value: "PASSWORD", words: "the administrator's password, at least 12 characters", required: true },
      { name: "timezone", value: "ZONE", words: "as Europe/Berlin; UTC when not given" },
      { name: "currency", value: "CODE", words: "as EUR" },
    ],
  },
  {
    name: "demo",
    words: "load a made-up company with half a year of history, and tell who can sign in",
    places: [],
    options: [],
    more: ["", "It takes half a minute. A house has one demo workspace; it stands beside the others and can be looked at, worked with and left alone."],
  },
  {
    name: "import",
    words: "import leads from a CSV file of any size",
    places: ["FILE"],
    options: [
      { name: "map", value: "MAP.json", words: "which column goes where", required: true },
      WORKSPACE,
      { name: "history", value: null, words: "import the past: dated stage entries, no automation, no messages, no clocks" },
      { name: "dry-run", value: null, words: "do everything, tell what would happen, and undo it" },
    ],
    more: [
      "",
      'MAP.json: {"match": "email"|"externalId"|"phone"|"none", "columns": {"column in the file": "target"}, "defaults": {"target": value},',
      '           "lists": {"target": {"text in the file": "value"}}, "dateOrder": "dayFirst"|"monthFirst", "encoding": "…", "delimiter": "…"}',
      "Targets: email phone firstName lastName company jobTitle country city website source campaign externalId capturedAt stage stageAt status",
      "         owner tags fields.<key> bant.<part> consent.<topic> opportunity.(name|amount|currency|owner|stage|won|wonAt|lostAt|lostReason)",
      "Rows that cannot be taken are in an error file with line, column and reason; the others go in. An interrupted import goes on by itself.",
    ],
  },
  {
    name: "export leads",
    words: "write leads into a CSV file",
    places: [],
    options: [
      { name: "out", value: "FILE", words: "the file; one that is there is replaced when the new one is whole", required: true },
      { name: "filter", value: "JSON", words: 'which leads, as {"field":"stage","op":"eq","value":"mql"}; all when not given' },
      { name: "sort", value: "FIELDS", words: "as -score,createdAt; the newest first when not given" },
      { name: "columns", value: "KEYS", words: "as name,email,fields.need; every column when not given" },
      WORKSPACE,
    ],
    more: ["", "The file can be imported again. A cell that a spreadsheet would take for a formula has an apostrophe before it."],
  },
  {
    name: "report funnel",
    words: "how many leads reached each stage",
    places: [],
    options: [
      { name: "by", value: "FIELD", words: "one row for each source, country, fields.<key> …" },
      FROM,
      TO,
      { name: "as-of", value: "DATE", words: "the funnel as it stood at the end of this day" },
      WORKSPACE,
    ],
  },
  { name: "report velocity", words: "how long leads take, from stage to stage and to won", places: [], options: [FROM, TO, WORKSPACE] },
  {
    name: "score explain",
    words: "what a lead's score is the sum of, when it falls and what would raise it",
    places: ["LEAD"],
    options: [WORKSPACE],
    more: ["", "LEAD is the lead's id or its e-mail address."],
  },
  {
    name: "doctor",
    words: "check the conservation laws; exit code 1 when one is broken",
    places: [],
    options: [{ name: "replay", value: "N", words: "replay the history of N leads as well" }],
  },
  { name: "backup", words: "write everything into one file", places: ["FILE"], options: [] },
  { name: "restore", words: "fill an empty database from a backup, while no server runs", places: ["FILE"], options: [] },
];
