-- The schema after all migrations, written by `npm run db:types` from a freshly migrated database. Partitions are left out.
-- To change the schema, write a migration; a test compares this file with what the migrations make.

create extension fuzzystrmatch;

create extension pg_trgm;

create extension unaccent;

create table api_key (
  workspace_id  uuid not null,
  id            uuid not null,
  hash          bytea not null,
  name          text not null,
  scopes        text[] not null default '{}'::text[],
  user_id       uuid,
  created_at    timestamp with time zone not null,
  revoked_at    timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (workspace_id, id),
  constraint api_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);
CREATE INDEX api_key_hash ON api_key USING btree (hash);

create table app_user (
  workspace_id   uuid not null,
  id             uuid not null,
  email          text not null,
  name           text not null,
  role           text not null,
  password_hash  text,
  active         boolean not null default true,
  created_at     timestamp with time zone not null,
  constraint app_user_pkey PRIMARY KEY (workspace_id, id),
  constraint app_user_workspace_id_email_key UNIQUE (workspace_id, email),
  constraint app_user_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);

create table company (
  workspace_id  uuid not null,
  id            uuid not null,
  name          text not null,
  name_key      text not null,
  domain        text,
  created_at    timestamp with time zone not null,
  constraint company_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX company_by_domain ON company USING btree (workspace_id, domain) WHERE (domain IS NOT NULL);
CREATE INDEX company_by_name ON company USING btree (workspace_id, name_key);

create table config_version (
  workspace_id  uuid not null,
  number        integer not null,
  body          jsonb not null,
  note          text,
  published_by  uuid,
  published_at  timestamp with time zone not null,
  constraint config_version_pkey PRIMARY KEY (workspace_id, number),
  constraint config_version_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);

create table contact (
  workspace_id    uuid not null,
  id              uuid not null,
  lead_id         uuid not null,
  company_id      uuid,
  opportunity_id  uuid,
  role            text not null,
  created_at      timestamp with time zone not null,
  constraint contact_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX contact_by_company ON contact USING btree (workspace_id, company_id);
CREATE INDEX contact_by_lead ON contact USING btree (workspace_id, lead_id);

create table fact (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  number        integer not null,
  ordinal       smallint not null,
  input_id      uuid not null,
  at            timestamp with time zone not null,
  type          text not null,
  actor         text not null,
  stage         text,
  data          jsonb not null,
  constraint fact_pkey PRIMARY KEY (workspace_id, lead_id, number, ordinal)
);
CREATE INDEX fact_chain ON fact USING btree (workspace_id, lead_id, at, number, ordinal, stage) WHERE (stage IS NOT NULL);

create table house_flag (
  key     text not null,
  value   jsonb not null,
  set_at  timestamp with time zone not null,
  constraint house_flag_pkey PRIMARY KEY (key)
);

create table idempotency (
  workspace_id  uuid not null,
  key           text not null,
  request_hash  text not null,
  status        smallint not null,
  answer        jsonb not null,
  created_at    timestamp with time zone not null,
  constraint idempotency_pkey PRIMARY KEY (workspace_id, key)
);

create table identity (
  workspace_id  uuid not null,
  kind          text not null,
  value         text not null,
  lead_id       uuid not null,
  constraint identity_pkey PRIMARY KEY (workspace_id, kind, value)
);
CREATE INDEX identity_by_lead ON identity USING btree (workspace_id, lead_id);

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
  created_at    timestamp with time zone not null,
  updated_at    timestamp with time zone not null,
  finished_at   timestamp with time zone,
  constraint import_pkey PRIMARY KEY (workspace_id, id)
);

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
  constraint import_chunk_pkey PRIMARY KEY (workspace_id, import_id, first_row)
);

create table intake (
  workspace_id  uuid not null,
  id            uuid not null,
  received_at   timestamp with time zone not null,
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
  constraint intake_pkey PRIMARY KEY (workspace_id, id, received_at)
) partition by RANGE (received_at);
CREATE INDEX intake_by_lead ON ONLY public.intake USING btree (workspace_id, lead_id, number);
CREATE INDEX intake_waiting ON ONLY public.intake USING btree (workspace_id, received_at) WHERE (state = ANY (ARRAY['queued'::text, 'held'::text]));

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
  scored_at     timestamp with time zone not null,
  owner_id      uuid,
  team          text,
  resting       boolean not null,
  tags          text[] not null,
  fields        jsonb not null,
  bant_answers  jsonb not null,
  state         jsonb not null,
  import_id     uuid,
  captured_at   timestamp with time zone not null,
  stage_at      timestamp with time zone not null,
  created_at    timestamp with time zone not null,
  updated_at    timestamp with time zone not null,
  constraint lead_pkey PRIMARY KEY (workspace_id, id)
) with (fillfactor=90);
CREATE INDEX lead_by_capture ON lead USING btree (workspace_id, captured_at DESC, id);
CREATE INDEX lead_by_owner ON lead USING btree (workspace_id, owner_id, stage, score DESC, created_at, id);
CREATE INDEX lead_by_score ON lead USING btree (workspace_id, score DESC, created_at, id);
CREATE INDEX lead_by_stage ON lead USING btree (workspace_id, stage, score DESC, created_at, id);

create table lead_value (
  workspace_id  uuid not null,
  field         text not null,
  lead_id       uuid not null,
  text          text collate "C",
  number        double precision,
  time          timestamp with time zone,
  constraint lead_value_pkey PRIMARY KEY (workspace_id, lead_id, field)
);
CREATE INDEX lead_value_number ON lead_value USING btree (workspace_id, field, number, lead_id) WHERE (number IS NOT NULL);
CREATE INDEX lead_value_text ON lead_value USING btree (workspace_id, field, text, lead_id) WHERE (text IS NOT NULL);

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
  next_meeting  timestamp with time zone,
  form          jsonb not null,
  won_at        timestamp with time zone,
  lost_at       timestamp with time zone,
  lost_reason   text,
  stage_at      timestamp with time zone not null,
  created_at    timestamp with time zone not null,
  updated_at    timestamp with time zone not null,
  constraint opportunity_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX opportunity_by_lead ON opportunity USING btree (workspace_id, lead_id);
CREATE INDEX opportunity_by_stage ON opportunity USING btree (workspace_id, stage, stage_at);

create table pool (
  workspace_id  uuid not null,
  id            text not null,
  members       text not null,
  dealt         bigint not null,
  since         timestamp with time zone not null,
  constraint pool_pkey PRIMARY KEY (workspace_id, id)
);

create table rescore_chunk (
  workspace_id  uuid not null,
  config        integer not null,
  from_id       uuid not null,
  to_id         uuid not null,
  at            timestamp with time zone not null,
  release       integer not null,
  lead_ids      uuid[] not null,
  numbers       integer[] not null,
  scores_from   integer[] not null,
  scores_to     integer[] not null,
  constraint rescore_chunk_pkey PRIMARY KEY (workspace_id, config, from_id)
);

create table rescore_run (
  workspace_id  uuid not null,
  config        integer not null,
  state         text not null,
  cursor        uuid,
  leads         bigint not null,
  started_at    timestamp with time zone not null,
  finished_at   timestamp with time zone,
  constraint rescore_run_pkey PRIMARY KEY (workspace_id, config)
);

create table schema_migration (
  version        integer not null,
  name           text not null,
  checksum       text not null,
  applied_at     timestamp with time zone not null default now(),
  baton_version  text not null,
  constraint schema_migration_pkey PRIMARY KEY (version)
);

create table search_entry (
  workspace_id  uuid not null,
  type          text not null,
  id            uuid not null,
  title         text not null,
  detail        text not null,
  text          text not null,
  constraint search_entry_pkey PRIMARY KEY (workspace_id, type, id)
);
CREATE INDEX search_entry_text ON search_entry USING gin (text gin_trgm_ops);

create table signal (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  facet         text not null,
  first_at      timestamp with time zone not null,
  last_at       timestamp with time zone not null,
  total         integer not null,
  days          integer[] not null,
  constraint signal_pkey PRIMARY KEY (workspace_id, lead_id, facet)
) with (fillfactor=80);

create table source (
  workspace_id  uuid not null,
  key           text not null,
  first_seen    timestamp with time zone not null,
  constraint source_pkey PRIMARY KEY (workspace_id, key)
);

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
  due_at          timestamp with time zone not null,
  created_at      timestamp with time zone not null,
  done_at         timestamp with time zone,
  done_by         text,
  result          text,
  form            jsonb,
  constraint task_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX task_by_lead ON task USING btree (workspace_id, lead_id);
CREATE INDEX task_due ON task USING btree (workspace_id, owner_id, due_at) WHERE (state = 'open'::text);

create table timer (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  purpose       text not null,
  due_at        timestamp with time zone not null,
  constraint timer_pkey PRIMARY KEY (workspace_id, lead_id, purpose)
);
CREATE INDEX timer_by_workspace ON timer USING btree (workspace_id, due_at);

create table touch (
  workspace_id  uuid not null,
  lead_id       uuid not null,
  received_at   timestamp with time zone not null,
  number        integer not null,
  ordinal       smallint not null,
  at            timestamp with time zone not null,
  claimed_at    timestamp with time zone,
  kind          text not null,
  config        integer not null,
  release       smallint not null,
  hash          bigint,
  props         jsonb,
  key           text,
  constraint touch_pkey PRIMARY KEY (workspace_id, lead_id, received_at, number, ordinal)
) partition by RANGE (received_at);

create table touch_inbox (
  workspace_id  uuid not null,
  id            uuid not null,
  received_at   timestamp with time zone not null,
  size          integer not null,
  item          text not null,
  constraint touch_inbox_pkey PRIMARY KEY (workspace_id, id)
);

create table touch_key (
  workspace_id  uuid not null,
  key           text not null,
  received_at   timestamp with time zone not null,
  constraint touch_key_pkey PRIMARY KEY (workspace_id, key)
);

create table workspace (
  workspace_id   uuid not null,
  name           text not null,
  timezone       text not null default 'UTC'::text,
  currency       text not null default 'EUR'::text,
  config_number  integer not null default 1,
  created_at     timestamp with time zone not null,
  constraint workspace_pkey PRIMARY KEY (workspace_id)
);
