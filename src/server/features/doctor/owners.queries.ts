/** The law of ownership (L6), in SQL: every decision can be made again from its record, and what a pool deals is dealt evenly. */
import type { Check } from "./law.ts";

/** Who was in a team's turn under each configuration: its active members in the order of its list. */
const MEMBERS = `
  select v.number as config, t->>'id' as pool, array_agg(m.id order by m.place) as ids
  from config_version v, jsonb_array_elements(v.body->'teams') t, jsonb_array_elements_text(t->'members') with ordinality m (id, place)
  where v.workspace_id = $1 and exists (select 1 from jsonb_array_elements(v.body->'users') u where u->>'id' = m.id and (u->>'active')::boolean)
  group by 1, 2`;

const RULES = `
  select v.number as config, r->>'id' as rule, r->>'team' as pool from config_version v, jsonb_array_elements(v.body->'routing'->'rules') r where v.workspace_id = $1`;

const DEALT = `
  select lead_id, number, at, data->>'owner' as owner, data->>'rule' as rule, data->>'pool' as pool, (data->>'index')::bigint as dealt, (data->>'config')::int as config
  from fact where workspace_id = $1 and type = 'lead.assigned' and data ? 'index'`;

export const OWNERSHIP: readonly Check[] = [
  {
    law: "L6",
    says: "a lead belongs to whom its latest assignment gave it",
    looks: `
      select l.id as lead, l.owner_id as owner, a.number as assigned_by, a.owner as assigned_to, l.owner_id::text is distinct from a.owner as bad
      from lead l
      left join (select distinct on (lead_id) lead_id, number, data->>'owner' as owner from fact where workspace_id = $1 and type = 'lead.assigned' order by lead_id, number desc, ordinal desc) a on a.lead_id = l.id
      where l.workspace_id = $1`,
  },
  {
    law: "L6",
    says: "every routed decision comes out the same when it is made again: by a rule of its configuration, to the member whose turn it was",
    looks: `
      with member as materialized (${MEMBERS}), rule as materialized (${RULES})
      select d.lead_id as lead, d.number, d.rule, d.pool, d.dealt, d.config, d.owner, m.ids[d.dealt % cardinality(m.ids) + 1] as would_be,
        m.ids is null or r.rule is null or d.owner is distinct from m.ids[d.dealt % cardinality(m.ids) + 1] as bad
      from (${DEALT}) d left join member m on m.config = d.config and m.pool = d.pool left join rule r on r.config = d.config and r.rule = d.rule and r.pool = d.pool`,
  },
  {
    law: "L6",
    says: "since its members last changed a pool has dealt every number once, so that no member is ahead of another by more than one",
    looks: `
      with member as materialized (${MEMBERS})
      select p.id as pool, p.dealt, count(d.dealt) as decisions, count(distinct d.dealt) as numbers, min(d.dealt) as lowest, max(d.dealt) as highest,
        count(d.dealt) <> p.dealt or count(distinct d.dealt) <> p.dealt or min(d.dealt) <> 0 or max(d.dealt) <> p.dealt - 1 as bad
      from pool p
      left join (select d.*, array_to_string(m.ids, ',') as members from (${DEALT}) d join member m on m.config = d.config and m.pool = d.pool) d
        on d.pool = p.id and d.members = p.members and d.at >= p.since
      where p.workspace_id = $1 group by p.id, p.dealt`,
  },
];
