-- To the operator: accounts. Adds columns to workspace, app_user and api_key (no table is rewritten) and makes new, empty
-- tables. Well under a second, whatever the number of leads.

alter table workspace
  add column week_start              text not null default 'monday',
  add column locale                  text not null default 'en-GB',
  add column second_factor_required  boolean not null default false,
  -- {issuer, clientId, secret, label, createUsers, defaultRole}; the secret is sealed with the key of the house, which is not in the database.
  add column oidc                    jsonb;

-- totp_secret is sealed likewise; it counts once totp_on_at is set. totp_step is the last time step whose code was taken,
-- so that a code is taken once. recovery_codes are SHA-256 of codes of 80 random bits.
alter table app_user
  add column sign_marketing  boolean not null default false,
  add column sign_sales      boolean not null default false,
  add column signed_in_at    timestamptz,
  add column totp_secret     text,
  add column totp_on_at      timestamptz,
  add column totp_step       bigint not null default 0,
  add column recovery_codes  bytea[] not null default '{}',
  add column oidc_issuer     text,
  add column oidc_subject    text,
  add constraint app_user_oidc unique (workspace_id, oidc_issuer, oidc_subject);
-- Signing in begins with an address alone, in whatever workspace.
create index app_user_email on app_user (email);

-- last_used_at is exact to the minute.
alter table api_key
  add column expires_at    timestamptz,
  add column last_used_at  timestamptz;

-- Where people are signed in. hash is SHA-256 of the 256 random bits in the cookie; seen_at is exact to the minute.
create table session (
  workspace_id  uuid not null references workspace (workspace_id),
  id            uuid not null,
  hash          bytea not null,
  user_id       uuid not null,
  via           text not null,
  device        text not null,
  address       text not null,
  created_at    timestamptz not null,
  seen_at       timestamptz not null,
  expires_at    timestamptz not null,
  primary key (workspace_id, id)
);
create index session_hash on session (hash);
create index session_by_user on session (workspace_id, user_id);

-- Links that let one person set a password. kind: invitation, reset. A new one replaces the old; using one deletes it.
create table user_link (
  workspace_id  uuid not null references workspace (workspace_id),
  user_id       uuid not null,
  kind          text not null,
  hash          bytea not null,
  created_by    text not null,
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  primary key (workspace_id, user_id, kind)
);
create index user_link_hash on user_link (hash);

-- A sign-in through another house that is under way: what it must bring back. Hashes are SHA-256; the verifier is sealed.
create table oidc_attempt (
  workspace_id  uuid not null references workspace (workspace_id),
  state_hash    bytea not null,
  browser_hash  bytea not null,
  nonce         text not null,
  verifier      text not null,
  next          text not null,
  expires_at    timestamptz not null,
  primary key (workspace_id, state_hash)
);

-- Who did what about access, people and settings. Rows are added and never changed: a trigger refuses the rest, whoever
-- asks, but for erasing a person, which says so with `set local baton.erasing = 'on'`.
create table audit (
  workspace_id  uuid not null references workspace (workspace_id),
  id            uuid not null,
  at            timestamptz not null,
  actor         text not null,
  action        text not null,
  about_type    text,
  about_id      text,
  detail        jsonb not null,
  why           text,
  address       text,
  primary key (workspace_id, id)
);
create index audit_by_time on audit (workspace_id, at, id);
create index audit_by_actor on audit (workspace_id, actor, at, id);
create index audit_by_action on audit (workspace_id, action, at, id);
create index audit_by_subject on audit (workspace_id, about_id, at, id) where about_id is not null;

create or replace function audit_stands() returns trigger language plpgsql as $$
begin
  if current_setting('baton.erasing', true) = 'on' then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  raise exception 'The audit is append-only.' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_stands before update or delete on audit for each row execute function audit_stands();

-- How often somebody was refused, by what the attempts share: SHA-256 of an account's address, of a device, of a network.
-- Like house_flag it belongs to the house: who is refused has no workspace yet.
create table throttle (
  key       bytea primary key,
  failures  integer not null,
  at        timestamptz not null,
  until     timestamptz not null
);
