/** What people read and do on the page of a lead, over HTTP. */
import * as changes from "../../../contracts/lead-changes.ts";
import * as page from "../../../contracts/lead-page.ts";
import { momentOf } from "../../../contracts/values.ts";
import { type Mounted, route } from "../../http/route.ts";
import { written } from "../../http/written.ts";
import * as bin from "./bin.service.ts";
import { logContact } from "./log.service.ts";
import * as notes from "./notes.service.ts";
import { readTimeline } from "./timeline.service.ts";
import { explainLead, readStages } from "./why.service.ts";

export function mountLeadWork(mounted: Mounted): void {
  route(mounted, page.readTimeline, async (deps, { params, query }) => ({ status: 200, body: await readTimeline(deps, params.id, query) }));
  route(mounted, page.explainLead, async (deps, { params }) => ({ status: 200, body: await explainLead(deps, params.id) }));
  route(mounted, page.readStages, async (deps, { params }) => ({ status: 200, body: { items: await readStages(deps, params.id) } }));

  route(mounted, changes.tagLead, async (deps, { params, body, idempotency }) => written(await bin.tagLead(deps, params.id, body, idempotency)));
  route(mounted, changes.logContact, async (deps, { params, body, idempotency }) => {
    const at = body.at === undefined ? undefined : (momentOf(body.at) ?? undefined);
    return written(await logContact(deps, params.id, { ...body, at }, idempotency));
  });
  route(mounted, changes.undoLead, async (deps, { params, body, idempotency }) => written(await bin.undoLead(deps, params.id, body.number, idempotency)));
  route(mounted, changes.deleteLead, async (deps, { params, query, idempotency }) => written(await bin.deleteLead(deps, params.id, query.reason, idempotency)));
  route(mounted, changes.restoreLead, async (deps, { params, idempotency }) => written(await bin.restoreLead(deps, params.id, idempotency)));
  route(mounted, changes.listBin, async (deps, { query }) => ({ status: 200, body: await bin.listBin(deps, query) }));

  route(mounted, changes.listLeadNotes, async (deps, { params }) => ({ status: 200, body: { items: await notes.listLeadNotes(deps, params.id) } }));
  route(mounted, changes.addLeadNote, async (deps, { params, body, idempotency }) => noted(await notes.addLeadNote(deps, params.id, body, idempotency)));
  route(mounted, changes.addOpportunityNote, async (deps, { params, body, idempotency }) =>
    noted(await notes.addOpportunityNote(deps, params.id, body, idempotency)),
  );
  route(mounted, changes.editLeadNote, async (deps, { params, body, idempotency }) =>
    noted(await notes.editLeadNote(deps, params.id, params.note, body, idempotency)),
  );
  route(mounted, changes.deleteLeadNote, async (deps, { params, idempotency }) => {
    const gone = await notes.deleteLeadNote(deps, params.id, params.note, idempotency);
    return gone.outcome === "held" ? { status: 202, body: gone } : { status: 200, body: gone };
  });
}

function noted(write: Awaited<ReturnType<typeof notes.addLeadNote>>) {
  return write.outcome === "held" ? ({ status: 202, body: write } as const) : ({ status: 200, body: write.note } as const);
}
