-- To the operator: creates everything Baton 0.1 stores. On an empty database this takes well under a second.
--
-- Every tenant table carries workspace_id first in every key, so that isolation can be checked and the schema can be
-- distributed by workspace_id unchanged. Tables that only the flow writes (facts, touches, signals, timers …) name
-- their lead without a foreign key: the flow holds the lead's row lock whenever it writes them, and `baton doctor` (L7)
-- proves that every reference meets its row. A checked reference cost 4 to 6 µs a row, a third of a captured lead.

create extension if not exists pg_trgm;

create table workspace (
  workspace_id   uuid primary key,
  name           text not null,
  timezone       text not null default 'UTC',
  currency       text not null default 'EUR',
  config_number  integer not null default 1,
  created_at     timestamptz not null
);

create table config_version (
  workspace_id  uuid not null references workspace (workspace_id),
  number        integer not null,
  body          jsonb not null,
  note          text,
  published_by  uuid,
  published_at  timestamptz not null,
  primary key (workspace_id, number)
);

create table app_user (
  workspace_id   uuid not null references workspace (workspace_id),
  id             uuid not null,
  email          text not null,
  name           text not null,
  role           text not null,
  password_hash  text,
  active         boolean not null default true,
  created_at     timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, email)
);

-- The secret itself is never stored: `hash` is SHA-256 of it, and the secret has 256 bits, so no salt is needed.
create table api_key (
  workspace_id  uuid not null references workspace (workspace_id),
  id            uuid not null,
  hash          bytea not null,
  name          text not null,
  scopes        text[] not null default '{}',
  user_id       uuid,
  created_at    timestamptz not null,
  revoked_at    timestamptz,
  primary key (workspace_id, id)
);
create index api_key_hash on api_key (hash);

-- The lead as screens read it. `state` holds what no query asks for (provenance, passes, met definitions, consent …).
-- `number` counts the inputs this lead has taken; `version` counts changes of profile, stage and owner.
-- Scores are hundredths of a point. `ledger` is pairs of (rule number in the model of `scored_with`, hundredths); its points add up to `score`.
create table lead (
  workspace_id  uuid not null,
  id            uuid not null,
  number        integer not null,
  version       integer not null,
  email         text,
  phone         text,
  external_id   text,
  first_name    text,
  last_name     text,
  company       text,
  company_id    uuid,
  job_title     text,
  country       text,
  city          text,
  website       text,
  source        text,
  campaign      text,
  stage         text not null,
  status        text not null,
  heat          text not null,
  score         integer not null,
  fit           integer not null,
  engagement    integer not null,
  bant          integer not null,
  quality       integer not null,
  freshness     integer not null,
  ledger        integer[] not null,
  scored_with   integer not null,
  scored_at     timestamptz not null,
  owner_id      uuid,
  team          text,
  resting       boolean not null,
  tags          text[] not null,
  fields        jsonb not null,
  bant_answers  jsonb not null,
  state         jsonb not null,
  import_id     uuid,
  captured_at   timestamptz not null,
  stage_at      timestamptz not null,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (workspace_id, id)
) with (fillfactor = 90);
-- The orders of the leads screen: by score (among equals the older first), for everybody, in a stage, of an owner; and the newest first.
-- Other filters are answered by walking one of them until the page is full. An index more costs every captured lead about 5 microseconds.
create index lead_by_score on lead (workspace_id, score desc, created_at, id);
create index lead_by_stage on lead (workspace_id, stage, score desc, created_at, id);
create index lead_by_owner on lead (workspace_id, owner_id, stage, score desc, created_at, id);
create index lead_by_capture on lead (workspace_id, captured_at desc, id);

-- Who is known by what. kind: email, phone, external, visitor. `value` is the form that matches (e-mail without plus-part and, at Gmail, without dots).
create table identity (
  workspace_id  uuid not null,
  kind          text not null,
  value         text not null,
  lead_id       uuid not null,
  primary key (workspace_id, kind, value)
);
create index identity_by_lead on identity (workspace_id, lead_id);

-- Everything that happened, verbatim, with what was decided from it. state: done, refused, held, queued.
-- `number` is the lead's own number of this input; with `now`, `config`, `release` and `context` it can be replayed, and `hash` is what must come out.
create table intake (
  workspace_id  uuid not null,
  id            uuid not null,
  received_at   timestamptz not null,
  kind          text not null,
  state         text not null,
  lead_id       uuid,
  number        integer,
  config        integer not null,
  release       integer not null,
  actor         text not null,
  payload       jsonb not null,
  context       jsonb,
  hash          bigint,
  reason        text,
  primary key (workspace_id, id, received_at)
) partition by range (received_at);
create index intake_by_lead on intake (workspace_id, lead_id, number);
create index intake_waiting on intake (workspace_id, received_at) where state in ('queued', 'held');
create table intake_default partition of intake default;

-- A touch is its own intake: `number`, `config`, `release` and `hash` make it replayable beside the rows of intake.
create table touch (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  received_at   timestamptz not null,
  number        integer not null,
  ordinal       smallint not null,
  at            timestamptz not null,
  claimed_at    timestamptz,
  kind          text not null,
  config        integer not null,
  release       smallint not null,
  hash          bigint,
  props         jsonb,
  key           text,
  primary key (workspace_id, lead_id, received_at, number, ordinal)
) partition by range (received_at);
create table touch_default partition of touch default;

-- Touches that were acknowledged and wait for the flow; a row is deleted in the transaction that processes it.
create table touch_inbox (
  workspace_id  uuid not null,
  id            uuid not null,
  received_at   timestamptz not null,
  size          integer not null,
  item          text not null,
  primary key (workspace_id, id)
);

-- Touch ids that a sender gave: each counts once.
create table touch_key (
  workspace_id  uuid not null,
  key           text not null,
  received_at   timestamptz not null,
  primary key (workspace_id, key)
);

-- What touches of one facet add up to. `days` is pairs of (days since 1970-01-01 UTC, touches that day), ascending, 400 days deep.
create table signal (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  facet         text not null,
  first_at      timestamptz not null,
  last_at       timestamptz not null,
  total         integer not null,
  days          integer[] not null,
  primary key (workspace_id, lead_id, facet)
) with (fillfactor = 80);

-- The append-only history. `stage` is set on the facts that enter a stage, and only there: the stage chain of a lead is those rows by (at, number, ordinal).
create table fact (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  number        integer not null,
  ordinal       smallint not null,
  input_id      uuid not null,
  at            timestamptz not null,
  type          text not null,
  actor         text not null,
  stage         text,
  data          jsonb not null,
  primary key (workspace_id, lead_id, number, ordinal)
);
-- The chain itself, lead by lead: funnel and velocity read nothing else of a fact.
create index fact_chain on fact (workspace_id, lead_id, at, number, ordinal, stage) where stage is not null;

-- Next steps. state: open, done, superseded, cancelled.
create table task (
  workspace_id    uuid not null,
  id              uuid not null,
  lead_id         uuid not null,
  key             text not null,
  kind            text not null,
  title           text not null,
  stage           text not null,
  pass            integer not null,
  state           text not null,
  owner_id        uuid,
  process_config  integer not null,
  due_at          timestamptz not null,
  created_at      timestamptz not null,
  done_at         timestamptz,
  done_by         text,
  result          text,
  form            jsonb,
  primary key (workspace_id, id)
);
create index task_by_lead on task (workspace_id, lead_id);
create index task_due on task (workspace_id, owner_id, due_at) where state = 'open';

-- When to look at a lead again: at most one row for a lead and purpose. Written and deleted only under the lead's row lock.
create table timer (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  purpose       text not null,
  due_at        timestamptz not null,
  primary key (workspace_id, lead_id, purpose)
);
create index timer_by_workspace on timer (workspace_id, due_at);

-- Custom field values in a form that indexes can find: texts in lower case, ordered by code point whatever the database's own order is.
create table lead_value (
  workspace_id  uuid not null,
  field         text not null,
  lead_id       uuid not null,
  text          text collate "C",
  number        double precision,
  time          timestamptz,
  primary key (workspace_id, lead_id, field)
);
create index lead_value_text on lead_value (workspace_id, field, text, lead_id) where text is not null;
create index lead_value_number on lead_value (workspace_id, field, number, lead_id) where number is not null;

-- Round robin: how many leads a pool has dealt since its list of active members (`members`) last changed.
create table pool (
  workspace_id  uuid not null,
  id            text not null,
  members       text not null,
  dealt         bigint not null,
  since         timestamptz not null,
  primary key (workspace_id, id)
);

create table company (
  workspace_id  uuid not null,
  id            uuid not null,
  name          text not null,
  name_key      text not null,
  domain        text,
  created_at    timestamptz not null,
  primary key (workspace_id, id)
);
create index company_by_name on company (workspace_id, name_key);
create index company_by_domain on company (workspace_id, domain) where domain is not null;

-- A lead's link, with a role, to a company or an opportunity.
create table contact (
  workspace_id    uuid not null,
  id              uuid not null,
  lead_id         uuid not null,
  company_id      uuid,
  opportunity_id  uuid,
  role            text not null,
  created_at      timestamptz not null,
  primary key (workspace_id, id)
);
create index contact_by_lead on contact (workspace_id, lead_id);
create index contact_by_company on contact (workspace_id, company_id);

create table opportunity (
  workspace_id  uuid not null,
  id            uuid not null,
  lead_id       uuid not null,
  company_id    uuid,
  name          text not null,
  stage         text not null,
  amount        bigint,
  currency      text,
  owner_id      uuid,
  close_date    date,
  next_meeting  timestamptz,
  form          jsonb not null,
  won_at        timestamptz,
  lost_at       timestamptz,
  lost_reason   text,
  stage_at      timestamptz not null,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (workspace_id, id)
);
create index opportunity_by_lead on opportunity (workspace_id, lead_id);
create index opportunity_by_stage on opportunity (workspace_id, stage, stage_at);

create table source (
  workspace_id  uuid not null,
  key           text not null,
  first_seen    timestamptz not null,
  primary key (workspace_id, key)
);

-- One row for everything that can be found by name. `text` is lower case without diacritics.
create table search_entry (
  workspace_id  uuid not null,
  type          text not null,
  id            uuid not null,
  title         text not null,
  detail        text not null,
  text          text not null,
  primary key (workspace_id, type, id)
);
create index search_entry_text on search_entry using gin (text gin_trgm_ops);

create table idempotency (
  workspace_id  uuid not null,
  key           text not null,
  request_hash  text not null,
  status        smallint not null,
  answer        jsonb not null,
  created_at    timestamptz not null,
  primary key (workspace_id, key)
);

-- A file on its way in. state: queued, running, done, failed. `plan` is what the first pass over the file found out, `counts` the result.
create table import (
  workspace_id  uuid not null,
  id            uuid not null,
  state         text not null,
  file_name     text not null,
  file_path     text not null,
  map           jsonb not null,
  options       jsonb not null,
  plan          jsonb,
  counts        jsonb,
  reason        text,
  error_file    text,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  finished_at   timestamptz,
  primary key (workspace_id, id)
);

-- Rows of a file that are done, written in the transaction that wrote what became of them: data rows first_row up to, not
-- including, end_row, counted from 0. `rejections` are the rows of them that go into the error file.
create table import_chunk (
  workspace_id  uuid not null,
  import_id     uuid not null,
  first_row     integer not null,
  end_row       integer not null,
  created       integer not null,
  updated       integer not null,
  skipped       integer not null,
  rejected      integer not null,
  rejections    jsonb,
  primary key (workspace_id, import_id, first_row)
);

-- Rescoring after a publish: chunks of leads, each lead with the number it took. Scores before and after stand here as columns of arrays instead of a fact a lead.
create table rescore_run (
  workspace_id  uuid not null,
  config        integer not null,
  state         text not null,
  cursor        uuid,
  leads         bigint not null,
  started_at    timestamptz not null,
  finished_at   timestamptz,
  primary key (workspace_id, config)
);
create table rescore_chunk (
  workspace_id  uuid not null,
  config        integer not null,
  from_id       uuid not null,
  to_id         uuid not null,
  at            timestamptz not null,
  release       integer not null,
  lead_ids      uuid[] not null,
  numbers       integer[] not null,
  scores_from   integer[] not null,
  scores_to     integer[] not null,
  primary key (workspace_id, config, from_id)
);

-- What is true of the whole house, not of a workspace: after a restore `sending` stands at "paused", whatever the workspaces do. The one table without workspace_id.
create table house_flag (
  key     text primary key,
  value   jsonb not null,
  set_at  timestamptz not null
);
