/** A quick look at an opportunity without leaving the board. */
import { Button, Drawer } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useRead } from "../../api/query.ts";
import { Loaded } from "../../parts/states.tsx";
import { DealFields } from "./deal-fields.tsx";
import { DealHistory } from "./deal-history.tsx";
import { DealPeople } from "./deal-people.tsx";
import css from "./opportunity.module.css";
import { StagePath } from "./stage-path.tsx";

export function DealPeek({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const from = useRead("getOpportunity", { params: { id } });
  return (
    <Drawer opened onClose={onClose} size={460} title={from.data?.name ?? "Opportunity"}>
      <Loaded from={from}>
        {(deal) => (
          <div className={css.peek}>
            <StagePath deal={deal} />
            <DealFields deal={deal} />
            <DealPeople deal={deal} />
            <DealHistory deal={deal} />
            <Button component={Link} to="/pipeline/$opportunityId" params={{ opportunityId: deal.id } as never} variant="filled" data-autofocus>
              Open
            </Button>
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}
