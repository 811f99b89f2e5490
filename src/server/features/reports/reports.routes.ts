/** Reports over HTTP. */
import * as contracts from "../../../contracts/reports.ts";
import { type Mounted, route } from "../../http/route.ts";
import { listReportLeads } from "./behind.service.ts";
import { reportFunnel, reportRevenue, reportVelocity } from "./report.service.ts";

export function mountReports(mounted: Mounted): void {
  route(mounted, contracts.reportFunnel, async (deps, { query }) => ({ status: 200, body: await reportFunnel(deps, query) }));
  route(mounted, contracts.reportVelocity, async (deps, { query }) => ({ status: 200, body: await reportVelocity(deps, query) }));
  route(mounted, contracts.reportRevenue, async (deps, { query }) => ({ status: 200, body: await reportRevenue(deps, query) }));
  route(mounted, contracts.listReportLeads, async (deps, { query }) => ({ status: 200, body: await listReportLeads(deps, query) }));
}
