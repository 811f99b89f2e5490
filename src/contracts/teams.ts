/** Teams: whom routing deals leads to, in turn, and whose leads their members see. They stand in the configuration. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, text } from "./values.ts";

const Name = text(200).trim().min(1, "is required");
const Members = z
  .array(text(100))
  .max(10_000, "must not have more than 10,000 members")
  .meta({ description: "Ids of users, in the order in which they take turns." });

const Managers = z
  .array(text(100))
  .max(10_000, "must not have more than 10,000 managers")
  .meta({ description: "Ids of users who see the team's leads and are dealt none." });

export const Team = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    members: z.array(z.strictObject({ id: Id, name: z.string(), active: z.boolean() })).meta({ description: "In their turn; inactive ones are passed over." }),
    managers: z.array(z.strictObject({ id: Id, name: z.string(), active: z.boolean() })).meta({ description: "They see the team's leads and are dealt none." }),
  })
  .meta({ id: "Team" });

export const listTeams = endpoint({
  id: "listTeams",
  method: "GET",
  path: "/api/v1/teams",
  tag: "Teams",
  summary: "List teams",
  scope: "read",
  access: "users.read",
  replies: { 200: { description: "All teams.", body: z.strictObject({ items: z.array(Team) }) } },
});

export const createTeam = endpoint({
  id: "createTeam",
  method: "POST",
  path: "/api/v1/teams",
  tag: "Teams",
  summary: "Make a team",
  description: "Publishes a configuration. Without an id it gets one from its name.",
  scope: "admin",
  access: "users.manage",
  body: z
    .strictObject({
      id: text(100)
        .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "must be letters, digits, hyphens and underscores")
        .optional(),
      name: Name,
      members: Members.default([]),
      managers: Managers.optional(),
    })
    .meta({ id: "NewTeam", examples: [{ name: "Sales North", members: [] }] }),
  replies: { 201: { description: "The team.", body: Team } },
});

export const changeTeam = endpoint({
  id: "changeTeam",
  method: "PATCH",
  path: "/api/v1/teams/{id}",
  tag: "Teams",
  summary: "Rename a team or change its members and managers",
  description: "What is not named stays. `members` is the whole list in its new order, `managers` the whole list. Publishes a configuration.",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: text(100) }),
  body: z.strictObject({ name: Name.optional(), members: Members.optional(), managers: Managers.optional() }).meta({ id: "TeamChange" }),
  replies: { 200: { description: "The team as it is now.", body: Team } },
});

export const deleteTeam = endpoint({
  id: "deleteTeam",
  method: "DELETE",
  path: "/api/v1/teams/{id}",
  tag: "Teams",
  summary: "Delete a team",
  description: "409 while a routing rule, the fallback or a lead names it; `errors` says which.",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: text(100) }),
  replies: { 200: { description: "The team that went.", body: Team } },
});
