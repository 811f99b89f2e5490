/** Search over HTTP. */
import { search as contract } from "../../../contracts/search.ts";
import { type Mounted, route } from "../../http/route.ts";
import { search } from "./search.service.ts";

export function mountSearch(mounted: Mounted): void {
  route(mounted, contract, async (deps, { query }) => ({ status: 200, body: await search(deps, query) }));
}
