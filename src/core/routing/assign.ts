/** Giving a lead an owner: by the rules, or by a person. Either way the decision is a fact that says why. */
import { note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Answer, Need } from "../flow/input.ts";
import { handOverTasks } from "../process/tasks.ts";
import { chooseRoute, memberAt } from "./routing.ts";

/** Asks the rules. The decision record names rule, team, configuration and the number dealt; with that configuration's list of members it can be recomputed. */
export function* assignByRoute(work: Work): Generator<Need, void, Answer> {
  const { lead, config, meta } = work;
  const route = chooseRoute(config.routing, lead, meta.now);
  const from = lead.ownerId;
  if (route === null) {
    lead.ownerId = null;
    lead.team = config.config.routing.fallback.queue;
    note(work, "lead.assigned", { from, owner: null, rule: "fallback", queue: lead.team, config: config.number });
  } else {
    const answer = yield { kind: "deal", pool: route.team, members: route.members };
    const index = answer.kind === "deal" ? answer.index : 0;
    lead.ownerId = memberAt(route.members, index);
    lead.team = route.team;
    note(work, "lead.assigned", { from, owner: lead.ownerId, rule: route.rule, pool: route.team, of: route.members.length, index, config: config.number });
  }
  work.versioned = true;
  work.changed = true;
  handOverTasks(work);
}

/** Gives the lead to a user by hand. */
export function assignTo(work: Work, userId: string, reason: string | null): void {
  const { lead, config } = work;
  const user = config.config.users.find((candidate) => candidate.id === userId);
  if (user === undefined || !user.active) {
    throw new Refused(
      refuse(422, "invalid", user === undefined ? `There is no user ${userId}.` : `${user.name} is not active and cannot own leads.`, [
        { path: "owner", message: "must be the id of an active user" },
      ]),
    );
  }
  if (lead.ownerId === userId) return;
  note(work, "lead.assigned", { from: lead.ownerId, owner: userId, rule: "by hand", ...(reason === null ? {} : { reason }) });
  lead.ownerId = userId;
  lead.team = config.config.teams.find((team) => team.members.includes(userId))?.id ?? lead.team;
  work.versioned = true;
  work.changed = true;
  handOverTasks(work);
}
