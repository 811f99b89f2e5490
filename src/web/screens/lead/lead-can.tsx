/** What one may do with this very lead: the same pure table and reach by which the server decides. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type Action, can as mayOn, viewerOf } from "../../../core/access/access.ts";
import { customerStages, teamsOf } from "../../../core/access/sight.ts";
import type { Config } from "../../../core/config/config.ts";
import { useRead } from "../../api/query.ts";
import { useCan, useSession } from "../../app/session.tsx";
import type { Lead, Task } from "./lead-writes.ts";

type May = (action: Action) => boolean;

const LeadCan = createContext<May | null>(null);

/** Inside of a lead's page: for that lead. Elsewhere: whether one may at all. */
export function useLeadCan(): May {
  const atAll = useCan();
  return useContext(LeadCan) ?? atAll;
}

export function LeadCanProvider({ may, children }: { readonly may: May; readonly children: ReactNode }) {
  return <LeadCan value={may}>{children}</LeadCan>;
}

export function useMay(lead: Lead, tasks: readonly Task[]): May {
  const atAll = useCan();
  const { user } = useSession();
  const config = useRead("getConfig").data?.config;
  return useMemo(() => {
    if (config === undefined) return atAll;
    const seer = viewerOf(config as unknown as Config, user);
    const owner = lead.owner?.id ?? null;
    const record = {
      ownerId: owner,
      team: lead.team,
      ownerTeams: owner === null ? [] : teamsOf(config as unknown as Config, owner),
      holders: tasks.flatMap((task) => (task.state === "open" && task.owner !== null ? [task.owner.id] : [])),
      isCustomer: customerStages(config as unknown as Config).stages.includes(lead.stage),
    };
    return (action) => atAll(action) && mayOn(seer, action, record);
  }, [atAll, config, lead.owner, lead.team, lead.stage, tasks, user]);
}
