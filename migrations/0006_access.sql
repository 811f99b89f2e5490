-- To the operator: indexes by which people find the leads of their teams and their own opportunities. A million leads take
-- a few seconds, during which leads are not written.

-- The leads of a team, best first. Most leads that were just captured have no team and cost nothing here.
create index lead_by_team on lead (workspace_id, team, score desc, created_at, id) where team is not null and deleted_at is null;

create index opportunity_by_owner on opportunity (workspace_id, owner_id) where owner_id is not null;
