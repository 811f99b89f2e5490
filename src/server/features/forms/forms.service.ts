/** Forms: made, changed, listed. Every workspace has a default one, made when it is first asked for. */
import { randomBytes } from "node:crypto";
import { DEFAULT_FORM, FORM_FIELD_KEYS, type FormBody, redirectProblem } from "../../../core/forms/form.ts";
import { transact } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem, type ProblemError } from "../../problems.ts";
import { isUuid } from "../../../core/ids.ts";
import { once, type Repeatable } from "../workspaces/once.service.ts";
import { embedHtml, embedIframe } from "./embed.ts";
import { findFormRow, type FormCount, type FormRow, insertForm, listFormCounts, listFormRows, lockFormRow, setFormKey, updateForm } from "./forms.queries.ts";

export type FormEdit = { readonly [K in keyof FormBody]?: FormBody[K] | undefined };

const DAYS_MS = 30 * 86_400_000;

export async function listForms(deps: Deps) {
  await ensureDefault(deps);
  const [rows, counts] = await Promise.all([listFormRows(deps.db), countsOf(deps)]);
  return rows.map((row) => viewOf(deps, row, counts.get(row.id)));
}

/** Their names, for whoever filters leads by the form they came with. */
export async function formNames({ db }: Pick<Deps, "db">): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return (await listFormRows(db)).map(({ id, body }) => ({ id, name: body.name }));
}

export async function getForm(deps: Deps, id: string) {
  const row = isUuid(id.toLowerCase()) ? await findFormRow(deps.db, id.toLowerCase()) : null;
  if (row === null) throw notFound("form", id);
  return viewOf(deps, row, (await countsOf(deps)).get(row.id));
}

export async function createForm(deps: Deps, given: FormEdit & { readonly name: string }, idempotency: Repeatable) {
  const body = merged({ ...DEFAULT_FORM, redirect: null }, given);
  await check(deps, body);
  const { kept } = await once(deps, idempotency, async (deps) => {
    const id = deps.newId();
    await insertForm(deps.db, { id, key: newKey(), isDefault: false, body }, new Date(deps.now()));
    return { id };
  });
  return getForm(deps, kept.id);
}

/** @throws Problem 412 when `ifMatch` names another version */
export async function editForm(deps: Deps, id: string, edit: FormEdit, ifMatch: number | undefined) {
  await getForm(deps, id);
  await transact(deps, async (deps) => {
    const row = await lockFormRow(deps.db, id.toLowerCase());
    if (row === null) throw notFound("form", id);
    if (ifMatch !== undefined && ifMatch !== row.version)
      throw new Problem(
        412,
        "version-mismatch",
        `The form is at version ${row.version}, the change was made on ${ifMatch}. Read it again and repeat the change.`,
      );
    const body = merged(row.body, edit);
    await check(deps, body);
    const consentVersion = body.consent !== null && body.consent.text !== row.body.consent?.text ? row.consent_version + 1 : row.consent_version;
    await updateForm(deps.db, row.id, body, consentVersion, new Date(deps.now()));
  });
  return getForm(deps, id);
}

export async function rotateFormKey(deps: Deps, id: string, idempotency: Repeatable) {
  await getForm(deps, id);
  await once(deps, idempotency, async (deps) => {
    await setFormKey(deps.db, id.toLowerCase(), newKey(), new Date(deps.now()));
    return {};
  });
  return getForm(deps, id);
}

async function ensureDefault(deps: Deps): Promise<void> {
  const rows = await listFormRows(deps.db);
  if (!rows.some(({ is_default }) => is_default))
    await insertForm(deps.db, { id: deps.newId(), key: newKey(), isDefault: true, body: DEFAULT_FORM }, new Date(deps.now()));
}

/** 132 bits: nobody guesses the address of a form. */
function newKey(): string {
  return randomBytes(16).toString("base64url");
}

function merged(body: FormBody, edit: FormEdit): FormBody {
  return { ...body, ...Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) };
}

async function check(deps: Deps, body: FormBody): Promise<void> {
  const { config } = await deps.configs.get(deps.db);
  const known = new Set(config.fields.map(({ key }) => key));
  const errors = body.fields.flatMap(({ key }, i): readonly ProblemError[] =>
    (FORM_FIELD_KEYS as readonly string[]).includes(key) || known.has(key.replace(/^fields\./, ""))
      ? []
      : [{ path: `fields[${i}].key`, message: `names the field "${key}", which the workspace does not have` }],
  );
  const redirect = body.redirect === null ? null : redirectProblem(body.redirect, body.origins, originOf(deps.gate.url()));
  if (redirect !== null) errors.push({ path: "redirect", message: redirect });
  if (errors.length > 0) throw invalid("The form is not as it should be. Nothing was written.", errors);
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

async function countsOf({ db, now }: Deps): Promise<ReadonlyMap<string, FormCount>> {
  return new Map((await listFormCounts(db, new Date(now() - DAYS_MS))).map((row) => [row.form_id, row]));
}

function viewOf({ gate }: Deps, row: FormRow, count: FormCount | undefined) {
  const url = `${gate.url()}/f/${row.key}`;
  const { body } = row;
  return {
    id: row.id,
    key: row.key,
    url,
    isDefault: row.is_default,
    version: row.version,
    consentVersion: row.consent_version,
    ...body,
    fields: [...body.fields],
    origins: [...body.origins],
    submissions: { last30Days: count?.submissions ?? 0, quarantined: count?.quarantined ?? 0, lastAt: count?.last_at?.toISOString() ?? null },
    embed: { html: embedHtml(body, url), iframe: embedIframe(body, url) },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
