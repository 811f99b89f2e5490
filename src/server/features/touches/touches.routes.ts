/** Touches over HTTP. */
import { recordTouches as contract, type TouchJson } from "../../../contracts/touches.ts";
import { momentOf } from "../../../contracts/values.ts";
import { type Mounted, route } from "../../http/route.ts";
import { recordTouches, type Touch } from "./touches.service.ts";

export function mountTouches(mounted: Mounted): void {
  route(mounted, contract, async (deps, { body, idempotency }) => {
    const { accepted, ignored, replayed } = await recordTouches(deps, body.touches.map(touchOf), idempotency);
    return { status: 202, body: { accepted, ignored }, ...(replayed ? { headers: { "idempotent-replay": "true" } } : {}) };
  });
}

function touchOf({ id, kind, at, lead, email, visitor, props }: TouchJson): Touch {
  return { kind, at: typeof at === "string" ? momentOf(at) : null, props: props ?? null, key: id ?? null, lead, email, visitor };
}
