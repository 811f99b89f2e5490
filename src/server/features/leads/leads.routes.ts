/** Leads over HTTP. */
import { jsonText } from "../../../contracts/endpoint.ts";
import { type Capture, CaptureBody } from "../../../contracts/lead.ts";
import { exportLeads, exportSelectedLeads } from "../../../contracts/lead-export.ts";
import * as lists from "../../../contracts/lead-list.ts";
import * as contracts from "../../../contracts/leads.ts";
import { momentOf } from "../../../contracts/values.ts";
import { foreignReading } from "../../http/caller.ts";
import { problemJson } from "../../http/errors.ts";
import { type Mounted, route } from "../../http/route.ts";
import { captured, written } from "../../http/written.ts";
import { errorsOf } from "../../http/zod-words.ts";
import { invalid, Problem } from "../../problems.ts";
import { captureLead, captureLeads, type Captured, type CaptureInput } from "./capture.service.ts";
import { columnsOf } from "./lead-export-file.service.ts";
import * as exporting from "./lead-export.service.ts";
import { listFacets, listFields } from "./lead-facets.service.ts";
import { readFilterText } from "./lead-filter.service.ts";
import { listLeads } from "./lead-list.service.ts";
import { listReturnReasons } from "./return-reasons.service.ts";
import * as reading from "./lead-read.service.ts";
import { explainLeadScore } from "./score.service.ts";
import * as leads from "./leads.service.ts";

export function mountLeads(mounted: Mounted): void {
  route(mounted, contracts.captureLead, async (deps, { body, idempotency }) => captured(await captureLead(deps, captureOf(body), idempotency)));
  route(mounted, contracts.captureLeads, async (deps, { body, idempotency }) => {
    const results = await captureLeads(deps, body.leads.map(readCapture), idempotency);
    return { status: 200, body: { results: results.map(resultOf) } };
  });

  route(mounted, lists.listLeads, async (deps, { query: { filter, sort, limit, cursor, around, total } }) => ({
    status: 200,
    body: jsonText(await listLeads(deps, { filter: readFilterText(filter), sort, limit, cursor, around, total: total === "true" })),
  }));
  route(mounted, lists.listLeadFacets, async (deps, { query }) => ({ status: 200, body: await listFacets(deps, readFilterText(query.filter)) }));
  route(mounted, lists.listLeadFields, async (deps) => ({ status: 200, body: { items: await listFields(deps) } }));
  route(mounted, lists.listReturnReasons, async (deps) => ({ status: 200, body: { items: await listReturnReasons(deps) } }));
  route(mounted, exportLeads, async (deps, { query: { filter, sort, columns }, raw }, from) => {
    const foreign = deps.session === undefined ? undefined : foreignReading(raw.headers);
    if (foreign !== undefined) throw foreign;
    const request = { filter: readFilterText(filter), sort, columns: columnsOf(columns) };
    return fileOf(await exporting.exportLeads({ ...deps, address: from().address }, request));
  });
  route(mounted, exportSelectedLeads, async (deps, { body }, from) => fileOf(await exporting.exportLeads({ ...deps, address: from().address }, body)));
  route(mounted, contracts.getLead, async (deps, { params }) => {
    const lead = await reading.getLead(deps, params.id);
    return { status: 200, body: lead, headers: { etag: `"${lead.version}"` } };
  });
  route(mounted, contracts.listFacts, async (deps, { params, query }) => ({ status: 200, body: await reading.listFacts(deps, params.id, query) }));
  route(mounted, contracts.explainLeadScore, async (deps, { params }) => ({ status: 200, body: await explainLeadScore(deps, params.id) }));
  route(mounted, contracts.listLeadTasks, async (deps, { params }) => ({ status: 200, body: { items: await reading.listLeadTasks(deps, params.id) } }));

  route(mounted, contracts.editLead, async (deps, { params, body, ifMatch, idempotency }) =>
    written(await leads.editLead(deps, params.id, body, { ifVersion: ifMatch, idempotency })),
  );
  route(mounted, contracts.moveLead, async (deps, { params, body, idempotency }) => written(await leads.moveLead(deps, params.id, body, idempotency)));
  route(mounted, contracts.acceptLead, async (deps, { params, idempotency }) => written(await leads.acceptLead(deps, params.id, idempotency)));
  route(mounted, contracts.rejectLead, async (deps, { params, body, idempotency }) => written(await leads.rejectLead(deps, params.id, body, idempotency)));
  route(mounted, contracts.convertLead, async (deps, { params, body, idempotency }) =>
    written(await leads.convertLead(deps, params.id, body ?? {}, idempotency)),
  );
  route(mounted, contracts.assignLead, async (deps, { params, body, idempotency }) => written(await leads.assignLead(deps, params.id, body, idempotency)));
}

/** Saved, never shown: a browser must not take a cell for a page. */
function fileOf({ name, content }: exporting.LeadExport) {
  return {
    status: 200,
    body: content,
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  } as const;
}

function readCapture(value: unknown): CaptureInput | Problem {
  const read = CaptureBody.safeParse(value);
  return read.success ? captureOf(read.data) : invalid("This lead is not as it should be. It was not written.", errorsOf(read.error));
}

function captureOf({ touches, capturedAt, ...profile }: Capture): CaptureInput {
  return {
    ...profile,
    capturedAt: capturedAt === undefined || capturedAt === null ? undefined : (momentOf(capturedAt) ?? undefined),
    touches: touches?.map(touchOf),
  };
}

function touchOf({ id, kind, at, props }: NonNullable<Capture["touches"]>[number]) {
  return { kind, at: at === undefined ? null : momentOf(at), props: props ?? null, key: id ?? null };
}

function resultOf(captured: Captured) {
  if (captured instanceof Problem) return { outcome: "refused", problem: problemJson(captured) } as const;
  return captured.outcome === "held" ? captured : ({ outcome: captured.outcome, id: captured.lead.id } as const);
}
