/** The settings of a workspace. Currency and what sales reps see stand in the configuration, where the flow's rules are. */
import type { RepsSee } from "../../../core/access/sight.ts";
import type { Deps } from "../../deps.ts";
import { notFound, Problem } from "../../problems.ts";
import { audit, differences } from "../audit/audit.service.ts";
import { publishChange, rescoreInBackground } from "./config.service.ts";
import { once, type Repeatable } from "./once.service.ts";
import { rightsChanged } from "./rights-changed.service.ts";
import { findUser, findWorkspace, updateWorkspace, type WorkspaceRow } from "./workspaces.queries.ts";

type WeekStart = "monday" | "sunday" | "saturday";

export type WorkspaceView = {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly weekStart: WeekStart;
  readonly locale: string;
  readonly repsSee: RepsSee;
  readonly secondFactorRequired: boolean;
  readonly createdAt: string;
};

export type WorkspaceChange = { readonly [K in keyof Omit<WorkspaceView, "id" | "createdAt">]?: WorkspaceView[K] | undefined };

export async function getWorkspace(deps: Deps): Promise<WorkspaceView> {
  const [row, { config }] = await Promise.all([findWorkspace(deps.db), deps.configs.get(deps.db)]);
  if (row === null) throw notFound("workspace", deps.db.workspaceId);
  return viewOf(deps.db.workspaceId, row, config.repsSee ?? "team");
}

/** @throws Problem 409 when another workspace has the name, or one asks of others what one does not do oneself */
export async function changeWorkspace(deps: Deps, change: WorkspaceChange, idempotency: Repeatable): Promise<WorkspaceView> {
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const { number, published } = await publishChange(deps, async ({ config }) => {
      const row = await findWorkspace(deps.db);
      if (row === null) throw notFound("workspace", deps.db.workspaceId);
      const was = viewOf(deps.db.workspaceId, row, config.repsSee ?? "team");
      const will: WorkspaceView = { ...was, ...withoutGaps(change) };
      const detail = differences(was, will);
      if (Object.keys(detail).length === 0) return config;
      if (will.secondFactorRequired && !was.secondFactorRequired) await refuseUnlessOneself(deps);
      if (!(await updateWorkspace(deps.db, rowOf(will))))
        throw new Problem(409, "conflict", `There is a workspace called "${will.name}" already. Choose another name.`, [
          { path: "name", message: "is that of another workspace" },
        ]);
      await audit(deps, { action: "workspace.changed", detail });
      return { ...config, currency: will.currency, ...(will.repsSee === was.repsSee ? {} : { repsSee: will.repsSee }) };
    });
    return { config: published ? number : null };
  });
  rightsChanged(deps, "*");
  if (!replayed && kept.config !== null) rescoreInBackground(deps, kept.config);
  return getWorkspace(deps);
}

/** Whoever wants a second factor of everybody would shut himself out without one. */
async function refuseUnlessOneself({ db, viewer, session }: Deps): Promise<void> {
  if (viewer.userId === null || session?.via === "oidc") return;
  if ((await findUser(db, viewer.userId))?.second_factor === true) return;
  throw new Problem(409, "conflict", "Set up a second factor for yourself before you ask it of everybody. Nothing was written.", [
    { path: "secondFactorRequired", message: "needs your own second factor first" },
  ]);
}

function withoutGaps<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function viewOf(id: string, row: WorkspaceRow, repsSee: RepsSee): WorkspaceView {
  const { name, timezone, currency, week_start, locale, second_factor_required, created_at } = row;
  return {
    id,
    name,
    timezone,
    currency,
    weekStart: week_start as WeekStart,
    locale,
    repsSee,
    secondFactorRequired: second_factor_required,
    createdAt: created_at.toISOString(),
  };
}

function rowOf({ name, timezone, currency, weekStart, locale, secondFactorRequired }: WorkspaceView) {
  return { name, timezone, currency, week_start: weekStart, locale, second_factor_required: secondFactorRequired };
}
