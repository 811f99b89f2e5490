-- To the operator: adds mail, its templates and notifications. On any size of database this takes well under a second:
-- new tables only, nothing that exists is read or changed.
--
-- Nothing here leaves the house by itself until SMTP_URL is set, and after a restore nothing leaves before an administrator
-- says so (house_flag `sending`).

-- What is to happen outside the database, written in the transaction of the change that asks for it. kind: mail, notify.
-- state: queued, sending, sent, failed, uncertain, withdrawn, kept. A row that is `sending` is held by whoever wrote `token`
-- until `lease_until`; afterwards its outcome is unknown, because it may have left: it becomes uncertain, never queued.
-- `told` is false while the lead has not yet heard of a final state. Rows of kind notify are deleted when they are done.
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
  not_before    timestamptz not null,
  attempts      integer not null default 0,
  token         integer not null default 0,
  lease_until   timestamptz,
  told          boolean not null default true,
  answer        text,
  opens         integer not null default 0,
  clicks        integer not null default 0,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  sent_at       timestamptz,
  primary key (workspace_id, id)
);
create index effect_due on effect (workspace_id, not_before) where state = 'queued';
create index effect_sending on effect (workspace_id, lease_until) where state = 'sending';
create index effect_untold on effect (workspace_id, updated_at) where not told;
create index effect_by_time on effect (workspace_id, created_at desc, id desc) where kind = 'mail';
create index effect_by_lead on effect (workspace_id, lead_id, created_at desc, id desc) where kind = 'mail' and lead_id is not null;

-- Texts of the workspace. `id` is a name of the house where the row stands for a text that comes with Baton, else a uuid.
create table mail_template (
  workspace_id  uuid not null,
  id            text not null,
  name          text not null,
  subject       text not null,
  body          text not null,
  updated_at    timestamptz not null,
  primary key (workspace_id, id)
);

create table mail_settings (
  workspace_id   uuid not null,
  from_name      text,
  from_address   text,
  tracking       boolean not null default true,
  consent_topic  text,
  updated_at     timestamptz not null,
  primary key (workspace_id)
);

-- What a user has chosen about mail. `digest_on` is the last day, in the workspace's zone, whose digest was written.
create table user_mail (
  workspace_id  uuid not null,
  user_id       uuid not null,
  signature     text not null default '',
  choices       jsonb not null default '{}',
  digest_hour   smallint not null default 8,
  digest_on     date,
  primary key (workspace_id, user_id)
);

-- What a person should hear of. `key` names the occasion, so that it is told once whoever finds it. `bell` is false for what
-- is only to be mailed; `digest` is true until the daily digest has it.
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
  at            timestamptz not null,
  read_at       timestamptz,
  primary key (workspace_id, user_id, id),
  unique (workspace_id, user_id, key)
);
create index notification_by_time on notification (workspace_id, user_id, at desc, id desc) where bell;
create index notification_unread on notification (workspace_id, user_id) where read_at is null and bell;
create index notification_digest on notification (workspace_id, user_id, at) where digest;

-- Up to when due tasks, finished imports and held inputs have been looked at for notifications.
create table notice_clock (
  workspace_id  uuid not null,
  until         timestamptz not null,
  primary key (workspace_id)
);
