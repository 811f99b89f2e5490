/** What services are handed: the database, the door, the live configurations, and time and ids from outside. */
import type { Logger } from "pino";
import type { Viewer } from "../core/access/access.ts";
import type { Configs } from "./flow/configs.ts";
import type { Door } from "./flow/door.ts";
import type { Live } from "./flow/live.ts";
import type { Database, Db } from "./db/db.ts";

/** What belongs to the process. */
export type House = {
  readonly database: Database;
  /** Connections that look rows up by key: for whatever runs the flow by itself. */
  readonly flow: Database;
  readonly configs: Configs;
  readonly door: Door;
  /** Tells listeners in every process what changed. */
  readonly live: Live;
  readonly dataDir: string;
  /** How the house reaches people outside. Not given: mail is kept. */
  readonly outgoing?: Outgoing | undefined;
  readonly log: Logger;
  readonly gate: Gate;
  readonly now: () => number;
  readonly newId: () => string;
};

/** What signing in needs of the house. */
export type Gate = {
  /** Where people reach the house, without a slash at the end; for links. */
  readonly url: () => string;
  /** Tells it, once the house listens. */
  readonly reachedAt: (url: string) => void;
  /** Text that only this house can read. `purpose` keeps what was sealed for one thing from being used for another. */
  readonly seal: (purpose: string, text: string) => string;
  /** Null when it was not sealed here: with another key, or for something else. */
  readonly unseal: (purpose: string, sealed: string) => string | null;
  /** Something only this house can know of a text. */
  readonly sign: (purpose: string, text: string) => string;
  /** API keys that were looked up within the last second, by the hash of their text. Whoever changes users or keys clears it. */
  readonly knownKeys: Map<string, { readonly entry: { readonly deps: Deps; readonly scopes: readonly string[] }; readonly until: number }>;
  /** Mails a link to its person, in the transaction of `deps`, and tells whether it did. Null while mail is not set up. */
  mailLink: ((deps: Deps, link: LinkMail) => Promise<boolean>) | null;
};

export type LinkMail = {
  readonly kind: "invitation" | "reset";
  readonly userId: string;
  readonly to: string;
  readonly name: string;
  readonly url: string;
  readonly expiresAt: Date;
};

/** Null `smtpUrl`: nothing leaves the house. */
export type Outgoing = { readonly smtpUrl: string | null };

/** The same, bound to the workspace of a request or command. */
export type Deps = House & {
  readonly db: Db;
  /** Who is acting, as facts name it. */
  readonly actor: string;
  /** Who is looking, and how far he sees. */
  readonly viewer: Viewer;
  /** The session of who is signed in; absent with keys and commands. */
  readonly session?: SessionRef;
  /** Where the request came from, as far as it matters to the audit. */
  readonly address?: string;
};

export type SessionRef = { readonly id: string; readonly via: string; readonly expiresAt: Date };
