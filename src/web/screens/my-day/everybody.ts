/** My day of everybody: the overdue next steps of all whom one sees, the longest overdue first, to be done or given to somebody else. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Role } from "../../../core/access/role.ts";
import type { Out } from "../../api/call.ts";
import { query } from "../../api/query.ts";
import { counted } from "../../format/format.ts";
import type { Day, DayRow } from "./day-rows.ts";

const MOST = 200;
const LATE = { query: { owner: "all", due: "overdue", limit: MOST } } as const;

/** Who answers for the work of others. */
export function mayAskForEverybody(role: Role): boolean {
  return role === "admin" || role === "revenueOperations" || role === "salesManager";
}

/** In the shape of a day, so that the same list and the same keys work on it. */
export function useEverybodyLate(wanted: boolean) {
  const from = useQuery({ ...query("listTasks", LATE), enabled: wanted });
  const data = useMemo(() => (from.data === undefined ? undefined : dayOf(from.data)), [from.data]);
  return { ...from, data };
}

function dayOf({ items }: Out<"listTasks">): Day {
  const now = items.filter(({ lead }) => lead !== null);
  const counts = { now: now.length, today: 0, later: 0, fresh: 0, hot: 0, waiting: 0 };
  return { asOf: "", now, today: [], later: [], fresh: [], hot: [], waiting: [], done: 0, counts };
}

/** "12 steps of 3 people are late." */
export function everybodyWords(rows: readonly DayRow[]): string {
  if (rows.length === 0) return "Nothing is late.";
  const people = new Set(rows.map(({ task }) => task?.owner?.id ?? "")).size;
  const shown = rows.length >= MOST ? `The ${MOST} longest overdue, of ${counted(people, "person")}.` : null;
  return shown ?? `${counted(rows.length, "step")} of ${people === 1 ? "one person" : `${people} people`} late.`;
}
