/** The health check over HTTP. */
import * as contracts from "../../../contracts/health-check.ts";
import { type Mounted, route } from "../../http/route.ts";
import { checkHealth, listHealthLeads } from "./health.service.ts";

export function mountHealth(mounted: Mounted): void {
  route(mounted, contracts.checkHealth, async (deps) => ({ status: 200, body: await checkHealth(deps) }));
  route(mounted, contracts.listHealthLeads, async (deps, { query }) => ({ status: 200, body: await listHealthLeads(deps, query) }));
}
