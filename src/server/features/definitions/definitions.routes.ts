/** Definitions over HTTP. */
import * as contracts from "../../../contracts/definitions.ts";
import { type Mounted, route } from "../../http/route.ts";
import { getDefinition, listDefinitions, listVersions } from "./definitions.service.ts";
import { saveDraft, signDefinition, withdrawDraft } from "./draft.service.ts";
import { previewDefinition } from "./preview.service.ts";
import { listDefinitionLeads, reportDefinition } from "./report.service.ts";

export function mountDefinitions(mounted: Mounted): void {
  route(mounted, contracts.listDefinitions, async (deps) => ({ status: 200, body: await listDefinitions(deps) }));
  route(mounted, contracts.getDefinition, async (deps, { params }) => tagged(await getDefinition(deps, params.stage)));
  route(mounted, contracts.saveDefinitionDraft, async (deps, { params, body, ifMatch }) => tagged(await saveDraft(deps, params.stage, body, ifMatch)));
  route(mounted, contracts.withdrawDefinitionDraft, async (deps, { params, ifMatch }) => tagged(await withdrawDraft(deps, params.stage, ifMatch)));
  route(mounted, contracts.signDefinition, async (deps, { params, body, idempotency }) => tagged(await signDefinition(deps, params.stage, body, idempotency)));
  route(mounted, contracts.previewDefinition, async (deps, { params, body }) => ({
    status: 200,
    body: await previewDefinition(deps, params.stage, body.text),
  }));
  route(mounted, contracts.listDefinitionVersions, async (deps, { params }) => ({ status: 200, body: await listVersions(deps, params.stage) }));
  route(mounted, contracts.reportDefinition, async (deps, { params, query }) => ({ status: 200, body: await reportDefinition(deps, params.stage, query) }));
  route(mounted, contracts.listDefinitionLeads, async (deps, { params, query }) => ({
    status: 200,
    body: await listDefinitionLeads(deps, params.stage, query),
  }));
}

function tagged<D extends { readonly revision: number }>(body: D) {
  return { status: 200, body, headers: { etag: `"${body.revision}"` } } as const;
}
