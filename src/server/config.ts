import path from "node:path";
import { z } from "zod";

/**
 * The configuration: everything Baton reads from its environment, read once.
 *
 * Every mistake is collected and reported together, because an operator who
 * fixes one variable per restart loses an afternoon. An empty variable counts
 * as not given: compose files pass `${SMTP_URL:-}`.
 */
export type Config = {
  readonly port: number;
  readonly host: string;
  /** `named` tells whether BATON_DATA was given; only an unnamed folder may be moved. See store/folder.ts. */
  readonly data: { readonly dir: string; readonly named: boolean };
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl: string | null;
  /** The public address without a trailing slash; null means the address the server listens on. */
  readonly publicUrl: string | null;
  /** `false`, `true`, a number of hops, or addresses, as Fastify's `trustProxy`. */
  readonly trustProxy: boolean | number | string;
  /** What the key of the house is derived from; null: the key lies in the data folder. */
  readonly secret: string | null;
  readonly smtpUrl: string | null;
  readonly logLevel: LogLevel;
};

export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

export class ConfigError extends Error {
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}:\n${mistakes.map((mistake) => `  - ${mistake}`).join("\n")}`,
    );
    this.name = "ConfigError";
    this.mistakes = mistakes;
  }
}

/** Reads and checks the environment. Throws a ConfigError that names every mistake. Relative folders are taken from `cwd`. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env, cwd: string = process.cwd()): Config {
  const given = Object.fromEntries(Object.keys(Environment.shape).map((name) => [name, blankToUndefined(env[name])]));
  const read = Environment.safeParse(given);
  const mistakes = read.success
    ? []
    : read.error.issues.map((issue) => `${String(issue.path[0])} is ${JSON.stringify(shown(String(issue.path[0]), given))}: ${issue.message}.`);
  if (given["DATABASE_OWNER_URL"] !== undefined && given["DATABASE_URL"] === undefined)
    mistakes.push("DATABASE_OWNER_URL is given without DATABASE_URL: give both to use a PostgreSQL server, or neither to use the embedded one.");
  if (mistakes.length > 0 || !read.success) throw new ConfigError(mistakes);
  const values = read.data;
  return {
    port: values.PORT,
    host: values.HOST,
    data: { dir: path.resolve(cwd, values.BATON_DATA ?? "data"), named: values.BATON_DATA !== undefined },
    databaseUrl: values.DATABASE_URL ?? null,
    databaseOwnerUrl: values.DATABASE_OWNER_URL ?? values.DATABASE_URL ?? null,
    publicUrl: values.BATON_URL ?? null,
    trustProxy: values.TRUST_PROXY,
    secret: values.BATON_SECRET ?? null,
    smtpUrl: values.SMTP_URL ?? null,
    logLevel: values.LOG_LEVEL,
  };
}

const url = (protocols: readonly string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), { error: `expected an address such as ${example}` });

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "expected a port number from 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "expected a port number from 0 to 65535")
    .default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, "expected an address or host name to listen on, such as 127.0.0.1 or 0.0.0.0")
    .default("127.0.0.1"),
  BATON_DATA: z.string().optional(),
  DATABASE_URL: url(["postgres:", "postgresql:"], "postgres://user:password@host:5432/database").optional(),
  DATABASE_OWNER_URL: url(["postgres:", "postgresql:"], "postgres://owner:password@host:5432/database").optional(),
  BATON_URL: url(["http:", "https:"], "https://baton.example.com")
    .transform((text) => text.replace(/\/+$/, ""))
    .optional(),
  TRUST_PROXY: z
    .string()
    .regex(
      /^(true|false|\d{1,2}|[0-9a-fA-F.:/, ]+|loopback|linklocal|uniquelocal)$/,
      "expected true, false, a number of proxies, or their addresses separated by commas",
    )
    .transform((text) => (text === "true" ? true : text === "false" ? false : /^\d+$/.test(text) ? Number(text) : text))
    .default(false),
  BATON_SECRET: z.string().min(32, "expected at least 32 characters, the same on every server of one database").optional(),
  SMTP_URL: url(["smtp:", "smtps:"], "smtps://user:password@mail.example.com").optional(),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], "expected fatal, error, warn, info, debug, trace or silent")
    .default("info"),
});

function blankToUndefined(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

/** Addresses may carry passwords, and error messages end up in logs. */
function shown(name: string, given: Readonly<Record<string, string | undefined>>): string {
  const text = given[name] ?? "";
  if (name === "BATON_SECRET") return "…";
  return name.endsWith("_URL") ? text.replace(/\/\/[^@]*@/, "//…@") : text;
}
