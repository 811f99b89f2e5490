/**
 * Signing in: setting the house up, sessions, passwords, links, the second factor and sign-in through another house (OIDC).
 *
 * A browser holds its session in a cookie it cannot read. Writes with that cookie need the header `X-Baton: 1` and must come
 * from the house's own pages.
 */
import { z } from "zod";
import { ACTIONS } from "../core/access/access.ts";
import { ROLES } from "../core/access/role.ts";
import { endpoint } from "./endpoint.ts";
import { Id, Moment, text } from "./values.ts";
import { Locale, PublicSettings, Timezone, WorkspaceName } from "./workspace.ts";

/** The longest password there is; longer ones would only make the house calculate. */
const LONGEST = 128;

const Email = text(254);
const GivenPassword = text(LONGEST).min(1, "is required");
export const NewPassword = text(LONGEST)
  .min(12, "must have at least 12 characters")
  .meta({ format: "password", description: "12 to 128 characters of any kind; the commonest passwords and the e-mail address itself are refused." });
const Code = text(40).meta({ description: "Six digits of the authenticator app, or a recovery code.", examples: ["123456"] });
const Token = text(200).min(1, "is required").meta({ description: "The secret part of the link." });

export const Rights = z
  .strictObject({ signerMarketing: z.boolean(), signerSales: z.boolean() })
  .meta({ id: "Rights", description: "Who may sign definitions and promises for marketing and for sales." });

export const Session = z
  .strictObject({
    user: z.strictObject({ id: Id, name: z.string(), email: z.string(), role: z.enum(ROLES) }),
    teams: z.array(z.strictObject({ id: z.string(), name: z.string() })),
    rights: Rights,
    workspace: z.strictObject({ ...PublicSettings.shape, demo: z.boolean().meta({ description: "Its company is made up." }) }).meta({ id: "SessionWorkspace" }),
    can: z.array(z.enum(ACTIONS)).readonly().meta({ description: "What the user may do at all; how far it reaches depends on the record." }),
    secondFactor: z.strictObject({
      enabled: z.boolean(),
      required: z.boolean().meta({ description: "The workspace wants one. Until the user has it, nothing but his own account answers him." }),
    }),
    session: z
      .strictObject({ id: Id, expiresAt: Moment.meta({ description: "When it ends at the latest; without use it ends earlier." }) })
      .nullable()
      .meta({ description: "Null when an API key asks." }),
  })
  .meta({ id: "Session", description: "Who is signed in, where, and what he may do." });

const signedIn = { description: "Signed in; the cookie is set.", body: Session };

export const signInOptions = endpoint({
  id: "signInOptions",
  method: "GET",
  path: "/api/v1/session/options",
  tag: "Session",
  summary: "What the sign-in page offers",
  scope: null,
  access: null,
  replies: {
    200: {
      description: "Whether the house waits to be set up, and the other houses one can sign in with.",
      body: z.strictObject({
        needsSetup: z.boolean(),
        mailsLinks: z.boolean().meta({ description: "Whether reset links are mailed; otherwise an administrator hands them over." }),
        demo: z
          .strictObject({ email: z.string(), password: z.string() })
          .nullable()
          .meta({ description: "Where the house has a demo workspace and no other: how to sign in there." }),
        oidc: z.array(z.strictObject({ workspace: Id, label: z.string() })),
      }),
    },
  },
  problems: [503],
});

export const setUp = endpoint({
  id: "setUp",
  method: "POST",
  path: "/api/v1/setup",
  tag: "Session",
  summary: "Set up the house",
  description:
    "Makes the first workspace and its administrator and signs him in. The token is printed at the first start and is good once, while there is no workspace.",
  scope: null,
  access: null,
  body: z
    .strictObject({
      token: Token,
      workspace: WorkspaceName,
      timezone: Timezone,
      currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency code of three capital letters"),
      locale: Locale.optional(),
      name: text(200).trim().min(1, "is required"),
      email: Email,
      password: NewPassword,
    })
    .meta({ id: "Setup" }),
  replies: { 201: signedIn },
  problems: [401, 403, 409, 500, 503],
});

export const signIn = endpoint({
  id: "signIn",
  method: "POST",
  path: "/api/v1/session",
  tag: "Session",
  summary: "Sign in",
  description:
    "401 `unauthorized` says neither whether there is such a user nor what was wrong. 401 `second-factor` asks for `code`. 409 `choose-workspace` lists the workspaces in which this address and password are right; repeat with the id of one. 429 says when to try again.",
  scope: null,
  access: null,
  body: z
    .strictObject({ email: Email, password: text(1000), code: Code.optional(), workspace: text(100).optional() })
    .meta({ id: "SignIn", examples: [{ email: "grace@example.org", password: "correct horse battery staple" }] }),
  replies: { 200: signedIn },
  problems: [401, 403, 409, 429, 500, 503],
});

export const getSession = endpoint({
  id: "getSession",
  method: "GET",
  path: "/api/v1/session",
  tag: "Session",
  summary: "Who am I",
  scope: "read",
  access: "self",
  replies: { 200: { description: "The user of the session or key.", body: Session } },
});

export const changeSelf = endpoint({
  id: "changeSelf",
  method: "PATCH",
  path: "/api/v1/session",
  tag: "Session",
  summary: "Change my name",
  scope: "write",
  access: "self",
  body: z.strictObject({ name: text(200).trim().min(1, "is required") }),
  replies: { 200: { description: "Who I am now.", body: Session } },
});

export const signOut = endpoint({
  id: "signOut",
  method: "DELETE",
  path: "/api/v1/session",
  tag: "Session",
  summary: "Sign out",
  description: "Ends the session and clears the cookie. Signing out when nobody is signed in changes nothing.",
  scope: null,
  access: null,
  replies: { 200: { description: "Signed out.", body: z.strictObject({ ended: z.int() }) } },
  problems: [403, 500, 503],
});

export const SessionEntry = z
  .strictObject({
    id: Id,
    current: z.boolean(),
    device: z.string().meta({ description: "Browser and system, as far as they can be told.", examples: ["Firefox on Linux"] }),
    address: z.string(),
    via: z.enum(["password", "oidc", "link", "setup"]),
    createdAt: Moment,
    lastSeenAt: Moment,
    expiresAt: Moment,
  })
  .meta({ id: "SessionEntry", description: "A place where the user is signed in." });

export const listSessions = endpoint({
  id: "listSessions",
  method: "GET",
  path: "/api/v1/sessions",
  tag: "Session",
  summary: "Where I am signed in",
  scope: "read",
  access: "self",
  replies: { 200: { description: "Live sessions, the last used first.", body: z.strictObject({ items: z.array(SessionEntry) }) } },
});

const Ended = z.strictObject({ ended: z.int().meta({ description: "How many sessions ended." }) });

export const endSession = endpoint({
  id: "endSession",
  method: "DELETE",
  path: "/api/v1/sessions/{id}",
  tag: "Session",
  summary: "Sign out elsewhere",
  scope: "write",
  access: "self",
  params: z.strictObject({ id: Id }),
  replies: { 200: { description: "It ended.", body: Ended } },
});

export const endOtherSessions = endpoint({
  id: "endOtherSessions",
  method: "DELETE",
  path: "/api/v1/sessions",
  tag: "Session",
  summary: "Sign out everywhere else",
  scope: "write",
  access: "self",
  replies: { 200: { description: "All but this one ended.", body: Ended } },
});

export const changePassword = endpoint({
  id: "changePassword",
  method: "PUT",
  path: "/api/v1/session/password",
  tag: "Session",
  summary: "Change my password",
  description: "Needs the present password, and a session. All other sessions end and this one gets a new cookie.",
  scope: "write",
  access: "self",
  body: z.strictObject({ current: GivenPassword, password: NewPassword }),
  replies: { 200: { description: "Changed.", body: Ended } },
  problems: [429],
});

export const requestPasswordReset = endpoint({
  id: "requestPasswordReset",
  method: "POST",
  path: "/api/v1/password-resets",
  tag: "Session",
  summary: "Ask for a reset link",
  description: "Always 202, whether or not there is such a user. A link is mailed when mail is set up; otherwise an administrator makes one.",
  scope: null,
  access: null,
  body: z.strictObject({ email: Email }),
  replies: { 202: { description: "Heard.", body: z.strictObject({ accepted: z.literal(true) }) } },
  problems: [403, 429, 500, 503],
});

export const lookAtLink = endpoint({
  id: "lookAtLink",
  method: "POST",
  path: "/api/v1/links/look",
  tag: "Session",
  summary: "What a link is for",
  description: "404 when it is unknown, was used, was replaced or is too old.",
  scope: null,
  access: null,
  body: z.strictObject({ token: Token }),
  replies: {
    200: {
      description: "An invitation or a reset of the password.",
      body: z.strictObject({
        kind: z.enum(["invitation", "reset"]),
        workspace: z.string(),
        email: z.string(),
        name: z.string(),
        secondFactor: z.boolean().meta({ description: "Whether a code will be asked for." }),
        expiresAt: Moment,
      }),
    },
  },
  problems: [403, 404, 429, 500, 503],
});

export const acceptInvitation = endpoint({
  id: "acceptInvitation",
  method: "POST",
  path: "/api/v1/invitations/accept",
  tag: "Session",
  summary: "Accept an invitation",
  description: "Sets name and password and signs in. The link is good once.",
  scope: null,
  access: null,
  body: z.strictObject({ token: Token, name: text(200).trim().min(1, "is required"), password: NewPassword }),
  replies: { 200: signedIn },
  problems: [403, 404, 429, 500, 503],
});

export const resetPassword = endpoint({
  id: "resetPassword",
  method: "POST",
  path: "/api/v1/password-resets/complete",
  tag: "Session",
  summary: "Set a new password",
  description:
    "With the token of a reset link, good once. All sessions of the user end, then he is signed in. Who has a second factor needs `code` too (401 `second-factor`).",
  scope: null,
  access: null,
  body: z.strictObject({ token: Token, password: NewPassword, code: Code.optional() }),
  replies: { 200: signedIn },
  problems: [401, 403, 404, 429, 500, 503],
});

export const startSecondFactor = endpoint({
  id: "startSecondFactor",
  method: "POST",
  path: "/api/v1/session/second-factor",
  tag: "Session",
  summary: "Begin with a second factor",
  description: "Needs the password (empty for who signs in by OIDC only). Nothing changes until a code confirms it.",
  scope: "write",
  access: "self",
  body: z.strictObject({ password: text(LONGEST) }),
  replies: {
    201: {
      description: "What the authenticator app needs.",
      body: z.strictObject({
        secret: z.string().meta({ description: "Base32, for typing." }),
        uri: z.string().meta({ examples: ["otpauth://totp/Baton:grace%40example.org?issuer=Baton&secret=…"] }),
        qr: z.string().meta({ description: "The same as an SVG picture." }),
      }),
    },
  },
  problems: [429],
});

const RecoveryCodes = z
  .strictObject({ recoveryCodes: z.array(z.string()).meta({ description: "Ten codes, each good once, shown this once." }) })
  .meta({ id: "RecoveryCodes" });

export const confirmSecondFactor = endpoint({
  id: "confirmSecondFactor",
  method: "POST",
  path: "/api/v1/session/second-factor/confirm",
  tag: "Session",
  summary: "Confirm the second factor",
  description: "From now on signing in asks for a code. All other sessions end.",
  scope: "write",
  access: "self",
  body: z.strictObject({ code: Code }),
  replies: { 200: { description: "The second factor is on.", body: RecoveryCodes } },
  problems: [429],
});

export const renewRecoveryCodes = endpoint({
  id: "renewRecoveryCodes",
  method: "POST",
  path: "/api/v1/session/second-factor/recovery-codes",
  tag: "Session",
  summary: "New recovery codes",
  description: "Needs the password. The old codes stop.",
  scope: "write",
  access: "self",
  body: z.strictObject({ password: text(LONGEST) }),
  replies: { 200: { description: "The new codes.", body: RecoveryCodes } },
  problems: [429],
});

export const disableSecondFactor = endpoint({
  id: "disableSecondFactor",
  method: "POST",
  path: "/api/v1/session/second-factor/disable",
  tag: "Session",
  summary: "Do without a second factor",
  description: "Needs the password. 409 when the workspace wants one.",
  scope: "write",
  access: "self",
  body: z.strictObject({ password: text(LONGEST) }),
  replies: { 200: { description: "It is off.", body: Session } },
  problems: [429],
});

export const startOidc = endpoint({
  id: "startOidc",
  method: "POST",
  path: "/api/v1/session/oidc",
  tag: "Session",
  summary: "Sign in with another house (OIDC)",
  description: "Answers where the browser goes; it comes back to `/api/v1/session/oidc/callback`.",
  scope: null,
  access: null,
  body: z.strictObject({ workspace: Id, next: text(500).optional().meta({ description: "The path to open afterwards." }) }),
  replies: { 200: { description: "Open this address.", body: z.strictObject({ url: z.string() }) } },
  problems: [403, 404, 429, 500, 502, 503],
});

export const finishOidc = endpoint({
  id: "finishOidc",
  method: "GET",
  path: "/api/v1/session/oidc/callback",
  tag: "Session",
  summary: "Where OIDC comes back",
  description:
    "Sends the browser on: to the path it came for, or to `/sign-in?problem=…` with one of `oidc-failed`, `oidc-unknown`, `oidc-unverified`, `oidc-expired`.",
  scope: null,
  access: null,
  query: z.looseObject({ code: text(4000).optional(), state: text(500).optional(), error: text(500).optional() }),
  produces: "text/html",
  replies: { 303: { description: "Go on there.", body: z.string() } },
  problems: [500, 503],
});
