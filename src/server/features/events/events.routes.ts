/** The live stream over HTTP. */
import * as contracts from "../../../contracts/events.ts";
import type { House } from "../../deps.ts";
import { type Mounted, route } from "../../http/route.ts";
import { seenLeads } from "../access/access.service.ts";
import { openStreams, type Sees } from "./events.service.ts";

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

/** Everybody is told of the leads he sees, and of no others. */
const asSeen: Sees = async (deps, ids) => (deps.viewer.sees === "all" ? ids : [...(await seenLeads(deps, ids))]);

export function mountEvents(mounted: Mounted, house: House): void {
  const streams = openStreams(house, asSeen);
  mounted.app.addHook("preClose", async () => streams.close());
  route(mounted, contracts.streamEvents, async (deps, { raw }) => ({
    status: 200,
    body: streams.open(deps, raw.headers["last-event-id"] !== undefined),
    headers: HEADERS,
  }));
}
