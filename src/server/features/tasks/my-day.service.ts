/** Use case: everything a person should do now, in one answer. */
import { daysAround } from "../../../core/calendar/days.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { DAY_MS } from "../../../core/time.ts";
import type { Deps } from "../../deps.ts";
import { sightOf } from "../access/access.service.ts";
import { labelOf } from "../leads/labels.service.ts";
import { countDay, type DayRow, listFresh, listHot, listWaiting } from "./my-day.queries.ts";
import { merged, ownerOf, remindersOf } from "./task-list.service.ts";
import { taskItem, taskLead } from "./task-rows.ts";
import { getZone, listTaskRows, type Queue } from "./tasks.queries.ts";

const SHOWN = 50;
const MOST_COUNTED = 1000;
const MOST_LEADS = 200;

/** @param user whose day; one's own when not given */
export async function myDay(deps: Deps, user: string | undefined) {
  const owner = ownerOf(deps, user ?? "me") ?? ownerOf(deps, "me");
  if (owner === null) throw new Error("a day belongs to somebody");
  const { db } = deps;
  const [zone, config, sight] = await Promise.all([getZone(db), deps.configs.get(db), sightOf(deps)]);
  const now = deps.now();
  const { today, tomorrow, weekEnd, lastWorkday } = daysAround(now, zone);
  const queue = (from: number | null, before: number): Queue => ({
    state: "open",
    owner,
    from: from === null ? null : new Date(from),
    before: new Date(before),
    kind: null,
    after: null,
    limit: SHOWN,
  });
  const rowsOf = async (queue: Queue) => {
    const [tasks, reminders] = await Promise.all([listTaskRows(db, queue, sight), remindersOf(deps, queue)]);
    return merged(tasks, reminders, "open")
      .slice(0, SHOWN)
      .map((row) => taskItem(row, config, now));
  };
  const asked = (since: number) => ({ user: owner, since: new Date(since), limit: MOST_LEADS, sight });
  const times = { now: new Date(now), today: new Date(today), tomorrow: new Date(tomorrow), weekEnd: new Date(weekEnd) };
  const reminders = deps.viewer.userId === null || deps.viewer.userId === owner;
  const [due, ofToday, later, fresh, hot, waiting, counts] = await Promise.all([
    rowsOf(queue(null, now + 1)),
    rowsOf(queue(now + 1, tomorrow)),
    rowsOf(queue(tomorrow, weekEnd)),
    listFresh(db, asked(lastWorkday)),
    listHot(db, asked(now - 7 * DAY_MS)),
    listWaiting(db, asked(0)),
    countDay(db, owner, reminders, times, MOST_COUNTED),
  ]);
  const most = (n: number): number => Math.min(n, MOST_COUNTED);
  return {
    asOf: new Date(now).toISOString(),
    now: due,
    today: ofToday,
    later,
    fresh: fresh.slice(0, SHOWN).map((row) => dayLead(row, config, whyFresh(row, config))),
    hot: hot.slice(0, SHOWN).map((row) => dayLead(row, config, `Last: ${labelOf(`touches.${row.detail ?? ""}`, config).toLowerCase()}`)),
    waiting: waiting.slice(0, SHOWN).map((row) => dayLead(row, config, `At ${config.stages.get(row.lead.stage)?.label ?? row.lead.stage} without a next step`)),
    done: counts.done,
    counts: { now: most(counts.now), today: most(counts.today), later: most(counts.later), fresh: fresh.length, hot: hot.length, waiting: waiting.length },
  };
}

function dayLead({ lead, at }: DayRow, config: CompiledConfig, why: string) {
  return { lead: taskLead(lead, config), at: at.toISOString(), why };
}

function whyFresh({ detail }: DayRow, { config }: CompiledConfig): string {
  const rule = config.routing.rules.find(({ id }) => id === detail);
  return rule === undefined ? "Given to you" : `By the rule "${rule.label}"`;
}
