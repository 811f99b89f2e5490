/** A database reached by socket, as DATABASE_URL writes it. */
import type { PoolConfig } from "pg";

export function databaseUrl({ connectionString, host, port, user, password, database }: PoolConfig): string {
  if (connectionString !== undefined) return connectionString;
  const url = new URL(`postgres://localhost/${database}`);
  url.username = String(user);
  url.password = String(password);
  url.searchParams.set("host", String(host));
  url.searchParams.set("port", String(port ?? 5432));
  return url.toString();
}

/** The environment that points a server to it. */
export function environmentFor({ owner, app }: { readonly owner: PoolConfig; readonly app: PoolConfig }): {
  readonly DATABASE_URL: string;
  readonly DATABASE_OWNER_URL: string;
} {
  return { DATABASE_URL: databaseUrl(app), DATABASE_OWNER_URL: databaseUrl(owner) };
}
