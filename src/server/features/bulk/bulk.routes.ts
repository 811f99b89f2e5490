/** Changes of many leads over HTTP. */
import * as contracts from "../../../contracts/bulk.ts";
import { type Mounted, route } from "../../http/route.ts";
import * as bulk from "./bulk.service.ts";

export function mountBulk(mounted: Mounted): void {
  route(mounted, contracts.previewBulk, async (deps, { body }) => ({ status: 200, body: await bulk.previewBulk(deps, body) }));
  route(mounted, contracts.startBulk, async (deps, { body, idempotency }) => {
    const job = await bulk.startBulk(deps, body, idempotency);
    return job.state === "running" ? { status: 201, body: job } : { status: 200, body: job };
  });
  route(mounted, contracts.listBulks, async (deps, { query }) => ({ status: 200, body: await bulk.listBulks(deps, query) }));
  route(mounted, contracts.getBulk, async (deps, { params }) => ({ status: 200, body: await bulk.getBulk(deps, params.id) }));
  route(mounted, contracts.listBulkFailures, async (deps, { params, query }) => ({ status: 200, body: await bulk.listBulkFailures(deps, params.id, query) }));
  route(mounted, contracts.cancelBulk, async (deps, { params }) => ({ status: 200, body: await bulk.cancelBulk(deps, params.id) }));
  route(mounted, contracts.undoBulk, async (deps, { params }) => ({ status: 200, body: await bulk.undoBulk(deps, params.id) }));
}
