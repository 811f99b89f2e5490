/** Held inputs over HTTP. */
import * as contracts from "../../../contracts/held.ts";
import type { Capture } from "../../../contracts/lead.ts";
import { momentOf } from "../../../contracts/values.ts";
import { type Mounted, route } from "../../http/route.ts";
import type { CaptureInput } from "../leads/capture.service.ts";
import * as held from "./held.service.ts";

export function mountHeld(mounted: Mounted): void {
  route(mounted, contracts.listHeld, async (deps, { query }) => ({ status: 200, body: await held.listHeld(deps, query) }));
  route(mounted, contracts.countHeld, async (deps) => ({ status: 200, body: await held.countHeld(deps) }));
  route(mounted, contracts.getHeld, async (deps, { params }) => ({ status: 200, body: await held.getHeld(deps, params.id) }));
  route(mounted, contracts.replayHeld, async (deps, { params, body }) => ({
    status: 200,
    body: await held.replayHeld(deps, params.id, body?.payload === undefined ? undefined : captureOf(body.payload)),
  }));
  route(mounted, contracts.dismissHeld, async (deps, { params, body }) => ({ status: 200, body: await held.dismissHeld(deps, params.id, body.reason) }));
  route(mounted, contracts.takeBackHeld, async (deps, { params }) => ({ status: 200, body: await held.takeBackHeld(deps, params.id) }));
}

function captureOf({ touches, capturedAt, ...profile }: Capture): CaptureInput {
  return {
    ...profile,
    capturedAt: typeof capturedAt === "string" ? (momentOf(capturedAt) ?? undefined) : undefined,
    touches: touches?.map(({ id, kind, at, props }) => ({ kind, at: at === undefined ? null : momentOf(at), props: props ?? null, key: id ?? null })),
  };
}
