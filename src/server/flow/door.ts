/** The one door as others see it: hand in what happened, and learn after COMMIT what became of it. */
import type { CompiledConfig } from "../../core/config/compile.ts";
import type { Db } from "../db/db.ts";
import type { Item, Outcome } from "./item.ts";

export type ManyOptions = {
  /** Written in the transaction of each batch, so that it holds exactly when the batch does. A batch is told again when it is repeated or taken apart. */
  readonly alongside?: ((db: Db, outcomes: readonly Outcome[], items: readonly Item[]) => void) | undefined;
};

/** The same door in one transaction that is rolled back in the end. */
export type DryRun = {
  submitMany(items: readonly Item[]): Promise<readonly Outcome[]>;
  end(): Promise<void>;
};

export type Door = {
  /** Joins the micro-batch of the workspace. Fails only when the database cannot be reached; then nothing was written. */
  submit(workspaceId: string, item: Item): Promise<Outcome>;
  /** Runs many items of one workspace as batches of their own, behind live work. */
  submitMany(workspaceId: string, items: readonly Item[], options?: ManyOptions): Promise<readonly Outcome[]>;
  /**
   * Stores touches to be processed soon, each request's items together. Answers, in their places, which of them name a lead
   * that does not exist; those were left out.
   */
  leave(workspaceId: string, items: readonly Item[]): Promise<readonly boolean[]>;
  /** Waits until all touches left so far have been processed. */
  drained(): Promise<void>;
  /** @param config stands in for the live configuration of its number: fields that the real run would publish first */
  dryRun(workspaceId: string, config?: CompiledConfig): Promise<DryRun>;
  /** Waits until everything handed in has been answered, and takes nothing more. */
  close(): Promise<void>;
};
