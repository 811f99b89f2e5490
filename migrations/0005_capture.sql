-- To the operator: adds what the import wizard, hosted forms and the mending of held inputs store. Takes a moment, rewrites nothing.

-- A file that was uploaded waits as `draft` until somebody starts it; `paused` and `cancelled` stop it between two chunks.
-- `settings` is what the person decided, `survey` what was seen in the file, `header_key` the SHA-256 of its column names:
-- the settings of the last file with the same names are proposed again.
alter table import
  add column created_by  text not null default 'cli',
  add column size        bigint,
  add column header_key  text,
  add column settings    jsonb,
  add column survey      jsonb,
  add column started_at  timestamptz;
create index import_by_header on import (workspace_id, header_key, started_at desc) where header_key is not null and started_at is not null;
create index import_by_time on import (workspace_id, created_at desc, id desc);

-- A page on which strangers leave their details. `key` is its public address.
create table form (
  workspace_id     uuid not null references workspace (workspace_id),
  id               uuid not null,
  key              text not null,
  is_default       boolean not null,
  version          integer not null,
  consent_version  integer not null,
  body             jsonb not null,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  primary key (workspace_id, id)
);
create index form_key on form (key);
create unique index form_default on form (workspace_id) where is_default;

-- Submissions of a form by UTC day: read by the list of forms, written beside the answer and not counted exactly across a crash.
create table form_day (
  workspace_id  uuid not null,
  form_id       uuid not null,
  day           date not null,
  submissions   integer not null,
  quarantined   integer not null,
  last_at       timestamptz not null,
  primary key (workspace_id, form_id, day)
);

-- What became of a held input. The row of `intake` stays as it came; only its state changes, to `replayed` or `dismissed`.
create table held_outcome (
  workspace_id  uuid not null,
  intake_id     uuid not null,
  state         text not null,
  outcome       text,
  lead_id       uuid,
  input_id      uuid,
  payload       jsonb,
  reason        text,
  actor         text not null,
  at            timestamptz not null,
  primary key (workspace_id, intake_id)
);
create index intake_settled on intake (workspace_id, received_at) where state in ('replayed', 'dismissed');
