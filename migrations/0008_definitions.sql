-- To the operator: adds what signing definitions stores. Takes a moment, rewrites nothing.

-- The draft of a stage's definition. The row stays when the draft goes: `revision` counts every text there ever was, so that
-- a signature can be of one only. `body` is null while there is no draft. `on_config` is the configuration the draft was
-- written against; `asked` says that it waits for signatures and is not still being written.
create table definition_draft (
  workspace_id  uuid not null references workspace (workspace_id),
  stage         text not null,
  revision      integer not null,
  body          jsonb,
  note          text,
  on_config     integer not null,
  asked         boolean not null,
  author        uuid,
  updated_at    timestamptz not null,
  primary key (workspace_id, stage)
);

-- Who signed which revision for which side. `config` is the configuration that it brought into force; null while it did not.
create table definition_signature (
  workspace_id  uuid not null references workspace (workspace_id),
  stage         text not null,
  revision      integer not null,
  side          text not null check (side in ('marketing', 'sales')),
  user_id       uuid not null,
  signed_at     timestamptz not null,
  config        integer,
  primary key (workspace_id, stage, revision, side),
  unique (workspace_id, stage, revision, user_id)
);
