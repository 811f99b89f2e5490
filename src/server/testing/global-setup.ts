import { closeRun, openRun } from "./test-cluster.ts";

/** Vitest's global setup: a folder for the run's database before, nothing left of it after. */
export function setup(): () => Promise<void> {
  const folder = openRun();
  return () => closeRun(folder);
}
