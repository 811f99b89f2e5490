/** Setting up a workspace: the workspace, its administrator, the default configuration and, for who asks, a key that may do everything. */
import { defaultConfig } from "../../../core/config/default-config.ts";
import { isEmail } from "../../../core/identity/identity.ts";
import { transact } from "../../db/db.ts";
import type { Deps, House } from "../../deps.ts";
import { invalid, Problem, type ProblemError } from "../../problems.ts";
import { audit } from "../audit/audit.service.ts";
import { hashApiKey, newApiKey } from "./api-key.ts";
import { actIn } from "./doorman.service.ts";
import { hashPassword, lengthProblem } from "./password.ts";
import { insertApiKey, insertConfigVersion, insertUser, insertWorkspace } from "./workspaces.queries.ts";

export type Setup = {
  readonly workspace: string;
  readonly email: string;
  readonly password: string;
  /** An IANA name; UTC when not given. */
  readonly timezone?: string | undefined;
  /** ISO 4217; EUR when not given. */
  readonly currency?: string | undefined;
  readonly locale?: string | undefined;
  /** The administrator's; the part of the address before the @ when not given. */
  readonly name?: string | undefined;
};

export type SetUp = { readonly workspaceId: string; readonly userId: string; readonly apiKey: string };

/** @throws Problem 422 when something given is not usable, 409 when the name is taken */
export async function setupWorkspace(house: House, setup: Setup): Promise<SetUp> {
  const apiKey = newApiKey();
  const { workspaceId, userId } = await makeWorkspace(house, setup, async ({ db }, userId) => {
    await insertApiKey(db, {
      id: house.newId(),
      hash: hashApiKey(apiKey),
      name: "Setup",
      scopes: ["read", "write", "admin"],
      userId,
      at: new Date(house.now()),
    });
  });
  return { workspaceId, userId, apiKey };
}

/**
 * Makes a workspace, and in the same transaction whatever `besides` makes for it.
 * @param first only if there is no workspace yet
 */
export async function makeWorkspace(
  house: House,
  setup: Setup,
  besides: (deps: Deps, userId: string) => Promise<void>,
  first = false,
): Promise<{ readonly workspaceId: string; readonly userId: string }> {
  const name = setup.workspace.trim();
  const email = setup.email.trim().toLowerCase();
  const timezone = setup.timezone ?? "UTC";
  const currency = setup.currency ?? "EUR";
  const problems = setupProblems({ ...setup, workspace: name, email, timezone, currency });
  if (problems.length > 0) throw invalid(`The workspace was not set up: ${problems.map(({ path, message }) => `${path} ${message}`).join("; ")}.`, problems);
  const passwordHash = await hashPassword(setup.password);
  const [workspaceId, userId] = [house.newId(), house.newId()];
  const user = { id: userId, name: setup.name?.trim() ?? email.slice(0, email.lastIndexOf("@")), active: true };
  await transact(actIn(house, workspaceId, `user:${userId}`), async (deps) => {
    const { db } = deps;
    const at = new Date(house.now());
    const made = await insertWorkspace(db, { name, timezone, currency, locale: setup.locale, first, at });
    if (!made && first) throw new Problem(409, "conflict", "This house is set up already. Sign in, or ask an administrator for an invitation.");
    if (!made)
      throw new Problem(
        409,
        "conflict",
        `There is a workspace called "${name}" already. Choose another name; a key for the old one is made with POST /api/v1/api-keys.`,
      );
    await insertUser(db, { ...user, email, role: "admin", passwordHash, at });
    await insertConfigVersion(db, { number: 1, body: JSON.stringify(defaultConfig([user], currency)), publishedBy: userId, at });
    await audit(deps, { action: "workspace.setUp", detail: { name } });
    await besides(deps, userId);
  });
  return { workspaceId, userId };
}

function setupProblems({
  workspace,
  email,
  password,
  timezone,
  currency,
}: Setup & { readonly timezone: string; readonly currency: string }): readonly ProblemError[] {
  const problems: ProblemError[] = [];
  const check = (path: string, ok: boolean, message: string): void => void (ok || problems.push({ path, message }));
  check("workspace", workspace !== "" && workspace.length <= 200 && isClean(workspace), "must be a name of 1 to 200 characters");
  check("email", isEmail(email) && isClean(email), `is not an e-mail address: ${JSON.stringify(email)}`);
  const wrong = lengthProblem(password);
  check("password", wrong === null, wrong ?? "");
  check("timezone", isTimezone(timezone), `is not a time zone: ${JSON.stringify(timezone)}; write it as Europe/Berlin or UTC`);
  check("currency", /^[A-Z]{3}$/.test(currency), "must be a currency code of three capital letters, as EUR");
  return problems;
}

function isClean(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
