import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { clusterOf } from "./cluster-of.ts";
import { runParents } from "./test-cluster.ts";
import { runningPostmaster, stopPostmaster } from "../store/postmaster.ts";
import { type OpenOptions, openStore, type Store } from "../store/store.ts";

/** What the store's tests share: a data folder that is gone afterwards, with whatever ran in it. */
export const smallMachine = { memory: 2 ** 29, sharedMemory: 0 } as const;

/** A new empty folder, private unless told otherwise. */
export function temporaryFolder(parent = runParents()[0] ?? os.tmpdir(), mode = 0o700): string {
  const folder = realpathSync(mkdtempSync(path.join(parent, "baton-store-")));
  chmodSync(folder, mode);
  onTestFinished(async () => {
    const pid = runningPostmaster(clusterOf(folder));
    if (pid !== null) await stopPostmaster(pid, () => {}, 2000);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return folder;
}

/** Opens the embedded store on a folder; stopped when the test ends. */
export async function openTemporary(dataDir: string, options: OpenOptions & { readonly log?: (line: string) => void } = {}): Promise<Store> {
  const store = await openStore({ data: { dir: dataDir, named: true }, databaseUrl: null, databaseOwnerUrl: null }, options.log ?? (() => {}), {
    machine: smallMachine,
    ...options,
  });
  onTestFinished(() => store.stop());
  return store;
}
