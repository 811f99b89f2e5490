/** The laws of capture (L1), of imports (L2) and of a lead's history (L5), in SQL. */
import type { Check } from "./law.ts";

/**
 * A number is taken by one input: a row of intake, a place in a rescoring, or touches that are their own intake; touches may
 * also stand beside the row of intake that brought them.
 */
const NUMBERS = `
  select lead_id, count(*) as taken, min(number) as lowest, max(number) as highest, max(times) as times from (
    select lead_id, number, sum(inputs) + case when max(touched) > max(carries) then 1 else 0 end as times from (
      select lead_id, number, 1 as inputs, 0 as touched, case when kind in ('capture', 'touches', 'completeTask', 'mailOutcome') then 1 else 0 end as carries from intake where workspace_id = $1 and state = 'done'
      union all
      select u.lead_id, u.number, 1, 0, 0 from rescore_chunk c, unnest(c.lead_ids, c.numbers) u (lead_id, number) where c.workspace_id = $1
      union all
      select distinct lead_id, number, 0, 1, 0 from touch where workspace_id = $1
    ) inputs group by lead_id, number
  ) numbers group by lead_id`;

export const CAPTURE: readonly Check[] = [
  {
    law: "L1",
    says: "every lead's inputs are numbered from 1 to the number it stands at, without gap or double, and every input taken has its lead",
    looks: `
      select coalesce(l.id, n.lead_id) as lead, l.number as stands_at, n.taken, n.lowest, n.highest, n.times as most_for_one_number,
        l.id is null or n.lead_id is null or n.taken <> l.number or n.lowest <> 1 or n.highest <> l.number or n.times <> 1 as bad
      from (select id, number from lead where workspace_id = $1) l full join (${NUMBERS}) n on n.lead_id = l.id`,
  },
  {
    law: "L1",
    says: "every identity belongs to a lead that is there",
    looks: `
      select i.kind, i.value, i.lead_id as lead, l.id is null as bad
      from identity i left join lead l on l.workspace_id = i.workspace_id and l.id = i.lead_id where i.workspace_id = $1`,
  },
  {
    law: "L1",
    says: "every answer given under an idempotency key is about a lead or an input that is there",
    looks: `
      select i.key, i.answer->>'leadId' as lead, i.answer->>'intakeId' as intake,
        (i.answer->>'leadId' is not null and not exists (select 1 from lead l where l.workspace_id = $1 and l.id = (i.answer->>'leadId')::uuid))
        or (i.answer->>'intakeId' is not null and not exists (select 1 from intake n where n.workspace_id = $1 and n.id = (i.answer->>'intakeId')::uuid)) as bad
      from idempotency i where i.workspace_id = $1`,
  },
];

export const IMPORTS: readonly Check[] = [
  {
    law: "L2",
    says: "every row of a finished import was created, updated, skipped or rejected",
    looks: `
      select i.id as import, i.counts,
        (i.counts->>'rows')::bigint is distinct from (i.counts->>'created')::bigint + (i.counts->>'updated')::bigint + (i.counts->>'skipped')::bigint + (i.counts->>'rejected')::bigint as bad
      from import i where i.workspace_id = $1 and i.state = 'done'`,
  },
  {
    law: "L2",
    says: "the parts of a finished import account for every row of the file once, and add up to its counts",
    looks: `
      select i.id as import, i.counts, c.*,
        c.rows is distinct from (i.counts->>'rows')::bigint or c.created is distinct from (i.counts->>'created')::bigint or c.updated is distinct from (i.counts->>'updated')::bigint
        or c.skipped is distinct from (i.counts->>'skipped')::bigint or c.rejected is distinct from (i.counts->>'rejected')::bigint or c.uneven > 0 or c.torn > 0 as bad
      from import i
      cross join lateral (
        select coalesce(sum(end_row - first_row), 0) as rows, coalesce(sum(created), 0) as created, coalesce(sum(updated), 0) as updated, coalesce(sum(skipped), 0) as skipped,
          coalesce(sum(rejected), 0) as rejected, count(*) filter (where end_row - first_row <> created + updated + skipped + rejected) as uneven,
          count(*) filter (where first_row <> behind) as torn
        from (
          select c.*, lag(end_row) over (order by first_row) as behind from import_chunk c where c.workspace_id = $1 and c.import_id = i.id
        ) c
      ) c
      where i.workspace_id = $1 and i.state = 'done' and coalesce((i.options->>'dryRun')::boolean, false) = false`,
  },
  {
    law: "L2",
    says: "every row that an import created, updated or skipped is an input of a lead",
    looks: `
      select i.id as import, i.counts, coalesce(n.inputs, 0) as inputs,
        coalesce(n.inputs, 0) is distinct from (i.counts->>'created')::bigint + (i.counts->>'updated')::bigint + (i.counts->>'skipped')::bigint as bad
      from import i
      left join (select payload->>'importId' as import, count(*) as inputs from intake where workspace_id = $1 and kind = 'import' and state = 'done' group by 1) n on n.import = i.id::text
      where i.workspace_id = $1 and i.state = 'done' and coalesce((i.options->>'dryRun')::boolean, false) = false`,
  },
];

export const HISTORY: readonly Check[] = [
  {
    law: "L5",
    says: "a score is the sum of its ledger, and of its sections up to its bound",
    looks: `
      select l.id as lead, l.score, sums.ledger_sum, l.fit + l.engagement + l.bant + l.quality + l.freshness as sections, sums.bound,
        sums.ledger_sum <> l.score or l.fit + l.engagement + l.bant + l.quality + l.freshness + sums.bound <> l.score as bad
      from lead l
      cross join lateral (
        select coalesce(sum(value) filter (where place % 2 = 0), 0) as ledger_sum,
          case when l.ledger[cardinality(l.ledger) - 1] = -9 then l.ledger[cardinality(l.ledger)] else 0 end as bound
        from unnest(l.ledger) with ordinality u (value, place)
      ) sums
      where l.workspace_id = $1`,
  },
  {
    law: "L5",
    says: "the stages of a lead are a chain: it begins with its creation, each entry comes from the stage before it and not before its time",
    looks: `
      select lead_id as lead, number, stage, type, at, came_from, stood_in, since,
        came_from is distinct from stood_in or (stood_in is null) <> (type = 'lead.created') or (at < since and not flagged) as bad
      from (
        select lead_id, number, ordinal, stage, type, at, data->>'from' as came_from, coalesce((data->>'outOfOrder')::boolean, false) as flagged,
          lag(stage) over chain as stood_in, lag(at) over chain as since
        from fact where workspace_id = $1 and stage is not null window chain as (partition by lead_id order by number, ordinal)
      ) entries`,
  },
  {
    law: "L5",
    says: "a lead stands in the stage it entered last, since then, and its passes count its entries",
    looks: `
      select l.id as lead, l.stage, e.stage as entered_last, l.stage_at, e.at as entered_at, l.state->'passes' as passes, e.entries,
        l.stage is distinct from e.stage or l.stage_at is distinct from e.at or l.state->'passes' is distinct from e.entries as bad
      from lead l
      left join (
        select lead_id, jsonb_object_agg(stage, entries) as entries, (array_agg(stage order by last desc))[1] as stage, (array_agg(at order by last desc))[1] as at
        from (
          select lead_id, stage, count(*) as entries, max(array[number, ordinal]) as last, (array_agg(at order by number desc, ordinal desc))[1] as at
          from fact where workspace_id = $1 and stage is not null group by lead_id, stage
        ) stages group by lead_id
      ) e on e.lead_id = l.id
      where l.workspace_id = $1`,
  },
];
