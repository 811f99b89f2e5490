/** Users: the people leads are dealt to. They stand in the configuration too, so making or changing one publishes a version. */
import { z } from "zod";
import { ROLES } from "../core/access/role.ts";
import { endpoint } from "./endpoint.ts";
import { Id, Moment, text } from "./values.ts";

const Name = text(200).trim().min(1, "is required");
const Team = text(100).min(1, "must not be empty");

export const User = z
  .strictObject({
    id: Id,
    name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
    active: z.boolean(),
    teams: z.array(z.string()).meta({ description: "The ids of the teams of which the user is a member." }),
    createdAt: Moment,
  })
  .meta({ id: "User", description: "A person of the workspace. Only active ones are dealt leads." });

export const listUsers = endpoint({
  id: "listUsers",
  method: "GET",
  path: "/api/v1/users",
  tag: "Users",
  summary: "List users",
  scope: "admin",
  replies: { 200: { description: "All users, inactive ones too.", body: z.strictObject({ items: z.array(User) }) } },
});

export const createUser = endpoint({
  id: "createUser",
  method: "POST",
  path: "/api/v1/users",
  tag: "Users",
  summary: "Make a user",
  description:
    "The user is active at once and, when a team is named, last in its turn; this publishes a configuration. There is no password yet. An e-mail address that a user of the workspace has is 409.",
  scope: "admin",
  body: z
    .strictObject({
      name: Name,
      email: text(254).meta({ description: "Stored trimmed and in lower case." }),
      role: z.enum(ROLES, { error: `must be one of ${ROLES.join(", ")}` }),
      team: Team.optional().meta({ description: "The id of a team." }),
    })
    .meta({ id: "NewUser", examples: [{ name: "Grace Hopper", email: "grace@example.org", role: "salesRep", team: "sales" }] }),
  replies: { 201: { description: "The user.", body: User } },
});

export const changeUser = endpoint({
  id: "changeUser",
  method: "PATCH",
  path: "/api/v1/users/{id}",
  tag: "Users",
  summary: "Change a user",
  description:
    "What is not named stays. An inactive user is dealt nothing from the next lead on and keeps the leads he owns. `team` makes him a member of this team only, null of none. A change publishes a configuration.",
  scope: "admin",
  params: z.strictObject({ id: Id }),
  body: z
    .strictObject({ name: Name.optional(), active: z.boolean().optional(), team: Team.nullish() })
    .meta({ id: "UserChange", examples: [{ active: false }] }),
  replies: { 200: { description: "The user as it is now.", body: User } },
});
