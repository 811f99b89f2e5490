/** How a result looks to a person who did not ask for JSON. */
import { type Ledger, sayScore } from "./say-score.ts";
import { table } from "./table.ts";

type Result = Readonly<Record<string, string | number | null>>;

export function say(command: string, result: object): string {
  const known = result as Result;
  switch (command) {
    case "setup":
      return `The workspace is ready.\n  workspace  ${known["workspaceId"]}\n  user       ${known["userId"]}\n  API key    ${known["apiKey"]}\nThe key is shown this once: keep it.`;
    case "demo":
      return sayDemo(result as Demo);
    case "import":
      return sayImport(known);
    case "export leads":
      return `Exported ${number(known["rows"])} leads into ${known["file"]} (${number(known["bytes"])} bytes).`;
    case "report funnel":
      return sayFunnel(known as unknown as Funnel);
    case "report velocity":
      return sayVelocity(known as unknown as Velocity);
    case "score explain":
      return sayScore(result as Ledger);
    case "doctor":
      return sayDoctor(known as unknown as Doctor);
    case "backup":
      return `Backed up ${number(known["rows"])} rows into ${known["file"]} (${number(known["bytes"])} bytes).`;
    case "restore":
      return `Restored ${number(known["rows"])} rows of the backup made ${known["createdAt"]} by Baton ${known["madeBy"]}. Sending is paused until somebody allows it.`;
    default:
      return JSON.stringify(result, null, 2);
  }
}

type Demo = {
  readonly workspaceId: string;
  readonly apiKey: string;
  readonly users: readonly { readonly email: string; readonly password: string; readonly role: string }[];
};

function sayDemo({ workspaceId, apiKey, users }: Demo): string {
  const people = table(
    ["sign in as", "role", "password"],
    users.map(({ email, role, password }) => [email, role, password]),
  );
  return `The demo workspace is ready.\n  workspace  ${workspaceId}\n  API key    ${apiKey}\n${people}`;
}

function sayImport({ rows, created, updated, skipped, rejected, seconds, importId, errorFile }: Result): string {
  const head = `${number(rows)} rows in ${seconds} s: ${number(created)} created, ${number(updated)} updated, ${number(skipped)} skipped, ${number(rejected)} rejected.`;
  return [head, `Import ${importId}.`, ...(errorFile === null ? [] : [`Rejected rows with their reasons: ${errorFile}`])].join("\n");
}

type Funnel = {
  readonly stages: readonly string[];
  readonly rows: readonly { readonly key: string | null; readonly stages: Readonly<Record<string, number>> }[];
};

function sayFunnel({ stages, rows }: Funnel): string {
  return table(
    ["", ...stages],
    rows.map(({ key, stages: counts }) => [key ?? "(none)", ...stages.map((stage) => number(counts[stage] ?? 0))]),
  );
}

type Durations = { readonly medianDays: number | null; readonly p90Days: number | null; readonly count: number };
type Velocity = { readonly cycle: Durations; readonly stages: readonly (Durations & { readonly stage: string })[] };

function sayVelocity({ cycle, stages }: Velocity): string {
  const line = (name: string, { medianDays, p90Days, count }: Durations) => [name, days(medianDays), days(p90Days), number(count)];
  return table(["", "median days", "90 % within", "leads"], [line("MQL to won", cycle), ...stages.map((stage) => line(stage.stage, stage))]);
}

function days(value: number | null): string {
  return value === null ? "–" : value.toFixed(1);
}

type Doctor = {
  readonly laws: readonly { readonly law: string; readonly checked: number }[];
  readonly violations: readonly { readonly law: string; readonly detail?: string; readonly broken?: number; readonly rows?: readonly unknown[] }[];
};

function sayDoctor({ laws, violations }: Doctor): string {
  const all = table(
    ["law", "checked"],
    laws.map(({ law, checked }) => [law, number(checked)]),
  );
  if (violations.length === 0) return `${all}\nAll laws hold.`;
  const broken = violations.map(
    ({ law, detail, broken, rows }) =>
      `${law} is broken ${number(broken ?? 1)} times: ${detail ?? ""}\n${(rows ?? []).map((row) => `  ${JSON.stringify(row)}`).join("\n")}`,
  );
  return [all, ...broken].join("\n");
}

function number(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en") : String(value);
}
