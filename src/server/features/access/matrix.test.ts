/** Rights, cell by cell, and the proof that each guard is one: without it the same checks find something. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ACCESS } from "../../../core/access/access.ts";
import type { Reach } from "../../../core/access/sight.ts";
import { type Matrix, openMatrix, unknownBodies } from "../../testing/access-matrix.ts";

/** Guards that a test takes away. */
const off = vi.hoisted(() => ({ door: false, record: false, list: false, search: false, workspace: null as string | null }));

vi.mock("../../../core/access/door.ts", async (load) => {
  const real = await load<typeof import("../../../core/access/door.ts")>();
  const refusalAt: typeof real.refusalAt = (...given) => (off.door ? null : real.refusalAt(...given));
  return { ...real, refusalAt };
});
vi.mock("./access.service.ts", async (load) => {
  const real = await load<typeof import("./access.service.ts")>();
  const mustSeeLead: typeof real.mustSeeLead = async (...given) => (off.record ? undefined : real.mustSeeLead(...given));
  const mustBeInSight: typeof real.mustBeInSight = async (...given) => (off.record ? undefined : real.mustBeInSight(...given));
  return { ...real, mustSeeLead, mustBeInSight };
});
vi.mock("../../db/sight-sql.ts", async (load) => {
  const real = await load<typeof import("../../db/sight-sql.ts")>();
  const sightSql: typeof real.sightSql = (...given) => (off.list ? null : real.sightSql(...given));
  const sightOfLeadSql: typeof real.sightOfLeadSql = (...given) => (off.search ? "true" : real.sightOfLeadSql(...given));
  return { ...real, sightSql, sightOfLeadSql };
});
vi.mock("../../db/db.ts", async (load) => {
  const real = await load<typeof import("../../db/db.ts")>();
  const bindDb: typeof real.bindDb = (connection, workspaceId, pending) => real.bindDb(connection, off.workspace ?? workspaceId, pending);
  return { ...real, bindDb };
});

vi.setConfig({ testTimeout: 180_000 });

let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix();
}, 60_000);
afterAll(() => matrix.close());

describe("every operation, role and record", () => {
  test("nothing that can be asked tells of records out of sight", async () => {
    expect(await matrix.checkLeaks()).toEqual([]);
  });
  test("a role without the right is refused in words, and nothing is written", async () => {
    expect(await matrix.checkRoles()).toEqual([]);
  });
  test("records are read within sight, and out of sight are as if they were not there", async () => {
    expect(await matrix.checkReads()).toEqual([]);
  });
  test("records are changed within reach; a refusal says why and writes nothing", async () => {
    expect(await matrix.checkWrites()).toEqual([]);
  });
  test("lists and counts show what is seen and nothing else", async () => {
    expect(await matrix.checkList()).toEqual([]);
  });
  test("every operation on a record is asked with something it understands (otherwise: BODIES in access-matrix.ts)", () => {
    expect(unknownBodies()).toEqual([]);
  });
  test("search finds what is seen and nothing else", async () => {
    expect(await matrix.checkSearch()).toEqual([]);
  });
  test("reports count what is seen and nothing else", async () => {
    expect(await matrix.checkReport()).toEqual([]);
  });
});

describe("a guard that is taken away is missed:", () => {
  const readOnly = ACCESS["leads.edit"] as { readOnly: Reach };
  const rep = ACCESS["leads.edit"] as { salesRep: Reach };

  test.each<[string, () => void, () => Promise<readonly string[]>, RegExp]>([
    ["the role", () => (readOnly.readOnly = "all"), () => matrix.checkRoles(), /^editLead by readOnly: 200/],
    [
      "the reach of a write in the table",
      () => (rep.salesRep = "all"),
      () => matrix.checkWrites({ kinds: ["mate"], only: ["editLead"] }),
      /^editLead by salesRep of mate: 200/,
    ],
    [
      "the door's question under the lock",
      () => (off.door = true),
      () => matrix.checkWrites({ kinds: ["other"], only: ["editLead", "completeTask"] }),
      /of other: 200/,
    ],
    [
      "that refused writes leave nothing",
      () => (off.door = true),
      () => matrix.checkWrites({ kinds: ["mate"], only: ["moveLead"] }),
      /^moveLead: refused, and wrote to .*lead/,
    ],
    [
      "the question before a record is read",
      () => (off.record = true),
      () => matrix.checkReads({ kinds: ["other"], only: ["getLead", "getOpportunity"] }),
      /of other: 200/,
    ],
    ["the condition of lists", () => (off.list = true), () => matrix.checkList(), /^leads listed for salesRep: \d+ too many/],
    ["the condition of lists, by what is told", () => (off.list = true), () => matrix.checkLeaks(), /^listLeads tells salesRep of \d+ records/],
    ["the condition of search", () => (off.search = true), () => matrix.checkSearch(), /^leads found for salesRep: \d+ too many/],
    ["the condition of reports", () => (off.list = true), () => matrix.checkReport(), /^the funnel of salesRep counts/],
    [
      "the workspace",
      () => (off.workspace = matrix.neighbourId),
      () => matrix.checkReads({ kinds: ["foreign"], only: ["getLead"] }),
      /^getLead by admin of foreign: 200/,
    ],
  ])("%s", async (_, take, check, missed) => {
    take();
    const found = await check().finally(() => {
      readOnly.readOnly = "none";
      rep.salesRep = "own";
      Object.assign(off, { door: false, record: false, list: false, search: false, workspace: null });
    });
    expect(found).toContainEqual(expect.stringMatching(missed));
  });

  test("and with all of them back nothing is wrong", async () => {
    expect([...(await matrix.checkRoles()), ...(await matrix.checkReads({ only: ["getLead"] })), ...(await matrix.checkList())]).toEqual([]);
  });
});
