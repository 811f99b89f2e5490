/**
 * Which leads somebody sees. What belongs to a lead (next steps, opportunities, history, mail) is seen exactly by those who
 * see the lead.
 */
import type { Config } from "../config/config.ts";
import type { LeadState } from "../flow/state.ts";

/** How far a right reaches. */
export type Reach = "none" | "own" | "team" | "customers" | "all";
/** How far somebody sees. */
export type Sight = Exclude<Reach, "none">;

/** How far sales reps see: each workspace decides. */
export const REPS_SEE = ["own", "team", "all"] as const;
export type RepsSee = (typeof REPS_SEE)[number];

/** Whoever looks, by his place in the workspace. */
export type Seer = {
  readonly userId: string | null;
  readonly sees: Sight;
  /** The ids of the teams of which he is a member or a manager. */
  readonly teams: readonly string[];
};

/** What decides who sees a lead. */
export type Guarded = {
  readonly ownerId: string | null;
  readonly team: string | null;
  /** The teams of which its owner is a member or a manager. */
  readonly ownerTeams: readonly string[];
  /** Who holds an open next step of it or one of its opportunities. */
  readonly holders: readonly string[];
  readonly isCustomer: boolean;
};

/**
 * Own is what somebody owns, what he holds an open next step or an opportunity of, and what waits in one of his teams for
 * an owner. A team's is what is routed to it or owned by a member. Customers are leads that have come as far.
 */
export function isWithin(reach: Reach, { userId, teams }: Omit<Seer, "sees">, lead: Guarded): boolean {
  if (reach === "all") return true;
  if (reach === "none" || userId === null) return false;
  if (lead.ownerId === userId || lead.holders.includes(userId)) return true;
  const inTeam = lead.team !== null && teams.includes(lead.team);
  if (lead.ownerId === null && inTeam) return true;
  if (reach === "team") return inTeam || lead.ownerTeams.some((team) => teams.includes(team));
  return reach === "customers" && lead.isCustomer;
}

/** What of a lead decides who sees it. */
export function guardedOf(config: Config, lead: Pick<LeadState, "ownerId" | "team" | "tasks" | "opportunities" | "stage" | "passes">): Guarded {
  return {
    ownerId: lead.ownerId,
    team: lead.team,
    ownerTeams: lead.ownerId === null ? [] : teamsOf(config, lead.ownerId),
    holders: [...lead.tasks.filter(({ state }) => state === "open"), ...lead.opportunities].flatMap(({ ownerId }) => (ownerId === null ? [] : [ownerId])),
    isCustomer: isCustomer(config, lead),
  };
}

export function teamsOf({ teams }: Pick<Config, "teams">, userId: string): readonly string[] {
  return teams.filter(({ members, managers }) => members.includes(userId) || managers?.includes(userId) === true).map(({ id }) => id);
}

export type CustomerStages = { readonly stages: readonly string[]; readonly exits: readonly string[] };

/** The stages of the main line from the one that a won opportunity leads to, and the exits, behind which a customer stays one. */
export function customerStages({ stages }: Pick<Config, "stages">): CustomerStages {
  const line = stages.filter(({ line }) => line === "main");
  const first = line.findIndex(({ entry }) => entry === "won");
  return { stages: first < 0 ? [] : line.slice(first).map(({ id }) => id), exits: stages.filter(({ line }) => line === "exit").map(({ id }) => id) };
}

function isCustomer(config: Config, { stage, passes }: Pick<LeadState, "stage" | "passes">): boolean {
  const { stages, exits } = customerStages(config);
  return stages.includes(stage) || (exits.includes(stage) && stages.some((id) => (passes[id] ?? 0) > 0));
}

/**
 * The same as lists, for those who ask the database: a lead is seen when one of them says so. Whom a lead is held by it does
 * not say itself; those leads are looked up first.
 */
export type Sieve = {
  readonly userId: string;
  /** The teams of which he is a member. */
  readonly teams: readonly string[];
  /** Whether all leads of his teams are seen, or only those that have no owner. */
  readonly wholeTeams: boolean;
  /** Whose leads are seen: his own, and with whole teams their members'. */
  readonly owners: readonly string[];
  readonly customers: CustomerStages | null;
};

/** Null: everything is seen. */
export function sieveOf(config: Config, { userId, sees }: Omit<Seer, "teams">): Sieve | null {
  if (sees === "all") return null;
  const teams = userId === null ? [] : teamsOf(config, userId);
  const mates = sees === "team" ? config.teams.filter(({ id }) => teams.includes(id)).flatMap(({ members }) => members) : [];
  return {
    userId: userId ?? NOBODY,
    teams,
    wholeTeams: sees === "team",
    owners: userId === null ? [] : [...new Set([userId, ...mates])],
    customers: sees === "customers" ? customerStages(config) : null,
  };
}

/** The id of no user. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
