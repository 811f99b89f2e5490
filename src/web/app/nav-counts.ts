/** The numbers beside the sidebar's entries. A number that cannot be had is left out. */
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "../api/live.ts";
import { query, queryClient, refresh } from "../api/query.ts";
import { useCan } from "./session.tsx";

export type Count = { readonly count: number; readonly more: boolean; readonly alarm: boolean };
export type Counts = Readonly<Record<"leads" | "myDay" | "pipeline" | "held", Count | null>>;

const SLOW = { staleTime: 60_000, retry: false } as const;

export const LEAD_COUNT = { query: { limit: 1, total: "true" } } as const;

export function useNavCounts(): Counts {
  const can = useCan();
  const leads = useQuery({ ...query("listLeads", LEAD_COUNT), ...SLOW, enabled: can("leads.read") }).data;
  const day = useQuery({ ...query("myDay", { query: {} }), ...SLOW, enabled: can("tasks.complete") }).data;
  const held = useQuery({ ...query("countHeld"), ...SLOW, enabled: can("inputs.mend") }).data;
  useThrottledLeads();
  const total = leads?.total ?? leads?.estimate ?? null;
  return {
    leads: total === null ? null : { count: total, more: leads?.total === null && leads.estimate === undefined, alarm: false },
    myDay: day === undefined ? null : { count: day.counts.now + day.counts.today, more: false, alarm: day.counts.now > 0 },
    pipeline: null,
    held: held === undefined ? null : { count: held.held, more: false, alarm: true },
  };
}

/** Many leads may arrive in a second; the number beside "Leads" follows every few seconds. */
function useThrottledLeads(): void {
  const waiting = useRef(false);
  useLive(({ type }) => {
    if (type !== "leads" || waiting.current) return;
    waiting.current = true;
    setTimeout(() => {
      waiting.current = false;
      refresh("myDay");
      void queryClient.invalidateQueries({ queryKey: ["listLeads", LEAD_COUNT] });
    }, 3000);
  });
}
