/** Drafts of definitions, their signatures, and what the configurations of the past had for definitions. */
import type { Definition } from "../../../core/config/config.ts";
import type { DefinitionText } from "../../../core/definitions/definition.ts";
import type { Side } from "../../../core/definitions/signing.ts";
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";

export type DraftRow = {
  readonly stage: string;
  readonly revision: number;
  readonly body: DefinitionText | null;
  readonly note: string | null;
  readonly on_config: number;
  readonly asked: boolean;
  readonly author: string | null;
  readonly updated_at: Date;
};

export async function listDraftRows(db: Db): Promise<readonly DraftRow[]> {
  return db.query<DraftRow>(
    sql`select stage, revision, body, note, on_config, asked, author, updated_at from definition_draft where workspace_id = ${workspace} order by stage`,
  );
}

/** Whoever asks holds the configuration's lock, under which alone drafts change. */
export async function findDraftRow(db: Db, stage: string): Promise<DraftRow | null> {
  const rows = await db.query<DraftRow>(sql`
    select stage, revision, body, note, on_config, asked, author, updated_at from definition_draft where workspace_id = ${workspace} and stage = ${stage}`);
  return rows[0] ?? null;
}

export type DraftToSave = {
  readonly stage: string;
  readonly revision: number;
  readonly body: DefinitionText | null;
  readonly note: string | null;
  readonly onConfig: number;
  readonly asked: boolean;
  readonly author: string | null;
  readonly at: Date;
};

export async function putDraft(db: Db, { stage, revision, body, note, onConfig, asked, author, at }: DraftToSave): Promise<void> {
  const json = body === null ? null : JSON.stringify(body);
  await db.execute(sql`
    insert into definition_draft (workspace_id, stage, revision, body, note, on_config, asked, author, updated_at)
    values (${workspace}, ${stage}, ${revision}, ${json}::jsonb, ${note}, ${onConfig}, ${asked}, ${author}, ${at})
    on conflict (workspace_id, stage) do update set revision = excluded.revision, body = excluded.body, note = excluded.note,
      on_config = excluded.on_config, asked = excluded.asked, author = excluded.author, updated_at = excluded.updated_at`);
}

export type SignatureRow = {
  readonly stage: string;
  readonly revision: number;
  readonly side: Side;
  readonly user_id: string;
  readonly name: string;
  readonly signed_at: Date;
  readonly config: number | null;
};

/** Those that brought a version into force, and those of the drafts there are. Null stage: of all. */
export async function listSignatureRows(db: Db, stage: string | null): Promise<readonly SignatureRow[]> {
  return db.query<SignatureRow>(sql`
    select s.stage, s.revision, s.side, s.user_id, u.name, s.signed_at, s.config
    from definition_signature s join app_user u on u.workspace_id = s.workspace_id and u.id = s.user_id
      join definition_draft d on d.workspace_id = s.workspace_id and d.stage = s.stage
    where s.workspace_id = ${workspace} and (${stage}::text is null or s.stage = ${stage}) and (s.config is not null or s.revision = d.revision)
    order by s.stage, s.signed_at, s.side`);
}

export type NewSignature = { readonly stage: string; readonly revision: number; readonly side: Side; readonly userId: string; readonly at: Date };

export async function insertSignature(db: Db, { stage, revision, side, userId, at }: NewSignature): Promise<void> {
  await db.execute(sql`
    insert into definition_signature (workspace_id, stage, revision, side, user_id, signed_at)
    values (${workspace}, ${stage}, ${revision}, ${side}, ${userId}, ${at})`);
}

/** Signatures that hold no more make room; the audit keeps that they were given. */
export async function dropSignatures(db: Db, stage: string, revision: number, userIds: readonly string[]): Promise<void> {
  await db.execute(sql`
    delete from definition_signature where workspace_id = ${workspace} and stage = ${stage} and revision = ${revision} and user_id = any(${userIds}::uuid[])`);
}

export async function setSignedConfig(db: Db, stage: string, revision: number, config: number): Promise<void> {
  await db.execute(sql`
    update definition_signature set config = ${config} where workspace_id = ${workspace} and stage = ${stage} and revision = ${revision}`);
}

export type ChangeRow = {
  readonly stage: string;
  readonly config: number;
  readonly definition: Definition;
  readonly published_at: Date;
  readonly published_by: string | null;
};

/** Every configuration up to one in which a definition is other than in the last one that had it, the oldest first. */
export async function listChangeRows(db: Db, until: number): Promise<readonly ChangeRow[]> {
  return db.query<ChangeRow>(sql`
    select stage, config, definition, published_at, published_by from (
      select d->>'stage' as stage, c.number as config, d as definition, c.published_at, c.published_by,
        lag(d) over (partition by d->>'stage' order by c.number) as before
      from config_version c, jsonb_array_elements(c.body->'definitions') d
      where c.workspace_id = ${workspace} and c.number <= ${until}) v
    where before is distinct from definition order by stage, config`);
}

export type Candidates = {
  /** Stages before the one defined, and exits. */
  readonly before: readonly string[];
  readonly exits: readonly string[];
  readonly stage: string;
};

/** Leads that a definition could move, or that stand where it leads. */
const CANDIDATES = `l.workspace_id = $1 and l.deleted_at is null and not l.resting and (l.stage = any($2::text[]) or l.stage = any($3::text[]) and l.status = 'nurture' or l.stage = $4)`;

export async function countCandidates(db: Db, { before, exits, stage }: Candidates): Promise<number> {
  const [row] = await db.query<{ count: number }>(composedSql(`select count(*)::int as count from lead l where ${CANDIDATES}`, [before, exits, stage]));
  return row?.count ?? 0;
}

/** Their ids after one, in the order of ids. `every`: one of so many by chance, the same ones each time. */
export async function listCandidateIds(db: Db, { before, exits, stage }: Candidates, after: string, every: number, limit: number): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    composedSql(
      `select l.id from lead l where ${CANDIDATES} and l.id > $5::uuid and ($6 = 1 or mod(abs(hashtext(l.id::text)::bigint), $6) = 0) order by l.id limit $7`,
      [before, exits, stage, after, every, limit],
    ),
  );
  return rows.map(({ id }) => id);
}

export type NamedLead = {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly company: string | null;
  readonly stage: string;
  readonly score: number;
  readonly owner_id: string | null;
};

/** Leads by id, the best first. */
export async function listNamedLeads(db: Db, ids: readonly string[]): Promise<readonly NamedLead[]> {
  return db.query<NamedLead>(sql`
    select l.id, l.first_name, l.last_name, l.email, l.phone, l.company, l.stage, l.score, l.owner_id
    from unnest(${ids}::uuid[]) k (id) join lead l on l.workspace_id = ${workspace} and l.id = k.id order by l.score desc, l.id`);
}
