/**
 * The canary: a neighbour workspace whose every text says so. Whatever a test's own workspace answers, exports or logs must
 * not contain the word.
 */
import { expect } from "vitest";
import { keysOf } from "../../core/identity/identity.ts";
import type { Deps, House } from "../deps.ts";
import { insertSignature, putDraft } from "../features/definitions/definitions.queries.ts";
import { createForm } from "../features/forms/forms.service.ts";
import { insertHealthDay } from "../features/health/health.queries.ts";
import { countSubmission } from "../features/forms/forms.queries.ts";
import { dismissHeld, quarantine } from "../features/held/held.service.ts";
import { insertImport, saveFailed } from "../features/imports/imports.queries.ts";
import { setupWorkspace } from "../features/workspaces/workspaces.service.ts";
import { actIn } from "../features/workspaces/doorman.service.ts";
import { startBulk } from "../features/bulk/bulk.service.ts";
import { addCompanyNote } from "../features/companies/company-notes.service.ts";
import { editCompany } from "../features/companies/companies.service.ts";
import { deleteLead } from "../features/leads/bin.service.ts";
import { addLeadNote } from "../features/leads/notes.service.ts";
import { listOpportunities } from "../features/opportunities/opportunities.service.ts";
import { createTask } from "../features/tasks/tasks.service.ts";
import { createView } from "../features/views/views.service.ts";
import { write } from "../features/leads/write.service.ts";
import { hashSecret } from "../features/sessions/secret.ts";
import { insertOidcAttempt, insertSession, putLink } from "../features/sessions/sessions.queries.ts";
import { uuidv7 } from "../ids.ts";
import { changeMailSettings } from "../features/mail/mail-settings.service.ts";
import { sendMail, withdrawMail } from "../features/mail/mail.service.ts";
import { createTemplate } from "../features/mail/templates.service.ts";
import { tellNotices } from "../features/notifications/tell.service.ts";

/** In lower case, so that it is found in addresses too. */
export const CANARY = "canarybird";

export type Neighbour = { readonly workspaceId: string; readonly apiKey: string; readonly leadIds: readonly string[] };

/** Makes the neighbour: captured, worked, converted and won leads that share names and addresses with nobody else but could be found by the same words. */
export async function plantCanaries(house: House): Promise<Neighbour> {
  const { workspaceId, userId, apiKey } = await setupWorkspace(house, {
    workspace: `Neighbour ${CANARY}`,
    email: `owner@${CANARY}.example`,
    password: "correct horse battery staple",
  });
  const deps = actIn(house, workspaceId, `key:${CANARY}`);
  await plantAccount(deps, userId);
  const leadIds: string[] = [];
  for (let i = 0; i < 3; i++) {
    const patch = {
      email: `ada${i}@${CANARY}.example`,
      firstName: "Ada",
      lastName: `Lovelace ${CANARY}`,
      company: `Analytical Engines ${CANARY}`,
      jobTitle: `Director ${CANARY}`,
      city: CANARY,
      website: `https://${CANARY}.example`,
      source: CANARY,
      campaign: CANARY,
      externalId: `${CANARY}-${i}`,
      addTags: [CANARY],
      fields: { need: CANARY },
      bant: { budget: CANARY },
      consent: { [CANARY]: true },
    };
    const touches = [
      { kind: "contactRequest", at: null, props: { text: CANARY } },
      { kind: "pageView", at: null, props: { url: `https://${CANARY}.example/pricing` } },
    ];
    const captured = await write(
      deps,
      { kind: "capture", patch, touches },
      { by: "keys", keys: keysOf(patch), only: null },
      { key: `${CANARY}-${i}`, hash: CANARY },
    );
    if (captured.outcome === "held") throw new Error("the neighbour's lead was held");
    const { id } = captured.lead;
    leadIds.push(id);
    const converted = await write(deps, { kind: "convert", form: { businessCase: CANARY }, name: `Deal ${CANARY}` }, { by: "lead", id }, null);
    if (converted.outcome === "held") throw new Error("the neighbour's conversion was held");
  }
  await createTemplate(deps, { name: CANARY, subject: CANARY, body: CANARY });
  await changeMailSettings(deps, { fromName: CANARY, fromAddress: `hello@${CANARY}.example` });
  const mail = await sendMail(deps, leadIds[0] as string, { subject: CANARY, body: `https://${CANARY}.example` }, null);
  // Taken back, so that no test's mailer sends it.
  if (mail.outcome === "queued") await withdrawMail(deps, mail.mail.id);
  await tellNotices(house);
  await plantForms(deps);
  await plantDefinition(deps, userId);
  await plantWork(deps, userId, leadIds[0] as string);
  return { workspaceId, apiKey, leadIds };
}

/** Notes, tasks, a reminder, a view, a change of many leads, and a lead in the bin. */
async function plantWork(deps: Deps, userId: string, leadId: string): Promise<void> {
  const [opportunity] = (await listOpportunities(deps, { lead: leadId, limit: 1 })).items;
  const company = opportunity?.company?.id ?? "";
  await addLeadNote(deps, leadId, { text: CANARY }, null);
  await addCompanyNote(deps, company, { text: CANARY }, null);
  await editCompany(deps, company, { domain: `${CANARY}.example` }, { ifVersion: undefined, idempotency: null });
  const due = { kind: "todo", dueAt: deps.now(), owner: userId, note: CANARY };
  await createTask(deps, { ...due, title: CANARY, lead: leadId }, null);
  await createTask(deps, { ...due, title: `Reminder ${CANARY}` }, null);
  await createView(deps, { name: CANARY, kind: "leads", layout: "table", scope: "workspace", columns: [CANARY] }, null);
  await startBulk(deps, { change: { action: "tag", add: [`${CANARY} many`] }, ids: [leadId] }, null);
  const binned = await write(
    deps,
    { kind: "capture", patch: { email: `bin@${CANARY}.example`, lastName: CANARY }, touches: [] },
    { by: "keys", keys: [], only: null },
    null,
  );
  if (binned.outcome !== "held") await deleteLead(deps, binned.lead.id, CANARY, null);
}

/** A draft of a definition that one side has signed. */
async function plantDefinition({ db }: Deps, userId: string): Promise<void> {
  const at = new Date(Date.UTC(2026, 0, 1));
  const body = { label: CANARY, meaning: CANARY, owner: CANARY, criteria: { and: [] }, answers: [], exits: [{ stage: "recycled", when: CANARY }] };
  await putDraft(db, { stage: "mql", revision: 1, body, note: CANARY, onConfig: 1, asked: true, author: userId, at });
  await insertSignature(db, { stage: "mql", revision: 1, side: "marketing", userId, at });
}

/** A form, a submission of it that was held and one that was dismissed, and an import. */
async function plantForms(deps: Deps): Promise<void> {
  const form = await createForm(deps, { name: CANARY, title: CANARY }, null);
  const at = new Date(deps.now());
  await countSubmission(deps.db, form.id, true, at);
  await insertHealthDay(deps.db, "2026-01-01", 3, { [CANARY]: "yes" });
  const patch = { email: `held@${CANARY}.example`, firstName: CANARY };
  const item = {
    actor: `form:${form.id}`,
    bearer: null,
    input: { kind: "capture", patch, touches: [] },
    target: { by: "keys", keys: keysOf(patch), only: null },
    idempotency: null,
  } as const;
  await quarantine(deps, { ...item, inputId: deps.newId() }, CANARY);
  await dismissHeld(deps, await quarantine(deps, { ...item, inputId: deps.newId() }, CANARY), CANARY);
  const id = deps.newId();
  await insertImport(
    deps.db,
    { id, fileName: `${CANARY}.csv`, filePath: `/nowhere/${CANARY}`, map: {}, options: { history: false, dryRun: false }, by: CANARY },
    at,
  );
  await saveFailed(deps.db, id, CANARY, at);
}

/** Where the neighbour's administrator is signed in, and what lets him in. */
async function plantAccount({ db }: Deps, userId: string): Promise<void> {
  const at = new Date(Date.UTC(2026, 0, 1));
  const expiresAt = new Date(Date.UTC(2200, 0, 1));
  const hash = (what: string): Buffer => hashSecret(`${CANARY} ${what}`);
  await insertSession(db, { id: uuidv7(), hash: hash("session"), userId, via: "password", device: CANARY, address: CANARY, at, expiresAt });
  await putLink(db, { userId, kind: "reset", hash: hash("link"), createdBy: CANARY, at, expiresAt });
  await insertOidcAttempt(db, { stateHash: hash("state"), browserHash: hash("browser"), nonce: CANARY, verifier: CANARY, next: `/${CANARY}`, expiresAt });
}

/** Fails when the text knows anything of the neighbour. */
export function expectNoCanary(text: string, what = "the text"): void {
  expect(text.toLowerCase(), `${what} must not show the neighbour's data`).not.toContain(CANARY);
}
