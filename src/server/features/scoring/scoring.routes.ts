/** Questions to the scoring model over HTTP. */
import { reachScore } from "../../../contracts/scoring.ts";
import { type Mounted, route } from "../../http/route.ts";
import { whatItTakes } from "./scoring.service.ts";

export function mountScoring(mounted: Mounted): void {
  route(mounted, reachScore, async (deps, { query }) => ({ status: 200, body: await whatItTakes(deps, query) }));
}
