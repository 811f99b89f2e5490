/** Definitions as they stand: what is in force for each stage, the draft beside it, who signed and who is still to sign. */
import { may } from "../../../core/access/access.ts";
import { type CompiledConfig, stageHidden } from "../../../core/config/compile.ts";
import type { StageDef } from "../../../core/config/config.ts";
import { userRef } from "../../../core/config/people.ts";
import { type DefinitionText, liveText, sameText, textOf } from "../../../core/definitions/definition.ts";
import { holds, judge, type Side, SIDES, type Signer, signersOf, signingInForce } from "../../../core/definitions/signing.ts";
import type { Deps } from "../../deps.ts";
import { notFound } from "../../problems.ts";
import { listUsers } from "../workspaces/users.service.ts";
import { type ChangeRow, type DraftRow, listChangeRows, listDraftRows, listSignatureRows, type SignatureRow } from "./definitions.queries.ts";

export type Standing = {
  readonly config: CompiledConfig;
  readonly people: readonly Signer[];
  readonly drafts: readonly DraftRow[];
  readonly signatures: readonly SignatureRow[];
  readonly changes: readonly ChangeRow[];
  /** The configurations that drafts were written against. */
  readonly bases: ReadonlyMap<number, CompiledConfig>;
};

export async function listDefinitions(deps: Deps) {
  const standing = await standingOf(deps);
  const { config, people } = standing;
  const shown = config.config.stages.filter((stage) => !stageHidden(config.config, stage));
  const refs = (side: Side) => signersOf(side, people).map(({ id, name }) => ({ id, name }));
  return {
    signing: signingInForce(people),
    signers: { marketing: refs("marketing"), sales: refs("sales") },
    items: shown.map((stage) => viewOf(deps, standing, stage)),
  };
}

/** @throws Problem 404 when there is no such stage */
export async function getDefinition(deps: Deps, stageId: string) {
  const standing = await standingOf(deps);
  return viewOf(deps, standing, mustBeStage(standing.config, stageId));
}

/** Every version there was, the newest first. */
export async function listVersions(deps: Deps, stageId: string) {
  const { config, changes, signatures } = await standingOf(deps);
  const stage = mustBeStage(config, stageId);
  const mine = changes.filter((row) => row.stage === stage.id);
  const items = mine.map((row, i) => ({
    version: row.definition.version,
    config: row.config,
    text: plain(textOf(row.definition, stage.label)),
    from: row.published_at.toISOString(),
    until: mine[i + 1]?.published_at.toISOString() ?? null,
    by: userRef(config, row.published_by),
    signatures: signaturesOf(row.config, stage.id, signatures),
  }));
  return { items: items.toReversed() };
}

/** @throws Problem 404 when there is none, or it is hidden */
export function mustBeStage(config: CompiledConfig, id: string): StageDef {
  const stage = config.stages.get(id);
  if (stage === undefined || stageHidden(config.config, stage)) throw notFound("stage", id);
  return stage;
}

export async function standingOf(deps: Deps): Promise<Standing> {
  const config = await deps.configs.get(deps.db);
  const [people, drafts, signatures, changes] = await Promise.all([
    signersIn(deps),
    listDraftRows(deps.db),
    listSignatureRows(deps.db, null),
    changesIn(deps, config),
  ]);
  const numbers = [...new Set(drafts.filter(({ body }) => body !== null).map(({ on_config }) => on_config))];
  const bases = new Map(await Promise.all(numbers.map(async (number) => [number, await deps.configs.version(deps.db, number)] as const)));
  return { config, people, drafts, signatures, changes, bases };
}

export async function signersIn(deps: Deps): Promise<readonly Signer[]> {
  const users = await listUsers(deps);
  return users.map(({ id, name, state, rights }) => ({
    id,
    name,
    active: state !== "inactive",
    joined: state === "active",
    marketing: rights.signerMarketing,
    sales: rights.signerSales,
  }));
}

const known = new WeakMap<CompiledConfig, Promise<readonly ChangeRow[]>>();

/** What was in force until this configuration never changes, so it is read once a number. */
function changesIn({ db }: Deps, config: CompiledConfig): Promise<readonly ChangeRow[]> {
  let found = known.get(config);
  if (found === undefined) {
    found = listChangeRows(db, config.number);
    known.set(config, found);
    found.catch(() => known.delete(config));
  }
  return found;
}

/** Whether what is in force became another text after the draft was written. */
export function isStale(stageId: string, row: DraftRow, { config, bases }: Pick<Standing, "config" | "bases">): boolean {
  const base = bases.get(row.on_config);
  return base === undefined || !sameText(withoutLabel(liveText(base.config, stageId)), withoutLabel(liveText(config.config, stageId)));
}

/** A stage may be called otherwise at any time; that changes nothing of what is asked. */
function withoutLabel(text: DefinitionText | null): DefinitionText | null {
  return text === null ? null : { ...text, label: "" };
}

function viewOf({ viewer }: Deps, standing: Standing, stage: StageDef) {
  const { people, drafts, signatures } = standing;
  const row = drafts.find((draft) => draft.stage === stage.id);
  const draft = row === undefined || row.body === null ? null : draftOf(standing, stage, { ...row, body: row.body });
  const { userId } = viewer;
  const canSign = draft !== null && draft.asked && !draft.stale && userId !== null && may(viewer.role, "definitions.sign");
  const given = row === undefined ? [] : ofRevision(row, signatures);
  return {
    stage: stage.id,
    label: stage.label,
    line: stage.line,
    moves: stage.entry === "definition",
    live: liveOf(standing, stage),
    draft,
    revision: row?.revision ?? 0,
    mine: canSign ? SIDES.filter((side) => judge(side, userId, given, people).kind === "sign") : [],
  };
}

function liveOf({ config, changes, signatures }: Standing, stage: StageDef) {
  const text = liveText(config.config, stage.id);
  const definition = config.config.definitions.find(({ stage: id }) => id === stage.id);
  if (text === null || definition === undefined) return null;
  const since = changes.findLast((change) => change.stage === stage.id);
  return {
    version: definition.version,
    config: since?.config ?? null,
    text: plain(text),
    at: since?.published_at.toISOString() ?? null,
    signatures: since === undefined ? [] : signaturesOf(since.config, stage.id, signatures),
  };
}

function draftOf(standing: Standing, stage: StageDef, row: DraftRow & { readonly body: DefinitionText }) {
  const { config, people, signatures } = standing;
  const given = ofRevision(row, signatures).map((signature) => ({ ...signatureView(signature), holds: holds(signature, people) }));
  return {
    text: plain(row.body),
    note: row.note,
    asked: row.asked,
    stale: isStale(stage.id, row, standing),
    author: userRef(config, row.author),
    at: row.updated_at.toISOString(),
    signatures: given,
    missing: SIDES.filter((side) => !given.some((signature) => signature.side === side && signature.holds)),
  };
}

type Given = SignatureRow & { readonly userId: string };

/** The signatures of the draft as it stands. */
export function ofRevision({ stage, revision }: Pick<DraftRow, "stage" | "revision">, signatures: readonly SignatureRow[]): readonly Given[] {
  return signatures.filter((row) => row.stage === stage && row.revision === revision && row.config === null).map((row) => ({ ...row, userId: row.user_id }));
}

function signaturesOf(config: number, stage: string, signatures: readonly SignatureRow[]) {
  return signatures.filter((row) => row.stage === stage && row.config === config).map((row) => ({ ...signatureView(row), holds: true }));
}

function signatureView({ side, user_id, name, signed_at }: SignatureRow) {
  return { side, by: { id: user_id, name }, at: signed_at.toISOString() };
}

/** As contracts want it: lists of its own. */
function plain(text: DefinitionText): DefinitionText {
  return { ...text, answers: [...text.answers], exits: [...text.exits] };
}
