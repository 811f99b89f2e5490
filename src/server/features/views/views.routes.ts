/** Saved views over HTTP. */
import * as contracts from "../../../contracts/views.ts";
import { type Mounted, route } from "../../http/route.ts";
import * as views from "./views.service.ts";

export function mountViews(mounted: Mounted): void {
  route(mounted, contracts.listViews, async (deps, { query }) => ({ status: 200, body: { items: await views.listViews(deps, query.kind) } }));
  route(mounted, contracts.countViews, async (deps) => ({ status: 200, body: await views.countViews(deps) }));
  route(mounted, contracts.createView, async (deps, { body, idempotency }) => ({ status: 201, body: await views.createView(deps, body, idempotency) }));
  route(mounted, contracts.changeView, async (deps, { params, body, ifMatch, idempotency }) => {
    const view = await views.changeView(deps, params.id, body, { ifVersion: ifMatch, idempotency });
    return { status: 200, body: view, headers: { etag: `"${view.version}"` } };
  });
  route(mounted, contracts.deleteView, async (deps, { params, idempotency }) => ({ status: 200, body: await views.deleteView(deps, params.id, idempotency) }));
  route(mounted, contracts.orderViews, async (deps, { body, idempotency }) => ({
    status: 200,
    body: { items: await views.orderViews(deps, body.ids, idempotency) },
  }));
}
