/** Later moments one can choose with one key: by the clock on the workspace's wall. */
import { dayOf } from "../../format/format.ts";
import { momentInZone } from "../../parts/wall-clock.ts";

export type Later = { readonly id: string; readonly label: string; readonly at: string };

const HOUR = 3_600_000;

export function laterChoices(zone: string, now = Date.now()): readonly Later[] {
  const morning = (days: number): string => momentInZone(`${dayIn(days, now)}T09:00`, zone);
  const weekday = new Date(`${dayOf(now)}T00:00:00Z`).getUTCDay();
  return [
    { id: "hours", label: "In 3 hours", at: new Date(now + 3 * HOUR).toISOString() },
    { id: "tomorrow", label: "Tomorrow 9:00", at: morning(1) },
    { id: "days", label: "In 3 days", at: morning(3) },
    { id: "monday", label: "Next Monday", at: morning((8 - weekday) % 7 || 7) },
    { id: "month", label: "In a month", at: morning(30) },
  ];
}

function dayIn(days: number, now: number): string {
  return new Date(Date.parse(`${dayOf(now)}T00:00:00Z`) + days * 24 * HOUR).toISOString().slice(0, 10);
}
