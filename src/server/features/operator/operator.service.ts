/** The commands of the operator: the same functions whether a command runs them itself or asks the running server to. */
import type { House } from "../../deps.ts";
import { backupTo } from "../backup/backup.service.ts";
import { type DemoProgress, loadDemo } from "../demo/demo.service.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { importFile, type Progress as ImportProgress, resumeImports, type Watch as ImportWatch } from "../imports/imports.service.ts";
import { exportToFile } from "../leads/lead-export-file.service.ts";
import { explainScoreOf } from "../leads/score.service.ts";
import { reportFunnel, reportVelocity } from "../reports/report.service.ts";
import { actIn, workspaceOf } from "../workspaces/doorman.service.ts";
import { setupWorkspace } from "../workspaces/workspaces.service.ts";
import { type OperatorRequest, readOperatorRequest } from "./operator-request.ts";
import { batonVersion } from "./version.ts";

export type Progress = ImportProgress | DemoProgress;
export type Watch = Omit<ImportWatch, "onProgress"> & { readonly onProgress?: ((progress: Progress) => void) | undefined };
export type { OperatorRequest };
export { batonVersion, readOperatorRequest };

/** @returns what the command prints with --json */
export async function runOperatorCommand(house: House, request: OperatorRequest, watch: Watch): Promise<object> {
  switch (request.command) {
    case "setup":
      return setupWorkspace(house, request.options);
    case "demo":
      return loadDemo(house, watch);
    case "import": {
      const { workspace, ...options } = request.options;
      const deps = await within(house, workspace);
      return importFile(deps, options, watch);
    }
    case "export leads":
      return exportToFile(await within(house, request.options.workspace), request.options, watch.signal);
    case "report funnel":
      return reportFunnel(await within(house, request.options.workspace), request.options);
    case "report velocity":
      return reportVelocity(await within(house, request.options.workspace), request.options);
    case "score explain":
      return explainScoreOf(await within(house, request.options.workspace), request.options.lead);
    case "doctor":
      return runDoctor(house, request.options);
    case "backup":
      return backupTo({ connection: house.database.pool.options, batonVersion: batonVersion(), now: house.now() }, request.options.file);
  }
}

/** What a command that opened the house by itself does before its own work. */
export async function finishOldWork(house: House, request: OperatorRequest, signal: AbortSignal): Promise<void> {
  if (request.command === "import") await resumeImports(house, signal);
}

async function within(house: House, workspace: string | undefined) {
  return actIn(house, await workspaceOf(house, workspace ?? null), "cli");
}
