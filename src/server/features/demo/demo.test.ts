import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../../../core/time.ts";
import { type EmptyHouse, emptyHouse } from "../../testing/empty-house.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { reportFunnel } from "../reports/report.service.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { signInOptions } from "../sessions/setup.service.ts";
import { demoState, demoWorkspaceId, loadDemo, type LoadedDemo } from "./demo.service.ts";

const NOW = Date.UTC(2026, 10, 19, 13, 20);
const TODAY = "2026-11-19";
let made: EmptyHouse;
let demo: LoadedDemo;

beforeAll(async () => {
  made = await emptyHouse(() => NOW);
  const stop = new AbortController();
  const stopped = loadDemo(made.house, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toThrow(/stopped/);
  expect(await demoState(made.house)).toBe("interrupted");
  demo = await loadDemo(made.house);
}, 600_000);
afterAll(() => made.close());

/** Rows of the demo workspace; `$1` is its id. */
async function rows<T>(text: string, ...values: readonly unknown[]): Promise<readonly T[]> {
  return (await made.house.database.pool.query(text, [demo.workspaceId, ...values])).rows as T[];
}

async function count(text: string, ...values: readonly unknown[]): Promise<number> {
  return Number((await rows<{ count: number }>(`select count(*) as count from ${text}`, ...values))[0]?.count);
}

describe("loading", () => {
  test("a load that was stopped goes on in the same workspace, and leaves one company", async () => {
    expect(await demoWorkspaceId(made.house)).toBe(demo.workspaceId);
    expect((await signInOptions(made.house)).demo, "the sign-in page tells").toEqual({
      email: "ingrid.solheim@hallvik.example",
      password: demo.users[0]?.password,
    });
    expect((await made.house.database.pool.query("select 1 from workspace")).rowCount).toBe(1);
    expect(await count("lead where workspace_id = $1")).toBeGreaterThan(1950);
    expect(await count("app_user where workspace_id = $1 and password_hash is not null")).toBe(demo.users.length);
  });

  test("a second time it is refused, and the words say who can sign in", async () => {
    await expect(loadDemo(made.house)).rejects.toThrow(/loaded already.*ingrid\.solheim@hallvik\.example/);
  });

  test("all laws hold, and two hundred leads live their past again alike", async () => {
    const { violations } = await runDoctor(made.house, { replay: 200 });
    expect(violations).toEqual([]);
  }, 120_000);

  test("no timer is due, and nothing lies in the future", async () => {
    expect(await count("timer where workspace_id = $1 and due_at <= $2", new Date(NOW))).toBe(0);
    expect(await count("fact where workspace_id = $1 and at > $2", new Date(NOW))).toBe(0);
    expect(await count("intake where workspace_id = $1 and state <> 'done'")).toBe(0);
  });
});

describe("the company is believable", () => {
  test("every deal has an amount above nothing, and every deal that ended says how", async () => {
    expect(await count("opportunity where workspace_id = $1 and coalesce(amount, 0) <= 0")).toBe(0);
    expect(await count("opportunity where workspace_id = $1 and stage = 'lost' and length(lost_reason) < 8")).toBe(0);
    for (const stage of ["discovery", "demo", "presentation", "negotiation", "contract"])
      expect(await count("opportunity where workspace_id = $1 and stage = $2", stage), stage).toBeGreaterThan(0);
    const won = await count("opportunity where workspace_id = $1 and stage = 'won'");
    expect(won).toBeGreaterThanOrEqual(25);
    expect(won).toBeLessThanOrEqual(60);
  });

  test("nobody calls, meets or decides on a weekend", async () => {
    expect(await count("touch where workspace_id = $1 and kind in ('call', 'meeting') and extract(isodow from at at time zone 'UTC') > 5")).toBe(0);
    expect(await count("fact where workspace_id = $1 and type = 'task.completed' and extract(isodow from at at time zone 'UTC') > 5")).toBe(0);
  });

  test("every lead in work has a next step", async () => {
    const without = await rows(
      `select stage, id from lead l where workspace_id = $1 and stage in ('mql', 'sql', 'opportunity', 'customer', 'onboarding')
       and not exists (select from task t where t.workspace_id = $1 and t.lead_id = l.id and t.state = 'open')`,
    );
    expect(without.length).toBeLessThanOrEqual(3);
  });

  test("the funnel narrows, for every source, and good sources narrow less", async () => {
    const { stages, rows: sources } = await reportFunnel(actIn(made.house, demo.workspaceId, "cli"), { by: "source" });
    for (const { stages: reached } of sources)
      stages.forEach((stage, i) =>
        expect(reached[stage] ?? 0).toBeLessThanOrEqual(i === 0 ? Number.POSITIVE_INFINITY : (reached[stages[i - 1] as string] ?? 0)),
      );
    const share = (source: string): number => {
      const reached = sources.find(({ key }) => key === source)?.stages ?? {};
      return (reached["sql"] ?? 0) / (reached["mql"] ?? 1);
    };
    expect(share("referral")).toBeGreaterThan(share("paid_search"));
    expect(share("partner")).toBeGreaterThan(share("content_syndication"));
  });

  test("every seller has steps due today, some overdue, some to come, and hot leads", async () => {
    const sellers = await rows<{ name: string; today: number; overdue: number; coming: number; hot: number }>(
      `select u.name, count(*) filter (where t.due_at >= $2::date and t.due_at < $2::date + 1) as today, count(*) filter (where t.due_at < $3) as overdue,
         count(*) filter (where t.due_at > $3) as coming, (select count(*) from lead l where l.workspace_id = $1 and l.owner_id = u.id and l.heat = 'hot') as hot
       from app_user u left join task t on t.workspace_id = $1 and t.owner_id = u.id and t.state = 'open'
       where u.workspace_id = $1 and u.role = 'salesRep' group by u.id, u.name`,
      TODAY,
      new Date(NOW),
    );
    expect(sellers).toHaveLength(9);
    for (const { name, today, overdue, coming, hot } of sellers) {
      expect(today, `${name}, due today`).toBeGreaterThanOrEqual(2);
      expect(overdue, `${name}, overdue`).toBeGreaterThanOrEqual(1);
      expect(coming, `${name}, to come`).toBeGreaterThanOrEqual(1);
      expect(hot, `${name}, hot`).toBeGreaterThanOrEqual(1);
    }
  });

  test("leads came today, some twice, some with little, some were sent back with a reason", async () => {
    expect(await count("lead where workspace_id = $1 and created_at >= $2::date", TODAY)).toBeGreaterThan(5);
    expect(await count("fact where workspace_id = $1 and type = 'lead.duplicateSuspected'")).toBeGreaterThan(5);
    expect(await count("lead where workspace_id = $1 and company is null")).toBeGreaterThan(10);
    expect(await count("fact where workspace_id = $1 and stage = 'rejected' and data->>'reason' is not null")).toBeGreaterThan(30);
    expect(await count("effect where workspace_id = $1 and created_at < $2", new Date(NOW - 2 * DAY_MS))).toBe(0);
  });
});
