/** Use case of the operator: leads into a file on the machine of the house, which is replaced when the new one is whole. */
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Deps } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { exportLeads } from "./lead-export.service.ts";
import { readFilterText } from "./lead-filter.service.ts";

export type FileRequest = {
  /** An absolute path. */
  readonly out: string;
  readonly filter?: string | undefined;
  readonly sort?: string | undefined;
  /** Keys, separated by commas. */
  readonly columns?: string | undefined;
};

export type Exported = { readonly file: string; readonly rows: number; readonly bytes: number };

/** @throws Problem 422 when the file cannot be written, or filter, sort or columns are not as they should be */
export async function exportToFile(deps: Deps, { out, filter, sort, columns }: FileRequest, signal?: AbortSignal): Promise<Exported> {
  const part = `${out}.part`;
  // Asked before anything is read, and for its owner's eyes only.
  const handle = await open(part, "w", 0o600).catch((error: unknown) => {
    throw new Problem(422, "invalid", `The file ${out} cannot be written: ${(error as Error).message}.`);
  });
  await handle.close();
  try {
    const { content, rows } = await exportLeads(deps, { filter: readFilterText(filter), sort, columns: columnsOf(columns) });
    await pipeline(content, createWriteStream(part), signal === undefined ? {} : { signal });
    const { size } = await stat(part);
    await rename(part, out);
    return { file: out, rows: rows(), bytes: size };
  } catch (error) {
    await rm(part, { force: true });
    if ((error as Error).name === "AbortError") throw new Problem(503, "unavailable", "The export was stopped. Nothing was kept of it.");
    throw error;
  }
}

/** Keys as they are typed: separated by commas. */
export function columnsOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : text.split(",").map((key) => key.trim());
}
