/** Writing on opportunities: moving, editing, taking back; and what is asked again after it. */
import { call, type In, type Op, type Out } from "../../api/call.ts";
import { query, queryClient, refresh } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { LEAD_READS, undoLeadWrite } from "../leads/undo.ts";

export type Deal = Out<"getOpportunity">;
export type Column = Out<"readBoard">["columns"][number];

const DEAL_READS: readonly Op[] = [...LEAD_READS, "getOpportunity", "getCompany", "listCompanies", "listLeadContacts", "reportRevenue"];

export function refreshDeals(): void {
  refresh(...DEAL_READS);
}

const HELD = "Kept, but it could not be processed: it waits under Held inputs.";

/** Answers when it is done; throws what the server says. `undone` hears of Undo. */
export async function moveDeal(
  deal: Deal,
  to: { readonly stage: string; readonly label: string; readonly reason?: string },
  undone?: () => void,
): Promise<void> {
  const { stage, label, reason } = to;
  const answer = await call("moveOpportunity", { params: { id: deal.id }, body: { stage, ...(reason === undefined ? {} : { reason }) } });
  if (answer.outcome === "held") {
    toast({ text: HELD });
    throw new Error(HELD);
  }
  const { lead, undo } = answer;
  const text = stage === "won" ? `${deal.name} is won` : stage === "lost" ? `${deal.name} is lost` : `${deal.name} moved to ${label}`;
  const back = undo === null ? null : undoLeadWrite(lead.id, undo);
  toast({
    text,
    ...(back === null
      ? {}
      : {
          undo: async () => {
            await back();
            undone?.();
            refreshDeals();
          },
        }),
  });
}

export type DealEdit = NonNullable<In<"editOpportunity">["body"]>;

export async function editDeal(deal: Deal, body: DealEdit, what: string): Promise<void> {
  const answer = await call("editOpportunity", { params: { id: deal.id }, body, ifMatch: deal.version });
  if ("outcome" in answer) return void toast({ text: HELD });
  const { opportunity, undo } = answer;
  queryClient.setQueryData(query("getOpportunity", { params: { id: deal.id } }).queryKey, opportunity);
  refreshDeals();
  const back = undo === null ? null : undoLeadWrite(opportunity.lead, undo);
  toast({
    text: what,
    ...(back === null
      ? {}
      : {
          undo: async () => {
            await back();
            refreshDeals();
          },
        }),
  });
}

/** Sums per currency, the largest first. */
export function addSums(columns: readonly Pick<Column, "sums">[]): readonly { readonly amount: number; readonly currency: string }[] {
  const sums = new Map<string, number>();
  for (const { sums: of } of columns) for (const { amount, currency } of of) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency })).toSorted((a, b) => b.amount - a.amount);
}
