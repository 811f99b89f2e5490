-- The schema after all migrations, written by `npm run db:types` from a freshly migrated database. Partitions are left out.
-- To change the schema, write a migration; a test compares this file with what the migrations make.

create extension fuzzystrmatch;

create extension pg_trgm;

create extension unaccent;

CREATE OR REPLACE FUNCTION public.audit_stands()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if current_setting('baton.erasing', true) = 'on' then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  raise exception 'The audit is append-only.' using errcode = 'insufficient_privilege';
end $function$;

create table api_key (
  workspace_id  uuid not null,
  id            uuid not null,
  hash          bytea not null,
  name          text not null,
  scopes        text[] not null default '{}'::text[],
  user_id       uuid,
  created_at    timestamp with time zone not null,
  revoked_at    timestamp with time zone,
  expires_at    timestamp with time zone,
  last_used_at  timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (workspace_id, id),
  constraint api_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);
CREATE INDEX api_key_hash ON api_key USING btree (hash);

create table app_user (
  workspace_id    uuid not null,
  id              uuid not null,
  email           text not null,
  name            text not null,
  role            text not null,
  password_hash   text,
  active          boolean not null default true,
  created_at      timestamp with time zone not null,
  sign_marketing  boolean not null default false,
  sign_sales      boolean not null default false,
  signed_in_at    timestamp with time zone,
  totp_secret     text,
  totp_on_at      timestamp with time zone,
  totp_step       bigint not null default 0,
  recovery_codes  bytea[] not null default '{}'::bytea[],
  oidc_issuer     text,
  oidc_subject    text,
  constraint app_user_pkey PRIMARY KEY (workspace_id, id),
  constraint app_user_oidc UNIQUE (workspace_id, oidc_issuer, oidc_subject),
  constraint app_user_workspace_id_email_key UNIQUE (workspace_id, email),
  constraint app_user_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);
CREATE INDEX app_user_email ON app_user USING btree (email);

create table audit (
  workspace_id  uuid not null,
  id            uuid not null,
  at            timestamp with time zone not null,
  actor         text not null,
  action        text not null,
  about_type    text,
  about_id      text,
  detail        jsonb not null,
  why           text,
  address       text,
  constraint audit_pkey PRIMARY KEY (workspace_id, id),
  constraint audit_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);
CREATE INDEX audit_by_action ON audit USING btree (workspace_id, action, at, id);
CREATE INDEX audit_by_actor ON audit USING btree (workspace_id, actor, at, id);
CREATE INDEX audit_by_subject ON audit USING btree (workspace_id, about_id, at, id) WHERE (about_id IS NOT NULL);
CREATE INDEX audit_by_time ON audit USING btree (workspace_id, at, id);

create table bulk (
  workspace_id  uuid not null,
  id            uuid not null,
  change        jsonb not null,
  state         text not null,
  leads         integer not null,
  actor         text not null,
  bearer        jsonb,
  created_at    timestamp with time zone not null,
  finished_at   timestamp with time zone,
  constraint bulk_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX bulk_running ON bulk USING btree (workspace_id, id) WHERE (state = ANY (ARRAY['running'::text, 'undoing'::text]));

create table bulk_lead (
  workspace_id  uuid not null,
  bulk_id       uuid not null,
  place         integer not null,
  lead_id       uuid not null,
  state         text not null,
  number        integer,
  reason        text,
  constraint bulk_lead_pkey PRIMARY KEY (workspace_id, bulk_id, place)
);
CREATE INDEX bulk_lead_failed ON bulk_lead USING btree (workspace_id, bulk_id, place) WHERE (state = 'failed'::text);

create table company (
  workspace_id  uuid not null,
  id            uuid not null,
  name          text not null,
  name_key      text not null,
  domain        text,
  created_at    timestamp with time zone not null,
  version       integer not null default 1,
  parent_id     uuid,
  constraint company_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX company_by_domain ON company USING btree (workspace_id, domain) WHERE (domain IS NOT NULL);
CREATE INDEX company_by_name ON company USING btree (workspace_id, name_key);
CREATE INDEX company_by_parent ON company USING btree (workspace_id, parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX company_in_order ON company USING btree (workspace_id, lower(name) COLLATE "C", id);

create table company_fact (
  workspace_id  uuid not null,
  company_id    uuid not null,
  id            uuid not null,
  at            timestamp with time zone not null,
  type          text not null,
  actor         text not null,
  data          jsonb not null,
  constraint company_fact_pkey PRIMARY KEY (workspace_id, company_id, id)
);

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
CREATE INDEX contact_by_opportunity ON contact USING btree (workspace_id, opportunity_id) WHERE (opportunity_id IS NOT NULL);

create table definition_draft (
  workspace_id  uuid not null,
  stage         text not null,
  revision      integer not null,
  body          jsonb,
  note          text,
  on_config     integer not null,
  asked         boolean not null,
  author        uuid,
  updated_at    timestamp with time zone not null,
  constraint definition_draft_pkey PRIMARY KEY (workspace_id, stage),
  constraint definition_draft_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);

create table definition_signature (
  workspace_id  uuid not null,
  stage         text not null,
  revision      integer not null,
  side          text not null,
  user_id       uuid not null,
  signed_at     timestamp with time zone not null,
  config        integer,
  constraint definition_signature_pkey PRIMARY KEY (workspace_id, stage, revision, side),
  constraint definition_signature_workspace_id_stage_revision_user_id_key UNIQUE (workspace_id, stage, revision, user_id),
  constraint definition_signature_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id),
  constraint definition_signature_side_check CHECK (side = ANY (ARRAY['marketing'::text, 'sales'::text]))
);

create table effect (
  workspace_id  uuid not null,
  id            uuid not null,
  kind          text not null,
  purpose       text not null,
  state         text not null,
  lead_id       uuid,
  by_user       uuid,
  content       jsonb not null,
  message_id    text,
  not_before    timestamp with time zone not null,
  attempts      integer not null default 0,
  token         integer not null default 0,
  lease_until   timestamp with time zone,
  told          boolean not null default true,
  answer        text,
  opens         integer not null default 0,
  clicks        integer not null default 0,
  created_at    timestamp with time zone not null,
  updated_at    timestamp with time zone not null,
  sent_at       timestamp with time zone,
  constraint effect_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX effect_by_lead ON effect USING btree (workspace_id, lead_id, created_at DESC, id DESC) WHERE ((kind = 'mail'::text) AND (lead_id IS NOT NULL));
CREATE INDEX effect_by_time ON effect USING btree (workspace_id, created_at DESC, id DESC) WHERE (kind = 'mail'::text);
CREATE INDEX effect_due ON effect USING btree (workspace_id, not_before) WHERE (state = 'queued'::text);
CREATE INDEX effect_sending ON effect USING btree (workspace_id, lease_until) WHERE (state = 'sending'::text);
CREATE INDEX effect_untold ON effect USING btree (workspace_id, updated_at) WHERE (NOT told);

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
  version       integer,
  undone_by     integer,
  constraint fact_pkey PRIMARY KEY (workspace_id, lead_id, number, ordinal)
);
CREATE INDEX fact_chain ON fact USING btree (workspace_id, lead_id, at, number, ordinal, stage) WHERE (stage IS NOT NULL);

create table form (
  workspace_id     uuid not null,
  id               uuid not null,
  key              text not null,
  is_default       boolean not null,
  version          integer not null,
  consent_version  integer not null,
  body             jsonb not null,
  created_at       timestamp with time zone not null,
  updated_at       timestamp with time zone not null,
  constraint form_pkey PRIMARY KEY (workspace_id, id),
  constraint form_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);
CREATE UNIQUE INDEX form_default ON form USING btree (workspace_id) WHERE is_default;
CREATE INDEX form_key ON form USING btree (key);

create table form_day (
  workspace_id  uuid not null,
  form_id       uuid not null,
  day           date not null,
  submissions   integer not null,
  quarantined   integer not null,
  last_at       timestamp with time zone not null,
  constraint form_day_pkey PRIMARY KEY (workspace_id, form_id, day)
);

create table health_day (
  workspace_id  uuid not null,
  day           date not null,
  level         integer,
  answers       jsonb not null,
  constraint health_day_pkey PRIMARY KEY (workspace_id, day)
);

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
  at            timestamp with time zone not null,
  constraint held_outcome_pkey PRIMARY KEY (workspace_id, intake_id)
);

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
  created_by    text not null default 'cli'::text,
  size          bigint,
  header_key    text,
  settings      jsonb,
  survey        jsonb,
  started_at    timestamp with time zone,
  constraint import_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX import_by_header ON import USING btree (workspace_id, header_key, started_at DESC) WHERE ((header_key IS NOT NULL) AND (started_at IS NOT NULL));
CREATE INDEX import_by_time ON import USING btree (workspace_id, created_at DESC, id DESC);

create table import_chunk (
  workspace_id   uuid not null,
  import_id      uuid not null,
  first_row      integer not null,
  end_row        integer not null,
  created        integer not null,
  updated        integer not null,
  skipped        integer not null,
  rejected       integer not null,
  rejections     jsonb,
  updated_leads  uuid[],
  skipped_leads  uuid[],
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
CREATE INDEX intake_settled ON ONLY public.intake USING btree (workspace_id, received_at) WHERE (state = ANY (ARRAY['replayed'::text, 'dismissed'::text]));
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
  deleted_at    timestamp with time zone,
  constraint lead_pkey PRIMARY KEY (workspace_id, id)
) with (fillfactor=90);
CREATE INDEX lead_at_work ON lead USING btree (workspace_id, owner_id, status, updated_at DESC) WHERE ((status = ANY (ARRAY['new'::text, 'working'::text])) AND (owner_id IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX lead_by_capture ON lead USING btree (workspace_id, captured_at DESC, id) WHERE (deleted_at IS NULL);
CREATE INDEX lead_by_company ON lead USING btree (workspace_id, company_id) WHERE (company_id IS NOT NULL);
CREATE INDEX lead_by_company_name ON lead USING btree (workspace_id, lower(company) COLLATE "C", id) WHERE ((deleted_at IS NULL) AND (company IS NOT NULL));
CREATE INDEX lead_by_import ON lead USING btree (workspace_id, import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX lead_by_name ON lead USING btree (workspace_id, lower(last_name) COLLATE "C", id) WHERE ((deleted_at IS NULL) AND (last_name IS NOT NULL));
CREATE INDEX lead_by_owner ON lead USING btree (workspace_id, owner_id, stage, score DESC, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX lead_by_score ON lead USING btree (workspace_id, score DESC, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX lead_by_stage ON lead USING btree (workspace_id, stage, score DESC, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX lead_by_team ON lead USING btree (workspace_id, team, score DESC, created_at, id) WHERE ((team IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX lead_hot ON lead USING btree (workspace_id, owner_id, score DESC) WHERE ((heat = 'hot'::text) AND (owner_id IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX lead_in_bin ON lead USING btree (workspace_id, deleted_at DESC, id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX lead_without_company ON lead USING btree (workspace_id, id) WHERE ((deleted_at IS NULL) AND (company IS NULL));
CREATE INDEX lead_without_name ON lead USING btree (workspace_id, id) WHERE ((deleted_at IS NULL) AND (last_name IS NULL));

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

create table mail_settings (
  workspace_id   uuid not null,
  from_name      text,
  from_address   text,
  tracking       boolean not null default true,
  consent_topic  text,
  updated_at     timestamp with time zone not null,
  constraint mail_settings_pkey PRIMARY KEY (workspace_id)
);

create table mail_template (
  workspace_id  uuid not null,
  id            text not null,
  name          text not null,
  subject       text not null,
  body          text not null,
  updated_at    timestamp with time zone not null,
  constraint mail_template_pkey PRIMARY KEY (workspace_id, id)
);

create table note (
  workspace_id    uuid not null,
  id              uuid not null,
  lead_id         uuid,
  opportunity_id  uuid,
  company_id      uuid,
  text            text not null,
  pinned          boolean not null,
  by              text not null,
  at              timestamp with time zone not null,
  edited_at       timestamp with time zone,
  deleted_at      timestamp with time zone,
  constraint note_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX note_by_company ON note USING btree (workspace_id, company_id, at DESC) WHERE (company_id IS NOT NULL);
CREATE INDEX note_by_lead ON note USING btree (workspace_id, lead_id, at DESC) WHERE (lead_id IS NOT NULL);

create table notice_clock (
  workspace_id  uuid not null,
  until         timestamp with time zone not null,
  constraint notice_clock_pkey PRIMARY KEY (workspace_id)
);

create table notification (
  workspace_id  uuid not null,
  user_id       uuid not null,
  id            uuid not null,
  key           text not null,
  event         text not null,
  title         text not null,
  detail        text,
  lead_id       uuid,
  task_id       uuid,
  import_id     uuid,
  mail_id       uuid,
  bell          boolean not null,
  digest        boolean not null,
  at            timestamp with time zone not null,
  read_at       timestamp with time zone,
  constraint notification_pkey PRIMARY KEY (workspace_id, user_id, id),
  constraint notification_workspace_id_user_id_key_key UNIQUE (workspace_id, user_id, key)
);
CREATE INDEX notification_by_time ON notification USING btree (workspace_id, user_id, at DESC, id DESC) WHERE bell;
CREATE INDEX notification_digest ON notification USING btree (workspace_id, user_id, at) WHERE digest;
CREATE INDEX notification_unread ON notification USING btree (workspace_id, user_id) WHERE ((read_at IS NULL) AND bell);

create table oidc_attempt (
  workspace_id  uuid not null,
  state_hash    bytea not null,
  browser_hash  bytea not null,
  nonce         text not null,
  verifier      text not null,
  next          text not null,
  expires_at    timestamp with time zone not null,
  constraint oidc_attempt_pkey PRIMARY KEY (workspace_id, state_hash),
  constraint oidc_attempt_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);

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
CREATE INDEX opportunity_by_company ON opportunity USING btree (workspace_id, company_id) WHERE (company_id IS NOT NULL);
CREATE INDEX opportunity_by_lead ON opportunity USING btree (workspace_id, lead_id);
CREATE INDEX opportunity_by_owner ON opportunity USING btree (workspace_id, owner_id) WHERE (owner_id IS NOT NULL);
CREATE INDEX opportunity_by_stage ON opportunity USING btree (workspace_id, stage, stage_at);

create table pool (
  workspace_id  uuid not null,
  id            text not null,
  members       text not null,
  dealt         bigint not null,
  since         timestamp with time zone not null,
  constraint pool_pkey PRIMARY KEY (workspace_id, id)
);

create table reminder (
  workspace_id  uuid not null,
  id            uuid not null,
  owner_id      uuid not null,
  kind          text not null,
  title         text not null,
  note          text,
  repeat        jsonb,
  state         text not null,
  due_at        timestamp with time zone not null,
  made_by       text not null,
  created_at    timestamp with time zone not null,
  done_at       timestamp with time zone,
  done_by       text,
  result        text,
  constraint reminder_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX reminder_done ON reminder USING btree (workspace_id, owner_id, done_at DESC) WHERE (state = 'done'::text);
CREATE INDEX reminder_due ON reminder USING btree (workspace_id, owner_id, due_at) WHERE (state = 'open'::text);

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

create table saved_view (
  workspace_id  uuid not null,
  id            uuid not null,
  kind          text not null,
  layout        text not null,
  name          text not null,
  filter        jsonb,
  sort          text,
  columns       text[] not null,
  scope         text not null,
  team          text,
  owner_id      uuid,
  version       integer not null,
  created_at    timestamp with time zone not null,
  updated_at    timestamp with time zone not null,
  constraint saved_view_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX saved_view_by_kind ON saved_view USING btree (workspace_id, kind);

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

create table session (
  workspace_id  uuid not null,
  id            uuid not null,
  hash          bytea not null,
  user_id       uuid not null,
  via           text not null,
  device        text not null,
  address       text not null,
  created_at    timestamp with time zone not null,
  seen_at       timestamp with time zone not null,
  expires_at    timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (workspace_id, id),
  constraint session_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);
CREATE INDEX session_by_user ON session USING btree (workspace_id, user_id);
CREATE INDEX session_hash ON session USING btree (hash);

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
  own             boolean not null default false,
  delegated       boolean not null default false,
  note            text,
  repeat          jsonb,
  constraint task_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX task_by_lead ON task USING btree (workspace_id, lead_id, due_at);
CREATE INDEX task_done ON task USING btree (workspace_id, owner_id, done_at DESC) WHERE (state = 'done'::text);
CREATE INDEX task_due ON task USING btree (workspace_id, owner_id, due_at) WHERE (state = 'open'::text);
CREATE INDEX task_due_all ON task USING btree (workspace_id, due_at, id) WHERE (state = 'open'::text);

create table throttle (
  key       bytea not null,
  failures  integer not null,
  at        timestamp with time zone not null,
  until     timestamp with time zone not null,
  constraint throttle_pkey PRIMARY KEY (key)
);

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

create table user_link (
  workspace_id  uuid not null,
  user_id       uuid not null,
  kind          text not null,
  hash          bytea not null,
  created_by    text not null,
  created_at    timestamp with time zone not null,
  expires_at    timestamp with time zone not null,
  constraint user_link_pkey PRIMARY KEY (workspace_id, user_id, kind),
  constraint user_link_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(workspace_id)
);
CREATE INDEX user_link_hash ON user_link USING btree (hash);

create table user_mail (
  workspace_id  uuid not null,
  user_id       uuid not null,
  signature     text not null default ''::text,
  choices       jsonb not null default '{}'::jsonb,
  digest_hour   smallint not null default 8,
  digest_on     date,
  constraint user_mail_pkey PRIMARY KEY (workspace_id, user_id)
);

create table view_order (
  workspace_id  uuid not null,
  user_id       uuid not null,
  view_ids      uuid[] not null,
  constraint view_order_pkey PRIMARY KEY (workspace_id, user_id)
);

create table workspace (
  workspace_id            uuid not null,
  name                    text not null,
  timezone                text not null default 'UTC'::text,
  currency                text not null default 'EUR'::text,
  config_number           integer not null default 1,
  created_at              timestamp with time zone not null,
  week_start              text not null default 'monday'::text,
  locale                  text not null default 'en-GB'::text,
  second_factor_required  boolean not null default false,
  oidc                    jsonb,
  constraint workspace_pkey PRIMARY KEY (workspace_id)
);

CREATE TRIGGER audit_stands BEFORE DELETE OR UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stands();
