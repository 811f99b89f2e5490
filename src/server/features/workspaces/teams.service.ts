/** Teams. They stand in the configuration alone, so making, changing or deleting one publishes a version. */
import type { Config, TeamDef } from "../../../core/config/config.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem, type ProblemError } from "../../problems.ts";
import { audit, type AuditAction, differences } from "../audit/audit.service.ts";
import { publishChange, rescoreInBackground } from "./config.service.ts";
import { once, type Repeatable } from "./once.service.ts";
import { rightsChanged } from "./rights-changed.service.ts";
import { countLeadsOfTeam } from "./workspaces.queries.ts";

export type TeamView = {
  readonly id: string;
  readonly name: string;
  readonly members: { readonly id: string; readonly name: string; readonly active: boolean }[];
  readonly managers: { readonly id: string; readonly name: string; readonly active: boolean }[];
};

/** How many teams a configuration takes. */
const MOST_TEAMS = 500;

export async function listTeams({ configs, db }: Deps): Promise<readonly TeamView[]> {
  const { config } = await configs.get(db);
  return config.teams.map((team) => viewOf(config, team));
}

/** @throws Problem 409 when the id is taken, 422 when a member is no user */
export async function createTeam(
  deps: Deps,
  given: { readonly id?: string | undefined; readonly name: string; readonly members: readonly string[]; readonly managers?: readonly string[] | undefined },
  idempotency: Repeatable,
): Promise<TeamView> {
  const id = await published(deps, idempotency, "team.made", ({ teams, users }) => {
    if (teams.length >= MOST_TEAMS) throw invalid(`There are ${MOST_TEAMS} teams, the most a workspace can have. Nothing was written.`);
    const taken = given.id === undefined ? undefined : teams.find((team) => team.id === given.id);
    if (taken !== undefined)
      throw new Problem(409, "conflict", `There is a team "${taken.id}" already, called ${taken.name}. Choose another id, or none to get one.`, [
        { path: "id", message: "is that of another team" },
      ]);
    const team = {
      id: given.id ?? freeId(given.name, teams),
      name: given.name,
      members: usersOf("members", given.members, users),
      ...(given.managers === undefined ? {} : { managers: usersOf("managers", given.managers, users) }),
    };
    return { team, teams: [...teams, team] };
  });
  return getTeam(deps, id);
}

/** @throws Problem 404, 422 when a member is no user */
export async function changeTeam(
  deps: Deps,
  id: string,
  change: { readonly name?: string | undefined; readonly members?: readonly string[] | undefined; readonly managers?: readonly string[] | undefined },
  idempotency: Repeatable,
): Promise<TeamView> {
  await published(deps, idempotency, "team.changed", ({ teams, users }) => {
    const team = teamIn(teams, id);
    const next = {
      ...team,
      name: change.name ?? team.name,
      ...(change.members === undefined ? {} : { members: usersOf("members", change.members, users) }),
      ...(change.managers === undefined ? {} : { managers: usersOf("managers", change.managers, users) }),
    };
    return { team: next, teams: teams.map((other) => (other.id === id ? next : other)) };
  });
  return getTeam(deps, id);
}

/** @throws Problem 404, 409 while something names it */
export async function deleteTeam(deps: Deps, id: string, idempotency: Repeatable): Promise<TeamView> {
  const { config } = await deps.configs.get(deps.db);
  const gone = config.teams.find((team) => team.id === id);
  const view = gone === undefined ? { id, name: id, members: [], managers: [] } : viewOf(config, gone);
  await published(deps, idempotency, "team.deleted", async ({ teams, routing }, deps) => {
    const team = teamIn(teams, id);
    const leads = await countLeadsOfTeam(deps.db, id);
    const named: ProblemError[] = [
      ...routing.rules.flatMap((rule, i) =>
        rule.team === id ? [{ path: `routing.rules[${i}].team`, message: `the routing rule "${rule.label}" deals leads to it` }] : [],
      ),
      ...(routing.fallback.queue === id ? [{ path: "routing.fallback.queue", message: "leads that no rule takes go to it" }] : []),
      ...(leads > 0 ? [{ path: "leads", message: leads === 1 ? "one lead is with it" : `${leads} leads are with it` }] : []),
    ];
    if (named.length > 0)
      throw new Problem(409, "conflict", `The team ${team.name} cannot go yet: ${named.map(({ message }) => message).join("; ")}. Change that first.`, named);
    return { team, teams: teams.filter((other) => other.id !== id) };
  });
  return view;
}

type Next = { readonly team: TeamDef; readonly teams: readonly TeamDef[] };

/** Answers the team's id. */
async function published(
  deps: Deps,
  idempotency: Repeatable,
  action: AuditAction,
  change: (config: Config, deps: Deps) => Next | Promise<Next>,
): Promise<string> {
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    let id = "";
    const { number, published } = await publishChange(deps, async ({ config }) => {
      const { team, teams } = await change(config, deps);
      id = team.id;
      const was = config.teams.find((other) => other.id === id);
      const detail =
        action === "team.deleted"
          ? { name: team.name }
          : differences(
              { name: was?.name, members: was?.members, managers: was?.managers ?? [] },
              { name: team.name, members: team.members, managers: team.managers ?? [] },
            );
      if (Object.keys(detail).length > 0) await audit(deps, { action, about: { type: "team", id }, detail });
      return { ...config, teams };
    });
    return { id, config: published ? number : null };
  });
  // A team's members see its leads.
  rightsChanged(deps, "*");
  if (!replayed && kept.config !== null) rescoreInBackground(deps, kept.config);
  return kept.id;
}

async function getTeam({ configs, db }: Deps, id: string): Promise<TeamView> {
  const { config } = await configs.get(db);
  return viewOf(config, teamIn(config.teams, id));
}

function teamIn(teams: readonly TeamDef[], id: string): TeamDef {
  const team = teams.find((other) => other.id === id);
  if (team === undefined) throw notFound("team", JSON.stringify(id));
  return team;
}

/** "Sales North" becomes sales-north, or sales-north-2 when that is taken. */
function freeId(name: string, teams: readonly TeamDef[]): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  const base = plain === "" ? "team" : plain;
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!teams.some((team) => team.id === id)) return id;
  }
}

function usersOf(part: "members" | "managers", ids: readonly string[], users: Config["users"]): readonly string[] {
  const known = new Set(users.map(({ id }) => id));
  const strangers = ids.flatMap((id, i) => (known.has(id) ? [] : [{ path: `${part}[${i}]`, message: "is the id of no user" }]));
  if (strangers.length > 0) throw invalid(`Some ${part} are no users of this workspace. Nothing was written.`, strangers);
  return [...new Set(ids)];
}

function viewOf({ users }: Config, { id, name, members, managers = [] }: TeamDef): TeamView {
  const byId = new Map(users.map((user) => [user.id, user]));
  const peopleOf = (ids: readonly string[]) => ids.flatMap((one) => byId.get(one) ?? []).map(({ id, name, active }) => ({ id, name, active }));
  return { id, name, members: peopleOf(members), managers: peopleOf(managers) };
}
