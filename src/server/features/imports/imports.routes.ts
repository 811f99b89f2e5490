/** Imports by wizard over HTTP. */
import * as contracts from "../../../contracts/imports.ts";
import type { House } from "../../deps.ts";
import { type Mounted, route } from "../../http/route.ts";
import { Problem } from "../../problems.ts";
import * as drafts from "./draft.service.ts";
import { importLeads, importRow, listImports, showImport } from "./import-view.service.ts";
import { previewImport } from "./preview.service.ts";
import { openRunner } from "./runner.service.ts";
import * as wizard from "./wizard.service.ts";

const SWEEP_MS = 3_600_000;
/** An upload from which nothing comes for so long is over. */
const SILENCE_MS = 30_000;

export function mountImports(mounted: Mounted, house: House): void {
  const runner = openRunner();
  const sweep = (): void => void drafts.sweepUploads(house).catch((error: unknown) => house.log.warn({ err: error }, "old uploads were not tidied up"));
  const sweeping = setInterval(sweep, SWEEP_MS);
  sweeping.unref();
  mounted.app.addHook("onListen", async () => sweep());
  mounted.app.addHook("preClose", async () => {
    clearInterval(sweeping);
    await runner.close();
  });
  void mounted.app.register(async (app) => {
    // Whatever it says it is, it is taken as it comes, and looked at by the handler.
    app.addContentTypeParser("*", (_request, source, done) => done(null, source));
    route({ ...mounted, app }, contracts.uploadImport, async (deps, { query, raw, idempotency }) => {
      const id = await wizard.upload(deps, bytesOf(raw), query.name ?? "upload.csv", idempotency);
      return { status: 201, body: await showImport(deps, runner, id), headers: { location: `/api/v1/imports/${id}` } };
    });
  });
  route(mounted, contracts.listImports, async (deps, { query }) => ({ status: 200, body: await listImports(deps, runner, query) }));
  route(mounted, contracts.getImport, async (deps, { params }) => ({ status: 200, body: await showImport(deps, runner, params.id) }));
  route(mounted, contracts.listImportLeads, async (deps, { params, query }) => ({ status: 200, body: await importLeads(deps, params.id, query) }));
  route(mounted, contracts.editImport, async (deps, { params, body }) => {
    await drafts.editDraft(deps, (await importRow(deps, params.id)).id, body);
    return { status: 200, body: await showImport(deps, runner, params.id) };
  });
  route(mounted, contracts.previewImport, async (deps, { params, body }) => {
    const row = await importRow(deps, params.id);
    if (row.state !== "draft") throw drafts.conflict(row.state, "tried");
    return { status: 200, body: await previewImport(deps, row, body?.rows ?? 200).catch(withoutFile) };
  });
  for (const [contract, act] of [
    [contracts.startImport, wizard.start],
    [contracts.pauseImport, wizard.pause],
    [contracts.resumeImport, wizard.resume],
    [contracts.cancelImport, wizard.cancel],
  ] as const)
    route(mounted, contract, async (deps, { params }) => {
      await act(deps, runner, params.id);
      return { status: 200, body: await showImport(deps, runner, params.id) };
    });
  route(mounted, contracts.getImportErrors, async (deps, { params }) => {
    const { name, content } = await wizard.errorFile(deps, params.id);
    return { status: 200, body: content, headers: headersOf(name) };
  });
}

function withoutFile(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return drafts.gone();
  throw error;
}

/** Saved, never shown: a browser must not take a cell for a page. */
function headersOf(name: string): Readonly<Record<string, string>> {
  return {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="errors.csv"; filename*=UTF-8''${encodeURIComponent(name)}`,
    "content-security-policy": "sandbox; default-src 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

/** The body as it comes in. @throws Problem when it is of a kind that holds no table, is packed, or stops coming */
async function* bytesOf(raw: Parameters<Parameters<typeof route>[2]>[1]["raw"]): AsyncGenerator<Buffer> {
  const type = (raw.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!(contracts.uploadImport.accepts ?? []).includes(type))
    throw new Problem(
      415,
      "unsupported-media-type",
      `Send the file itself as the body, with Content-Type: text/csv or application/octet-stream; this was ${type === "" ? "none" : type.slice(0, 100)}.`,
    );
  if ((raw.headers["content-encoding"] ?? "identity") !== "identity") throw new Problem(415, "unsupported-media-type", "Send the file uncompressed.");
  let silent = false;
  const silence = setTimeout(() => {
    silent = true;
    raw.destroy(new Error("silent"));
  }, SILENCE_MS);
  try {
    for await (const piece of raw as AsyncIterable<Buffer>) {
      silence.refresh();
      yield piece;
    }
  } catch {
    throw new Problem(silent ? 408 : 400, silent ? "timeout" : "bad-request", "The file ended before it was complete. Nothing of it was kept; send it again.");
  } finally {
    clearTimeout(silence);
  }
}
