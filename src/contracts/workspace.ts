/** The workspace itself: what it is called, how it counts and writes, and whom it lets in. */
import { z } from "zod";
import { REPS_SEE } from "../core/access/sight.ts";
import { ROLES } from "../core/access/role.ts";
import { endpoint } from "./endpoint.ts";
import { Id, Moment, text } from "./values.ts";

export const WorkspaceName = text(200).trim().min(1, "is required");

export const Timezone = text(100)
  .refine(isTimezone, "is not a time zone; write it as Europe/Berlin or UTC")
  .meta({ description: "An IANA name.", examples: ["Europe/Berlin"] });

export const Currency = z.string().regex(/^[A-Z]{3}$/, "must be a currency code of three capital letters");

export const Locale = text(35)
  .refine(isLocale, "is not a language tag; write it as en-GB or de")
  .meta({ description: "How numbers and dates are written (BCP 47).", examples: ["en-GB"] });

export const WEEK_STARTS = ["monday", "sunday", "saturday"] as const;

/** What everybody who works here is told. */
export const PublicSettings = z
  .strictObject({
    id: Id,
    name: z.string(),
    timezone: z.string(),
    currency: z.string(),
    weekStart: z.enum(WEEK_STARTS),
    locale: z.string(),
  })
  .meta({ id: "WorkspaceRef" });

export const Workspace = z
  .strictObject({
    ...PublicSettings.shape,
    repsSee: z.enum(REPS_SEE).meta({ description: "How far sales reps see: their own leads, those of their teams too, or all." }),
    secondFactorRequired: z.boolean(),
    createdAt: Moment,
  })
  .meta({ id: "Workspace" });

export const getWorkspace = endpoint({
  id: "getWorkspace",
  method: "GET",
  path: "/api/v1/workspace",
  tag: "Workspace",
  summary: "Read the workspace's settings",
  scope: "read",
  access: "config.read",
  replies: { 200: { description: "The settings.", body: Workspace } },
});

export const changeWorkspace = endpoint({
  id: "changeWorkspace",
  method: "PATCH",
  path: "/api/v1/workspace",
  tag: "Workspace",
  summary: "Change the workspace's settings",
  description:
    "What is not named stays. The currency is that of the configuration too, so a change of it publishes one. 409 when another workspace of this house has the name, or when you want a second factor of everybody and have none yourself.",
  scope: "admin",
  access: "workspace.manage",
  body: z
    .strictObject({
      name: WorkspaceName.optional(),
      timezone: Timezone.optional(),
      currency: Currency.optional(),
      weekStart: z.enum(WEEK_STARTS).optional(),
      locale: Locale.optional(),
      repsSee: z.enum(REPS_SEE).optional(),
      secondFactorRequired: z.boolean().optional(),
    })
    .meta({ id: "WorkspaceChange", examples: [{ timezone: "Europe/Berlin", weekStart: "monday" }] }),
  replies: { 200: { description: "The settings as they are now.", body: Workspace } },
});

/** What the other house may make of people by itself: administrators are made by administrators. */
const GivenRole = z.enum(ROLES).exclude(["admin"]);

export const OidcSettings = z
  .strictObject({
    issuer: z.string(),
    clientId: z.string(),
    hasSecret: z.boolean(),
    label: z.string(),
    createUsers: z.boolean(),
    defaultRole: GivenRole,
  })
  .meta({ id: "OidcSettings", description: "The house whose users may sign in here. Its secret is never answered." });

const OidcAnswer = z.strictObject({
  oidc: OidcSettings.nullable(),
  redirectUri: z.string().meta({ description: "Register this address with the other house first." }),
});

export const getOidc = endpoint({
  id: "getOidc",
  method: "GET",
  path: "/api/v1/workspace/oidc",
  tag: "Workspace",
  summary: "Read how OIDC sign-in is set",
  scope: "admin",
  access: "workspace.manage",
  replies: { 200: { description: "Null when there is none.", body: OidcAnswer } },
});

export const setOidc = endpoint({
  id: "setOidc",
  method: "PUT",
  path: "/api/v1/workspace/oidc",
  tag: "Workspace",
  summary: "Set OIDC sign-in",
  description: "The issuer is asked for its configuration before anything is kept. A secret that is left out stays as it was.",
  scope: "admin",
  access: "workspace.manage",
  body: z
    .strictObject({
      issuer: text(500).regex(/^https?:\/\/\S+$/, "must be an address as https://login.example.com"),
      clientId: text(500).min(1, "is required"),
      clientSecret: text(1000).optional(),
      label: text(100).trim().min(1, "is required").default("Single sign-on"),
      createUsers: z.boolean().default(false),
      defaultRole: GivenRole.default("readOnly"),
    })
    .meta({ id: "OidcChange", examples: [{ issuer: "https://login.example.com", clientId: "baton", clientSecret: "…", label: "Example" }] }),
  replies: { 200: { description: "As it is now.", body: OidcAnswer } },
});

export const removeOidc = endpoint({
  id: "removeOidc",
  method: "DELETE",
  path: "/api/v1/workspace/oidc",
  tag: "Workspace",
  summary: "Stop OIDC sign-in",
  description: "Nobody can sign in this way any more; who has no password needs a reset link.",
  scope: "admin",
  access: "workspace.manage",
  replies: { 200: { description: "There is none.", body: OidcAnswer } },
});

export function isTimezone(name: string): boolean {
  try {
    // Offsets such as +02:00 are accepted by the runtime but name no place, so they know no summer time.
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
