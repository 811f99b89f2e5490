import type { Client } from "pg";

/**
 * What the app's role may do: read and write rows, nothing else.
 *
 * Default privileges cover what the owner makes later, partitions above all.
 * `schema_migration` is readable only: a newer Baton must be able to tell an
 * older one that it is older, and nobody may forge that.
 */
export async function grantToApp(owner: Client, app: string): Promise<void> {
  const role = owner.escapeIdentifier(app);
  await owner.query(`
    revoke create on schema public from public;
    grant usage on schema public to ${role};
    grant select, insert, update, delete on all tables in schema public to ${role};
    grant usage, select on all sequences in schema public to ${role};
    revoke insert, update, delete on schema_migration from ${role};
    alter default privileges in schema public grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema public grant usage, select on sequences to ${role};
  `);
}
