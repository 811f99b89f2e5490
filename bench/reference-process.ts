/** The reference in a process of its own, as the product has one. */
import { fork } from "node:child_process";
import path from "node:path";
import type pg from "pg";

export type ReferenceProcess = { readonly url: string; readonly stop: () => Promise<void> };

/** Starts it on a database; its tables are made anew. */
export async function startReference(connection: pg.PoolConfig): Promise<ReferenceProcess> {
  const child = fork(path.join(import.meta.dirname, "reference.ts"), { stdio: ["ignore", 2, 2, "ipc"], execArgv: ["--disable-warning=ExperimentalWarning"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.send(connection);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { url: string }).url));
    child.once("error", reject).once("exit", () => reject(new Error("The reference ended before it was ready.")));
  });
  return {
    url,
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
