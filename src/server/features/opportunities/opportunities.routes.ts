/** Opportunities over HTTP. */
import * as contracts from "../../../contracts/opportunities.ts";
import { type Mounted, route } from "../../http/route.ts";
import { written } from "../../http/written.ts";
import { getOpportunity, listOpportunities, moveOpportunity } from "./opportunities.service.ts";

export function mountOpportunities(mounted: Mounted): void {
  route(mounted, contracts.listOpportunities, async (deps, { query }) => ({ status: 200, body: await listOpportunities(deps, query) }));
  route(mounted, contracts.getOpportunity, async (deps, { params }) => ({ status: 200, body: await getOpportunity(deps, params.id) }));
  route(mounted, contracts.moveOpportunity, async (deps, { params, body, idempotency }) => written(await moveOpportunity(deps, params.id, body, idempotency)));
}
