/**
 * Drafts and signatures. Everything here happens under the lock of the configuration, which users change under, too: of two
 * who sign at once the second sees the first, and whoever loses the right to sign does so before or after.
 */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { configProblems } from "../../../core/config/config-problems.ts";
import { type DefinitionText, liveText, sameText, withDefinition } from "../../../core/definitions/definition.ts";
import { holds, judge, type Side, SIDES, signersOf } from "../../../core/definitions/signing.ts";
import { transact } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import { lockConfigExclusive } from "../../flow/flow.queries.ts";
import { invalid, Problem } from "../../problems.ts";
import { audit } from "../audit/audit.service.ts";
import { NOTHING, tell } from "../notifications/tell.service.ts";
import { publishChange, rescoreInBackground } from "../workspaces/config.service.ts";
import { once, type Repeatable } from "../workspaces/once.service.ts";
import { type DraftRow, dropSignatures, findDraftRow, insertSignature, putDraft, setSignedConfig } from "./definitions.queries.ts";
import { getDefinition, isStale, mustBeStage, ofRevision, type Standing, standingOf } from "./definitions.service.ts";

export type DraftGiven = { readonly text: DefinitionText; readonly note?: string | null | undefined; readonly ask: boolean };

/** @throws Problem 404, 412 when another revision is there, 422 when the text does not hold together or says nothing new */
export async function saveDraft(deps: Deps, stageId: string, { text, note = null, ask }: DraftGiven, ifMatch: number | undefined) {
  const told = await transact(deps, async (deps) => {
    lockConfigExclusive(deps.db);
    const config = await deps.configs.get(deps.db);
    const stage = mustBeStage(config, stageId);
    const row = await findDraftRow(deps.db, stage.id);
    refuseOther(row, ifMatch);
    refuseProblems(config, stage.id, text);
    const [had, live] = [row?.body ?? null, liveText(config.config, stage.id)];
    if (sameText(text, live))
      throw invalid("The draft says what is in force already. Change something, or withdraw it.", [{ path: "text", message: "is in force as it stands" }]);
    const standing = await standingOf(deps);
    const keeps = row !== null && sameText(text, had) && !isStale(stage.id, row, standing);
    if (keeps && row.asked === ask && row.note === note) return 0;
    const revision = keeps ? row.revision : (row?.revision ?? 0) + 1;
    await putDraft(deps.db, {
      stage: stage.id,
      revision,
      body: text,
      note,
      onConfig: keeps ? row.on_config : config.number,
      asked: ask,
      author: keeps ? row.author : deps.viewer.userId,
      at: new Date(deps.now()),
    });
    const voided = keeps || row === null ? [] : ofRevision(row, standing.signatures).map(({ name }) => name);
    await record(deps, "config.definitionDrafted", stage.id, { label: stage.label, revision, asked: ask, ...(voided.length === 0 ? {} : { voided }) }, note);
    if (!ask || (keeps && row.asked)) return 0;
    return tellSigners(deps, standing, `definition:${stage.id}:${revision}:ask`, `To sign: the definition of “${stage.label}”`, note);
  });
  changed(deps, told);
  return getDefinition(deps, stageId);
}

/** @throws Problem 404, 412 when another revision is there */
export async function withdrawDraft(deps: Deps, stageId: string, ifMatch: number | undefined) {
  await transact(deps, async (deps) => {
    lockConfigExclusive(deps.db);
    const config = await deps.configs.get(deps.db);
    const stage = mustBeStage(config, stageId);
    const row = await findDraftRow(deps.db, stage.id);
    refuseOther(row, ifMatch);
    if (row === null || row.body === null) return;
    await clearDraft(deps, row);
    await record(deps, "config.definitionWithdrawn", stage.id, { label: stage.label, revision: row.revision }, null);
  });
  changed(deps, 0);
  return getDefinition(deps, stageId);
}

export type SignatureGiven = { readonly revision: number; readonly side?: Side | undefined; readonly confirmed: boolean };

/**
 * The signature of whoever asks. With the second one the text comes into force, in the same transaction.
 * @throws Problem 403 when he may not sign, 409 when the draft is another by now, is not ready, or the effect must be confirmed first
 */
export async function signDefinition(deps: Deps, stageId: string, given: SignatureGiven, idempotency: Repeatable) {
  const { userId } = deps.viewer;
  if (userId === null) throw new Problem(403, "forbidden", "A signature is a person's. Sign in, or use an API key that belongs to a user. Nothing was signed.");
  const { kept } = await once(deps, idempotency, (deps) => sign(deps, stageId, userId, given));
  changed(deps, kept.told);
  if (kept.config !== null) rescoreInBackground(deps, kept.config);
  return getDefinition(deps, stageId);
}

type Signed = { readonly config: number | null; readonly told: number };
const NOTHING_DONE: Signed = { config: null, told: 0 };

async function sign(deps: Deps, stageId: string, userId: string, { revision, side: wanted, confirmed }: SignatureGiven): Promise<Signed> {
  lockConfigExclusive(deps.db);
  const standing = await standingOf(deps);
  const { config, people, signatures } = standing;
  const stage = mustBeStage(config, stageId);
  const row = readyDraft(stage.label, await findDraftRow(deps.db, stage.id), revision);
  if (isStale(stage.id, row, standing))
    throw conflict(
      "stale-draft",
      `What is in force for “${stage.label}” changed after the draft was written. Look at the difference and save the draft again; then it can be signed.`,
    );
  const side = sideOf(
    wanted,
    SIDES.filter((one) => signersOf(one, people).some(({ id }) => id === userId)),
  );
  const given = ofRevision(row, signatures);
  const judgement = judge(side, userId, given, people);
  if (judgement.kind === "refused")
    throw new Problem(judgement.type === "signed-by-another" ? 409 : 403, judgement.type, `${judgement.words} Nothing was signed.`);
  if (judgement.kind === "again") return NOTHING_DONE;
  if (judgement.completes && !confirmed)
    throw conflict(
      "confirmation-needed",
      `This is the second signature: with it the text is in force for “${stage.label}”. Look at who would enter by himself (POST /api/v1/definitions/${stage.id}/preview), then sign with confirmed: true.`,
    );
  const at = new Date(deps.now());
  const lost = given.filter((signature) => !holds(signature, people)).map((signature) => signature.userId);
  if (lost.length > 0) await dropSignatures(deps.db, stage.id, revision, lost);
  await insertSignature(deps.db, { stage: stage.id, revision, side, userId, at });
  await record(deps, "config.definitionSigned", stage.id, { label: stage.label, revision, side }, row.note);
  if (!judgement.completes) return NOTHING_DONE;
  refuseProblems(config, stage.id, row.body);
  const version = Math.max(0, ...standing.changes.filter((change) => change.stage === stage.id).map(({ definition }) => definition.version)) + 1;
  const { number } = await publishChange(deps, async (live) => withDefinition(live.config, stage.id, version, row.body), row.note ?? undefined);
  await setSignedConfig(deps.db, stage.id, revision, number);
  await clearDraft(deps, row);
  await record(deps, "config.definitionLive", stage.id, { label: row.body.label, version, number }, row.note);
  const told = await tellSigners(
    deps,
    standing,
    `definition:${stage.id}:${revision}:live`,
    `In force: the definition of “${row.body.label}”, version ${version}`,
    row.note,
    row.author,
  );
  return { config: number, told };
}

function readyDraft(label: string, row: DraftRow | null, revision: number): DraftRow & { readonly body: DefinitionText } {
  if (row === null || row.body === null) throw conflict("no-draft", `There is no draft of “${label}” to sign: it came into force or was withdrawn.`);
  if (row.revision !== revision)
    throw conflict(
      "text-changed",
      `The draft of “${label}” was changed: it is at revision ${row.revision}, you read ${revision}. Read it again before you sign.`,
    );
  if (!row.asked) throw conflict("not-ready", `The draft of “${label}” is still being written. Whoever writes it asks for signatures.`);
  return { ...row, body: row.body };
}

function sideOf(wanted: Side | undefined, mine: readonly Side[]): Side {
  if (wanted !== undefined) return wanted;
  const [only, other] = mine;
  if (only === undefined)
    throw new Problem(
      403,
      "not-a-signer",
      "You are a signer neither for marketing nor for sales. An administrator decides who signs (Settings → Users). Nothing was signed.",
    );
  if (other !== undefined)
    throw invalid("You may sign for marketing or for sales. Say for which.", [{ path: "side", message: "is required of whoever may sign for both" }]);
  return only;
}

function conflict(type: string, words: string): Problem {
  return new Problem(409, type, `${words} Nothing was signed.`);
}

function refuseOther(row: DraftRow | null, ifMatch: number | undefined): void {
  const revision = row?.revision ?? 0;
  if (ifMatch !== undefined && ifMatch !== revision)
    throw new Problem(412, "version-mismatch", `The draft is at revision ${revision}, the change was made on ${ifMatch}. Read it again and repeat the change.`);
}

/** What is wrong with the text itself, under its own names. */
function refuseProblems({ config }: CompiledConfig, stageId: string, text: DefinitionText): void {
  const next = withDefinition(config, stageId, 1, text);
  const prefix = `definitions[${next.definitions.findIndex(({ stage }) => stage === stageId)}].`;
  const problems = configProblems(next).filter(({ path }) => path.startsWith(prefix));
  if (problems.length > 0)
    throw invalid(
      "The definition does not hold together. Nothing was written.",
      problems.map(({ path, message }) => ({ path: `text.${path.slice(prefix.length)}`, message })),
    );
}

/** No draft any more; the revision goes on, so that an old signature fits nothing. */
async function clearDraft(deps: Deps, { stage, revision, on_config }: DraftRow): Promise<void> {
  await putDraft(deps.db, { stage, revision: revision + 1, body: null, note: null, onConfig: on_config, asked: false, author: null, at: new Date(deps.now()) });
}

type Happened = "config.definitionDrafted" | "config.definitionWithdrawn" | "config.definitionSigned" | "config.definitionLive";

async function record(deps: Deps, action: Happened, stage: string, detail: Readonly<Record<string, unknown>>, why: string | null): Promise<void> {
  await audit(deps, { action, about: { type: "definition", id: stage }, detail: { stage, ...detail }, why: why ?? undefined });
}

/** Everybody who signs for either side and whoever else is named, but who acts. */
async function tellSigners(deps: Deps, { people }: Standing, key: string, title: string, detail: string | null, also: string | null = null): Promise<number> {
  const ids = new Set([...SIDES.flatMap((side) => signersOf(side, people).map(({ id }) => id)), ...(also === null ? [] : [also])]);
  ids.delete(deps.viewer.userId ?? "");
  const at = new Date(deps.now());
  return tell(
    deps,
    [...ids].map((user) => ({ ...NOTHING, event: "definition", key, to: { user }, title, detail, at })),
  );
}

/** After COMMIT: whoever looks at definitions or has been told looks again. */
function changed({ live, db }: Deps, told: number): void {
  live.topic(db.workspaceId, "config");
  if (told > 0) live.topic(db.workspaceId, "notifications");
}
