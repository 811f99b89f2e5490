/** One server on a data folder of its own, set up, for a file of tests that shares it. */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runningPostmaster, stopPostmaster } from "../../store/postmaster.ts";
import { clusterOf } from "../cluster-of.ts";
import { runParents } from "../test-cluster.ts";
import { freePort, type Server, setUp, startServer, type Where, type Workspace } from "./baton.ts";

export type Run = Where & Workspace & { readonly pid: number; readonly server: Server; readonly end: () => Promise<void> };

export async function createRun(): Promise<Run> {
  const folder = temporaryData();
  const where: Where = { dataDir: folder.dataDir, port: await freePort() };
  const workspace = await setUp(where);
  const server = await startServer(where);
  const end = async (): Promise<void> => {
    server.signal("SIGTERM");
    await server.gone;
    await folder.remove();
  };
  return { ...where, ...workspace, pid: server.pid, server, end };
}

/** A new data folder, and how to be rid of it with whatever still runs in it. */
export function temporaryData(): { readonly dataDir: string; readonly remove: () => Promise<void> } {
  const dataDir = realpathSync(mkdtempSync(path.join(runParents()[0] ?? os.tmpdir(), "baton-bad-day-")));
  chmodSync(dataDir, 0o711);
  const remove = async (): Promise<void> => {
    const pid = runningPostmaster(clusterOf(dataDir));
    if (pid !== null) await stopPostmaster(pid, () => {}, 2000);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  return { dataDir, remove };
}
