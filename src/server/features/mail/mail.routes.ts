/** Mail over HTTP: the API, and the two addresses that stand in mail itself. */
import * as setup from "../../../contracts/mail-setup.ts";
import * as texts from "../../../contracts/mail-templates.ts";
import * as contracts from "../../../contracts/mail.ts";
import type { House } from "../../deps.ts";
import { type Mounted, openRoute, route } from "../../http/route.ts";
import * as settings from "./mail-settings.service.ts";
import * as mail from "./mail.service.ts";
import { opportunityMeeting, taskMeeting } from "./meetings.service.ts";
import * as templates from "./templates.service.ts";
import { followLink, noteOpen } from "./tracking.service.ts";

export function mountMail(mounted: Mounted, house: House): void {
  mountOneToOne(mounted);
  mountSetUp(mounted);
  mountTemplates(mounted);
  mountTracking(mounted, house);
}

function mountOneToOne(mounted: Mounted): void {
  route(mounted, contracts.sendMail, async (deps, { params, body, idempotency }) => {
    const sent = await mail.sendMail(deps, params.id, body, idempotency);
    if (sent.outcome === "held") return { status: 202, body: { outcome: "held", intakeId: sent.intakeId } } as const;
    const { replayed, ...queued } = sent;
    return {
      status: 201,
      body: queued,
      headers: { location: `/api/v1/mail/${queued.mail.id}`, ...(replayed ? { "idempotent-replay": "true" } : {}) },
    } as const;
  });
  route(mounted, contracts.previewMail, async (deps, { params, body }) => ({ status: 200, body: await mail.previewMail(deps, params.id, body) }));
  route(mounted, contracts.listLeadMail, async (deps, { params, query }) => ({ status: 200, body: await mail.listLeadMail(deps, params.id, query) }));
  route(mounted, contracts.listOutbox, async (deps, { query }) => ({ status: 200, body: await mail.listOutbox(deps, query) }));
  route(mounted, contracts.getMail, async (deps, { params }) => ({ status: 200, body: await mail.getMail(deps, params.id) }));
  route(mounted, contracts.withdrawMail, async (deps, { params }) => ({ status: 200, body: await mail.withdrawMail(deps, params.id) }));
  route(mounted, contracts.resolveMail, async (deps, { params, body }) => ({ status: 200, body: await mail.resolveMail(deps, params.id, body.as) }));
  route(mounted, contracts.getMeeting, async (deps, { params }) => ({ status: 200, body: await opportunityMeeting(deps, params.id), headers: ICS }));
  route(mounted, contracts.getTaskMeeting, async (deps, { params }) => ({ status: 200, body: await taskMeeting(deps, params.id), headers: ICS }));
}

const ICS = {
  "content-type": "text/calendar; charset=utf-8",
  "content-disposition": 'attachment; filename="meeting.ics"',
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const;

function mountSetUp(mounted: Mounted): void {
  route(mounted, setup.getSending, async (deps) => ({ status: 200, body: await settings.getSending(deps) }));
  route(mounted, setup.setSending, async (deps, { body }) => ({ status: 200, body: await settings.setSending(deps, body.state, body.reason) }));
  route(mounted, setup.getMailSettings, async (deps) => ({ status: 200, body: await settings.getMailSettings(deps) }));
  route(mounted, setup.changeMailSettings, async (deps, { body }) => ({ status: 200, body: await settings.changeMailSettings(deps, body) }));
  route(mounted, setup.getSignature, async (deps) => ({ status: 200, body: await settings.getSignature(deps) }));
  route(mounted, setup.setSignature, async (deps, { body }) => ({ status: 200, body: await settings.setSignature(deps, body.signature) }));
}

function mountTemplates(mounted: Mounted): void {
  route(mounted, texts.listTemplates, async (deps) => ({ status: 200, body: await templates.listTemplates(deps) }));
  route(mounted, texts.createTemplate, async (deps, { body }) => ({ status: 201, body: await templates.createTemplate(deps, body) }));
  route(mounted, texts.changeTemplate, async (deps, { params, body }) => ({ status: 200, body: await templates.changeTemplate(deps, params.id, body) }));
  route(mounted, texts.deleteTemplate, async (deps, { params }) => ({ status: 200, body: { id: await templates.deleteTemplate(deps, params.id) } }));
}

/** The smallest picture there is: one transparent point. */
const POINT = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const NOT_STORED = {
  "cache-control": "no-store, private",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
} as const;

function mountTracking(mounted: Mounted, house: House): void {
  openRoute(mounted, contracts.openPicture, async ({ params }, { agent }) => {
    await noteOpen(house, params.token, { agent }).catch((error: unknown) => house.log.warn({ err: error }, "an opened mail could not be counted"));
    return { status: 200, body: POINT, headers: { "content-type": "image/gif", ...NOT_STORED } };
  });
  openRoute(mounted, contracts.followLink, async ({ params }, { agent }) => {
    const url = await followLink(house, params.token, { agent });
    return { status: 302, body: "", headers: { location: new URL(url).href, "content-type": "text/plain; charset=utf-8", ...NOT_STORED } };
  });
}
