/** The audit over HTTP. */
import { listAudit } from "../../../contracts/audit.ts";
import { momentOf } from "../../../contracts/values.ts";
import { type Mounted, route } from "../../http/route.ts";
import * as audit from "./audit.service.ts";

export function mountAudit(mounted: Mounted): void {
  route(mounted, listAudit, async (deps, { query }) => ({
    status: 200,
    body: await audit.listAudit(deps, { ...query, from: momentIn(query.from), to: momentIn(query.to) }),
  }));
}

function momentIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (momentOf(text) ?? undefined);
}
