-- To the operator: what people work with beside the lead itself. Adds columns (no table is rewritten) and builds indexes again
-- that leave out what is in the bin; about ten seconds a million leads, during which nothing is written.

-- The bin: since when. Who and why stand in the fact `lead.deleted`.
alter table lead add column deleted_at timestamptz;
create index lead_in_bin on lead (workspace_id, deleted_at desc, id) where deleted_at is not null;

-- The orders of lists, without the bin. Names and companies come first to last, and last to first by the same index read backward.
drop index lead_by_score;
drop index lead_by_stage;
drop index lead_by_owner;
drop index lead_by_capture;
create index lead_by_score on lead (workspace_id, score desc, created_at, id) where deleted_at is null;
create index lead_by_stage on lead (workspace_id, stage, score desc, created_at, id) where deleted_at is null;
create index lead_by_owner on lead (workspace_id, owner_id, stage, score desc, created_at, id) where deleted_at is null;
create index lead_by_capture on lead (workspace_id, captured_at desc, id) where deleted_at is null;
create index lead_by_name on lead (workspace_id, (lower(last_name) collate "C"), id) where deleted_at is null and last_name is not null;
create index lead_by_company_name on lead (workspace_id, (lower(company) collate "C"), id) where deleted_at is null and company is not null;
create index lead_without_name on lead (workspace_id, id) where deleted_at is null and last_name is null;
create index lead_without_company on lead (workspace_id, id) where deleted_at is null and company is null;
-- Of each owner: what is new or at work, and what is hot. My day reads nothing else of leads.
create index lead_at_work on lead (workspace_id, owner_id, status, updated_at desc) where status in ('new', 'working') and owner_id is not null and deleted_at is null;
create index lead_hot on lead (workspace_id, owner_id, score desc) where heat = 'hot' and owner_id is not null and deleted_at is null;
create index lead_by_company on lead (workspace_id, company_id) where company_id is not null;

-- Which version of the lead a fact belongs to, and by which number it was taken back. The stage of a fact that was taken back
-- is emptied, so that no stage chain counts it; what it was stands in its data.
alter table fact add column version integer;
alter table fact add column undone_by integer;

-- own: somebody made it himself. delegated: it does not follow the lead's owner. note and repeat as given.
alter table task add column own boolean not null default false;
alter table task add column delegated boolean not null default false;
alter table task add column note text;
alter table task add column repeat jsonb;
-- A lead's tasks in the order in which they are due: lists show the earliest that is open.
drop index task_by_lead;
create index task_by_lead on task (workspace_id, lead_id, due_at);
create index task_due_all on task (workspace_id, due_at, id) where state = 'open';
create index task_done on task (workspace_id, owner_id, done_at desc) where state = 'done';

create index opportunity_by_company on opportunity (workspace_id, company_id) where company_id is not null;
create index contact_by_opportunity on contact (workspace_id, opportunity_id) where opportunity_id is not null;

alter table company add column version integer not null default 1;
alter table company add column parent_id uuid;
create index company_in_order on company (workspace_id, (lower(name) collate "C"), id);
create index company_by_parent on company (workspace_id, parent_id) where parent_id is not null;

-- A company's history: what people changed and noted. Companies are no leads, so their changes do not pass through the flow.
create table company_fact (
  workspace_id  uuid not null,
  company_id    uuid not null,
  id            uuid not null,
  at            timestamptz not null,
  type          text not null,
  actor         text not null,
  data          jsonb not null,
  primary key (workspace_id, company_id, id)
);

-- Notes as screens read them; every version of what they say stands in the facts. One of lead_id and company_id is set.
create table note (
  workspace_id    uuid not null,
  id              uuid not null,
  lead_id         uuid,
  opportunity_id  uuid,
  company_id      uuid,
  text            text not null,
  pinned          boolean not null,
  by              text not null,
  at              timestamptz not null,
  edited_at       timestamptz,
  deleted_at      timestamptz,
  primary key (workspace_id, id)
);
create index note_by_lead on note (workspace_id, lead_id, at desc) where lead_id is not null;
create index note_by_company on note (workspace_id, company_id, at desc) where company_id is not null;

-- Reminders without a lead; tasks about a lead stand in `task`.
create table reminder (
  workspace_id  uuid not null,
  id            uuid not null,
  owner_id      uuid not null,
  kind          text not null,
  title         text not null,
  note          text,
  repeat        jsonb,
  state         text not null,
  due_at        timestamptz not null,
  made_by       text not null,
  created_at    timestamptz not null,
  done_at       timestamptz,
  done_by       text,
  result        text,
  primary key (workspace_id, id)
);
create index reminder_due on reminder (workspace_id, owner_id, due_at) where state = 'open';
create index reminder_done on reminder (workspace_id, owner_id, done_at desc) where state = 'done';

-- A change of many leads. `bulk_lead` is whom it is about, written before it begins; state: waiting, changed, unchanged, failed, undone, kept.
-- A row is worked off in the transaction that changes its lead, so a job that was killed goes on with the first that waits.
create table bulk (
  workspace_id  uuid not null,
  id            uuid not null,
  change        jsonb not null,
  state         text not null,
  leads         integer not null,
  actor         text not null,
  bearer        jsonb,
  created_at    timestamptz not null,
  finished_at   timestamptz,
  primary key (workspace_id, id)
);
create index bulk_running on bulk (workspace_id, id) where state in ('running', 'undoing');

create table bulk_lead (
  workspace_id  uuid not null,
  bulk_id       uuid not null,
  place         integer not null,
  lead_id       uuid not null,
  state         text not null,
  number        integer,
  reason        text,
  primary key (workspace_id, bulk_id, place)
);
create index bulk_lead_failed on bulk_lead (workspace_id, bulk_id, place) where state = 'failed';

-- Saved views. scope: private, team, workspace. `filter` is a tree, null for everything.
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
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (workspace_id, id)
);
create index saved_view_by_kind on saved_view (workspace_id, kind);

-- Each person's own order of views.
create table view_order (
  workspace_id  uuid not null,
  user_id       uuid not null,
  view_ids      uuid[] not null,
  primary key (workspace_id, user_id)
);
