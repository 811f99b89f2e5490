/** Taking back a write on a lead, as the toast's Undo does it. */
import { call, type Op } from "../../api/call.ts";
import { refresh } from "../../api/query.ts";

/** Everything that shows something of a lead. */
export const LEAD_READS: readonly Op[] = [
  "listLeads",
  "getLead",
  "listFacts",
  "readTimeline",
  "readStages",
  "explainLead",
  "explainLeadScore",
  "listLeadTasks",
  "listTasks",
  "listLeadNotes",
  "myDay",
  "countViews",
  "listOpportunities",
  "readBoard",
];

export function undoLeadWrite(id: string, number: number): () => Promise<void> {
  return async () => {
    await call("undoLead", { params: { id }, body: { number } });
    refresh(...LEAD_READS);
  };
}
