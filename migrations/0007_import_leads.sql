-- To the operator: adds which leads an import changed and found as they were, and an index of the leads that came with one. The
-- index reads the table of leads once; a million take a few seconds.

-- Of the rows of this part: leads that got something from them, and leads that had it all. Each once; null for parts that were
-- imported before this was kept.
alter table import_chunk add column updated_leads uuid[], add column skipped_leads uuid[];

-- Leads of an import. Leads that came otherwise are not in it, so capture pays nothing for it.
create index lead_by_import on lead (workspace_id, import_id) where import_id is not null;
