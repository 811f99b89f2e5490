import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ACCESS, type Action, ACTIONS, can, EVERYONE, may, outOfReachWords, refusalWords, rolesThatMay, type Viewer } from "./access.ts";
import { RIGHT_OF } from "./door.ts";
import { type Role, ROLES } from "./role.ts";
import { type Guarded, teamsOf } from "./sight.ts";

const viewer = (role: Role, sees: Viewer["sees"]): Viewer => ({ userId: "me", role, sees, teams: ["north"] });
const lead = (change: Partial<Guarded> = {}): Guarded => ({
  ownerId: "other",
  team: "south",
  ownerTeams: ["south"],
  holders: [],
  isCustomer: false,
  ...change,
});

describe("the table", () => {
  test("an administrator may everything, everywhere", () => {
    expect(ACTIONS.filter((action) => ACCESS[action].admin !== "all")).toEqual([]);
  });
  test("readers change nothing but their own account", () => {
    expect(ACTIONS.filter((action) => may("readOnly", action) && !action.endsWith(".read"))).toEqual(["self"]);
  });
  test("users, keys and the workspace belong to administrators alone", () => {
    for (const action of ["users.manage", "keys.manage", "workspace.manage"] as const) expect(rolesThatMay(action)).toEqual(["admin"]);
  });
  test("no right reaches further than its role sees", () => {
    const order = ["none", "own", "customers", "team", "all"];
    const about = ACTIONS.filter((action) => ROLES.some((role) => ["own", "team", "customers"].includes(ACCESS[action][role])));
    const beyond = about.flatMap((action) =>
      ROLES.filter((role) => order.indexOf(ACCESS[action][role]) > order.indexOf(ACCESS["leads.read"][role])).map((role) => `${action} of ${role}`),
    );
    expect(beyond).toEqual([]);
  });
  test("every input that a person hands in names its right, and no reading right", () => {
    const rights = Object.values(RIGHT_OF).filter((right): right is Action => right !== null);
    expect(rights.filter((right) => right.endsWith(".read"))).toEqual([]);
  });
});

test("a manager looks after a team without being a member of it", () => {
  const teams = [
    { id: "north", name: "North", members: ["rep"], managers: ["me"] },
    { id: "south", name: "South", members: ["rep"] },
  ];
  expect(teamsOf({ teams }, "me")).toEqual(["north"]);
  const of = (team: string) => can({ ...viewer("salesManager", "team"), teams: teamsOf({ teams }, "me") }, "leads.edit", lead({ team, ownerTeams: [team] }));
  expect([of("north"), of("south")]).toEqual([true, false]);
});

test("the guide shows the table as it is", () => {
  const columns = ["admin", "revenueOperations", "marketing", "salesManager", "salesRep", "customerSuccess", "readOnly"] as const;
  const guide = readFileSync(new URL("../../../docs/guide/access.md", import.meta.url), "utf8").replaceAll(/ +/g, " ");
  const rows = ACTIONS.map((action) => {
    const cells = columns.map((role) => (ACCESS[action][role] === "none" ? "–" : ACCESS[action][role]));
    return `| ${ACCESS[action].does} (\`${action}\`) | ${cells.join(" | ")} |`;
  });
  expect(rows.filter((row) => !guide.includes(row))).toEqual([]);
});

describe("a lead", () => {
  test("is a rep's own when he owns it, holds a step or an opportunity of it, or it waits in his team for an owner", () => {
    const rep = viewer("salesRep", "own");
    expect(can(rep, "leads.edit", lead({ ownerId: "me" }))).toBe(true);
    expect(can(rep, "leads.edit", lead({ holders: ["me"] }))).toBe(true);
    expect(can(rep, "leads.edit", lead({ ownerId: null, team: "north", ownerTeams: [] }))).toBe(true);
    expect(can(rep, "leads.edit", lead({ ownerId: null, team: null, ownerTeams: [] }))).toBe(false);
    expect(can(rep, "leads.edit", lead({ team: "north" }))).toBe(false);
    expect(can(rep, "leads.edit", lead())).toBe(false);
  });
  test("of a team mate is read, not changed, by a rep, and changed by his manager", () => {
    const mates = lead({ ownerTeams: ["north"] });
    expect([can(viewer("salesRep", "team"), "leads.read", mates), can(viewer("salesRep", "team"), "leads.edit", mates)]).toEqual([true, false]);
    expect([can(viewer("salesManager", "team"), "leads.read", mates), can(viewer("salesManager", "team"), "leads.edit", mates)]).toEqual([true, true]);
  });
  test("that reps see by the workspace's leave they still only read", () => {
    expect([can(viewer("salesRep", "all"), "leads.read", lead()), can(viewer("salesRep", "all"), "leads.edit", lead())]).toEqual([true, false]);
    expect(can(viewer("salesRep", "own"), "leads.read", lead({ team: "north" }))).toBe(false);
  });
  test("that is a customer is customer success's", () => {
    expect(can(viewer("customerSuccess", "customers"), "leads.edit", lead({ isCustomer: true }))).toBe(true);
    expect(can(viewer("customerSuccess", "customers"), "leads.read", lead())).toBe(false);
  });
  test("is anybody's who acts for the house", () => {
    expect(can(EVERYONE, "leads.delete", lead())).toBe(true);
  });
});

describe("a refusal", () => {
  test("names what is missing and who has it", () => {
    expect(refusalWords("salesRep", "config.publish")).toBe(
      "You are a sales rep, and may not publish a configuration (config.publish). This is for administrators and revenue operations. Nothing was written.",
    );
  });
  test("says how far one's own right goes", () => {
    expect(outOfReachWords("salesRep", "leads.edit", "lead")).toBe(
      "You may edit leads, but only your own (leads.edit); this lead is not. Ask its owner, or administrators, revenue operations and marketing. Nothing was written.",
    );
  });
});
