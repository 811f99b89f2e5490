/** Users: the people of the workspace. They stand in the configuration too, so making or changing one publishes a version. */
import { z } from "zod";
import { ROLES } from "../core/access/role.ts";
import { endpoint } from "./endpoint.ts";
import { Rights } from "./session.ts";
import { Id, Moment, text } from "./values.ts";

const Name = text(200).trim().min(1, "is required");
const Team = text(100).min(1, "must not be empty");
const Teams = z.array(Team).max(100, "must not be more than 100 teams");
const Role = z.enum(ROLES, { error: `must be one of ${ROLES.join(", ")}` });

const user = {
  id: Id,
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  active: z.boolean(),
  state: z.enum(["active", "invited", "inactive"]).meta({ description: "Invited: active, but has never set a password nor signed in otherwise." }),
  teams: z.array(z.string()).meta({ description: "The ids of the teams of which the user is a member." }),
  rights: Rights,
  secondFactor: z.boolean(),
  invitedUntil: Moment.nullable().meta({ description: "Until when his invitation link is good; null when there is none." }),
  signedInAt: Moment.nullable().meta({ description: "When he last signed in." }),
  createdAt: Moment,
};

export const User = z.strictObject(user).meta({ id: "User", description: "A person of the workspace. Only active ones are dealt leads and may sign in." });

export const Link = z
  .strictObject({
    url: z.string().meta({ description: "Hand it to the person. It is good once and shown this once." }),
    expiresAt: Moment,
    mailed: z.boolean().meta({ description: "Whether it was mailed to the person as well." }),
  })
  .meta({ id: "Link", description: "A link that lets one person set a password." });

export const InvitedUser = z
  .strictObject({ ...user, invitation: Link.nullable().meta({ description: "Null when an idempotency key repeats the request." }) })
  .meta({ id: "InvitedUser" });

export const listUsers = endpoint({
  id: "listUsers",
  method: "GET",
  path: "/api/v1/users",
  tag: "Users",
  summary: "List users",
  scope: "admin",
  access: "users.read",
  replies: { 200: { description: "All users, inactive ones too.", body: z.strictObject({ items: z.array(User) }) } },
});

export const createUser = endpoint({
  id: "createUser",
  method: "POST",
  path: "/api/v1/users",
  tag: "Users",
  summary: "Invite a user",
  description:
    "The user is dealt leads at once when a team is named, last in its turn; this publishes a configuration. The invitation link, good for seven days, lets him set a name and a password. An e-mail address that a user of the workspace has is 409.",
  scope: "admin",
  access: "users.manage",
  body: z
    .strictObject({
      name: Name,
      email: text(254).meta({ description: "Stored trimmed and in lower case." }),
      role: Role,
      team: Team.optional().meta({ description: "The id of a team." }),
      teams: Teams.optional().meta({ description: "Instead of `team`, the ids of several." }),
      rights: Rights.partial().optional(),
    })
    .meta({ id: "NewUser", examples: [{ name: "Grace Hopper", email: "grace@example.org", role: "salesRep", team: "sales" }] }),
  replies: { 201: { description: "The user with the invitation.", body: InvitedUser } },
});

export const changeUser = endpoint({
  id: "changeUser",
  method: "PATCH",
  path: "/api/v1/users/{id}",
  tag: "Users",
  summary: "Change a user",
  description:
    "What is not named stays. An inactive user is signed out, his API keys stop, he is dealt nothing from the next lead on and keeps the leads he owns. `team` makes him a member of this team only, null of none; `teams` of exactly these. Another role or other rights end his sessions. 409 when it would leave the workspace without an active administrator. A change publishes a configuration where one is needed.",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: Id }),
  body: z
    .strictObject({
      name: Name.optional(),
      active: z.boolean().optional(),
      role: Role.optional(),
      team: Team.nullish(),
      teams: Teams.optional(),
      rights: Rights.partial().optional(),
    })
    .meta({ id: "UserChange", examples: [{ active: false }] }),
  replies: { 200: { description: "The user as it is now.", body: User } },
});

export const inviteAgain = endpoint({
  id: "inviteAgain",
  method: "POST",
  path: "/api/v1/users/{id}/invitation",
  tag: "Users",
  summary: "Invite again",
  description: "A new link; the old one stops. 409 when the user has a password already or is inactive.",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: Id }),
  replies: { 201: { description: "The link.", body: Link } },
});

export const revokeInvitation = endpoint({
  id: "revokeInvitation",
  method: "DELETE",
  path: "/api/v1/users/{id}/invitation",
  tag: "Users",
  summary: "Revoke an invitation",
  description: "The link stops. The user stays; deactivate him if he should not.",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: Id }),
  replies: { 200: { description: "The user as it is now.", body: User } },
});

export const createResetLink = endpoint({
  id: "createResetLink",
  method: "POST",
  path: "/api/v1/users/{id}/password-reset",
  tag: "Users",
  summary: "Make a reset link",
  description: "A link, good for a day, that lets the user set a new password. An earlier one stops. 409 when the user is inactive.",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: Id }),
  replies: { 201: { description: "The link.", body: Link } },
});

export const removeSecondFactor = endpoint({
  id: "removeSecondFactor",
  method: "DELETE",
  path: "/api/v1/users/{id}/second-factor",
  tag: "Users",
  summary: "Take away a lost second factor",
  description: "For who has lost both phone and recovery codes. His sessions end.",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: Id }),
  replies: { 200: { description: "The user as it is now.", body: User } },
});

export const endUserSessions = endpoint({
  id: "endUserSessions",
  method: "DELETE",
  path: "/api/v1/users/{id}/sessions",
  tag: "Users",
  summary: "Sign a user out everywhere",
  scope: "admin",
  access: "users.manage",
  params: z.strictObject({ id: Id }),
  replies: { 200: { description: "How many sessions ended.", body: z.strictObject({ ended: z.int() }) } },
});
