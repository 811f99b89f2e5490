/** Opportunities over HTTP. */
import * as contracts from "../../../contracts/opportunities.ts";
import { momentOf } from "../../../contracts/values.ts";
import { type Mounted, route } from "../../http/route.ts";
import { written } from "../../http/written.ts";
import * as opportunities from "./opportunities.service.ts";

export function mountOpportunities(mounted: Mounted): void {
  route(mounted, contracts.listOpportunities, async (deps, { query }) => ({
    status: 200,
    body: await opportunities.listOpportunities(deps, { ...query, stalled: yesOrNo(query.stalled) }),
  }));
  route(mounted, contracts.readBoard, async (deps, { query }) => ({
    status: 200,
    body: await opportunities.readBoard(deps, { ...query, stalled: yesOrNo(query.stalled) }),
  }));
  route(mounted, contracts.getOpportunity, async (deps, { params }) => {
    const opportunity = await opportunities.getOpportunity(deps, params.id);
    return { status: 200, body: opportunity, headers: { etag: `"${opportunity.version}"` } };
  });
  route(mounted, contracts.moveOpportunity, async (deps, { params, body, idempotency }) =>
    written(await opportunities.moveOpportunity(deps, params.id, body, idempotency)),
  );
  route(mounted, contracts.editOpportunity, async (deps, { params, body, ifMatch, idempotency }) => {
    const nextMeeting = typeof body.nextMeeting === "string" ? momentOf(body.nextMeeting) : body.nextMeeting;
    const edited = await opportunities.editOpportunity(deps, params.id, { ...body, nextMeeting }, { ifVersion: ifMatch, idempotency });
    if (edited.outcome === "held") return { status: 202, body: edited };
    const { opportunity, undo } = edited;
    return { status: 200, body: { opportunity, undo }, headers: { etag: `"${opportunity.version}"` } };
  });
}

function yesOrNo(text: "true" | "false" | undefined): boolean | undefined {
  return text === undefined ? undefined : text === "true";
}
