/** The configuration of a workspace: reading what is live, and publishing the next version. */
import { may, refusalWords } from "../../../core/access/access.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { Config, UserRef } from "../../../core/config/config.ts";
import { changeProblems, configProblems } from "../../../core/config/config-problems.ts";
import { definitionsChanged } from "../../../core/definitions/definition.ts";
import { signingInForce } from "../../../core/definitions/signing.ts";
import { inHundredths, inPoints } from "../../../core/config/points.ts";
import type { Deps } from "../../deps.ts";
import { audit, differences } from "../audit/audit.service.ts";
import { lockConfigExclusive } from "../../flow/flow.queries.ts";
import { hasOpenRun, insertRun } from "../../flow/rescore.queries.ts";
import { doRescore } from "../../flow/rescore.ts";
import { invalid, Problem } from "../../problems.ts";
import { once, type Repeatable } from "./once.service.ts";
import { rightsChanged } from "./rights-changed.service.ts";
import { refuseLastAdmin } from "./users-config.service.ts";
import { insertConfigVersion, listOpportunityStagesInUse, listStagesInUse, listUsers, setConfigNumber, updateUser } from "./workspaces.queries.ts";

export type Published = { readonly number: number; readonly config: Config };

/** The live configuration, in points with two decimals. */
export async function getLiveConfig({ configs, db }: Pick<Deps, "configs" | "db">): Promise<Published> {
  const { number, config } = await configs.get(db);
  return { number, config: inPoints(config) };
}

/**
 * Makes a configuration (in points) live under the next number and starts rescoring. Batches of the flow hold the
 * configuration shared, so the change waits for those under way and none sees half of it. The same document again
 * publishes nothing. Users cannot be made or dropped here: a stranger is refused, one left out stays as he is.
 * @throws Problem 422 with every place, 412 when `ifMatch` names another number than the live one
 */
export async function publishConfig(
  deps: Deps,
  given: Config,
  options: { readonly ifMatch?: number | undefined; readonly idempotency?: Repeatable; readonly why?: string | undefined } = {},
): Promise<Published> {
  const config = inHundredths(given);
  refuse(configProblems(config));
  const { kept } = await once(deps, options.idempotency ?? null, (deps) =>
    publishChange(
      deps,
      async (live) => {
        if (options.ifMatch !== undefined && options.ifMatch !== live.number) {
          throw new Problem(
            412,
            "version-mismatch",
            `Configuration ${live.number} is live, the change was made on ${options.ifMatch}. Read it again and repeat the change.`,
          );
        }
        refuseForeignRights(deps, live.config, config);
        await refuseUnsigned(deps, live.config, config);
        return { ...config, users: await everyUser(deps, config.users) };
      },
      options.why,
    ),
  );
  // Users may have been deactivated, teams and what sales reps see be others.
  if (kept.published) rightsChanged(deps, "*");
  if (kept.published) rescoreInBackground(deps, kept.number);
  return getLiveConfig(deps);
}

/**
 * Makes what `change` makes of the live configuration (in hundredths) the next one, in the transaction of the caller, who
 * calls `rescoreInBackground` once it has committed. While `change` works nobody else publishes.
 */
export async function publishChange(
  deps: Deps,
  change: (live: CompiledConfig) => Promise<Config>,
  why?: string,
): Promise<{ readonly number: number; readonly published: boolean }> {
  lockConfigExclusive(deps.db);
  const live = await deps.configs.get(deps.db);
  const config = await change(live);
  if (stable(live.config) === stable(config)) return { number: live.number, published: false };
  refuse([...changeProblems(live.config, config), ...(await stagesLost(deps, live.config, config))]);
  const number = live.number + 1;
  await insertConfigVersion(deps.db, { number, body: JSON.stringify(config), publishedBy: publisher(deps.actor), at: new Date(deps.now()) });
  await setConfigNumber(deps.db, number);
  await audit(deps, {
    action: "config.published",
    about: { type: "config", id: String(number) },
    detail: { number, changed: partsThatDiffer(live.config, config) },
    why,
  });
  // A run under way ends with this publish, so its work must be taken over whatever changed.
  if (scoresDiffer(live.config, config) || (await hasOpenRun(deps.db))) await insertRun(deps.db, number, new Date(deps.now()));
  return { number, published: true };
}

/** Which parts of the document are other than before. */
function partsThatDiffer(from: Config, to: Config): readonly string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((part) => stable(from[part as keyof Config]) !== stable(to[part as keyof Config]));
}

/** Whether leads could be scored or qualified differently. People, teams, routes, tasks and what stages are called move no score. */
function scoresDiffer(from: Config, to: Config): boolean {
  const scoring = ({ model, definitions, facets, stages, fields }: Config): string =>
    stable({ model, definitions, facets, stages: stages.map(({ id, line, entry, statuses }) => ({ id, line, entry, statuses })), fields });
  return scoring(from) !== scoring(to);
}

/** The run is noted in the transaction that publishes, so a process that ends first leaves it to the next start. */
export function rescoreInBackground(deps: Deps, number: number): void {
  deps.live.topic(deps.db.workspaceId, "config");
  doRescore(deps, deps.db.workspaceId, number).catch((error: unknown) =>
    deps.log.warn({ err: error, config: number }, "rescoring stopped; it goes on at the next start"),
  );
}

function refuse(problems: readonly { readonly path: string; readonly message: string }[]): void {
  if (problems.length > 0) throw invalid("The configuration does not hold together. Nothing was published.", problems);
}

/** Who works here and how far reps see stands in the document too, but takes rights of its own. */
function refuseForeignRights({ viewer: { role } }: Pick<Deps, "viewer">, from: Config, to: Config): void {
  const was = new Map(from.users.map((user) => [user.id, stable(user)]));
  const users = to.users.some((user) => was.get(user.id) !== stable(user));
  if (users && !may(role, "users.manage")) throw new Problem(403, "forbidden", refusalWords(role, "users.manage"));
  if ((from.repsSee ?? "team") !== (to.repsSee ?? "team") && !may(role, "workspace.manage"))
    throw new Problem(403, "forbidden", refusalWords(role, "workspace.manage"));
}

/** Where two people can sign for marketing and sales, definitions come into force by their signatures and no other way. */
async function refuseUnsigned(deps: Deps, from: Config, to: Config): Promise<void> {
  const changed = definitionsChanged(from, to);
  if (changed.length === 0) return;
  const people = (await listUsers(deps.db)).map(({ id, name, active, can_sign_in, sign_marketing, sign_sales }) => ({
    id,
    name,
    active,
    joined: can_sign_in,
    marketing: sign_marketing,
    sales: sign_sales,
  }));
  if (!signingInForce(people)) return;
  const labels = changed.map((id) => to.stages.find((stage) => stage.id === id)?.label ?? id);
  throw new Problem(
    409,
    "signatures-needed",
    `The definition of ${labels.join(", ")} changes by the signatures of marketing and sales. Draft it under Settings → Definitions (PUT /api/v1/definitions/{stage}/draft). Nothing was published.`,
    to.definitions.flatMap(({ stage }, i) => (changed.includes(stage) ? [{ path: `definitions[${i}]`, message: "is signed, not published" }] : [])),
  );
}

/** The users a document names and those it leaves out. A name, or being active, that it gives differently is the user's from now on. */
async function everyUser(deps: Deps, given: readonly UserRef[]): Promise<readonly UserRef[]> {
  const { db } = deps;
  const rows = new Map((await listUsers(db)).map((row) => [row.id, row]));
  const known = new Map([...rows].map(([id, { name, active }]) => [id, { id, name, active }]));
  refuse(
    given.flatMap(({ id, name }, i) =>
      known.has(id) ? [] : [{ path: `users[${i}].id`, message: `there is no user ${id} (${name}); make him with POST /api/v1/users, which answers his id` }],
    ),
  );
  for (const user of given) {
    const was = known.get(user.id);
    const row = rows.get(user.id);
    if (was !== undefined && row !== undefined && (was.name !== user.name || was.active !== user.active)) {
      await updateUser(db, { role: row.role, signMarketing: row.sign_marketing, signSales: row.sign_sales, ...user });
      await audit(deps, { action: "user.changed", about: { type: "user", id: user.id }, detail: differences(was, { ...user }) });
      if (was.active && !user.active && row.role === "admin") await refuseLastAdmin(deps);
    }
    known.delete(user.id);
  }
  return [...given, ...known.values()];
}

/** A stage may only go when nobody stands in it. */
async function stagesLost({ db }: Deps, from: Config, to: Config): Promise<readonly { readonly path: string; readonly message: string }[]> {
  const gone = from.stages.map(({ id }) => id).filter((id) => !to.stages.some((stage) => stage.id === id));
  const goneOfDeals = from.opportunityStages.filter((id) => !to.opportunityStages.includes(id));
  const [stages, dealStages] = await Promise.all([
    gone.length === 0 ? [] : listStagesInUse(db, gone),
    goneOfDeals.length === 0 ? [] : listOpportunityStagesInUse(db, goneOfDeals),
  ]);
  return [
    ...stages.map((id) => ({ path: "stages", message: `leads stand in "${id}"; move them before it goes` })),
    ...dealStages.map((id) => ({ path: "opportunityStages", message: `opportunities stand in "${id}"; move them before it goes` })),
  ];
}

function publisher(actor: string): string | null {
  return actor.startsWith("user:") ? actor.slice(5) : null;
}

/** As text in which the order of keys does not matter: PostgreSQL keeps another order than the sender. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
