/**
 * The operator's door, for the control socket alone: one route that runs a command and tells of it line by line, as
 * NDJSON: any number of `{"progress": …}`, then one `{"result": …}` or `{"problem": …}`.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { House } from "../../deps.ts";
import { problemOf } from "../../http/errors.ts";
import { notFound } from "../../problems.ts";
import { readOperatorRequest, runOperatorCommand } from "./operator.service.ts";

/**
 * Closing the app stops what runs long: an import is left where it stands and goes on at the next start.
 * @param isOperator whether a request came over the control socket; for all others there is no such address
 */
export function operatorRoutes(app: FastifyInstance, house: House, isOperator: (request: FastifyRequest["raw"]) => boolean): void {
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());
  app.post("/operator/run", (request, reply) => {
    if (!isOperator(request.raw)) throw notFound("address", "/operator/run");
    const command = readOperatorRequest(request.body);
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "application/x-ndjson" });
    reply.raw.on("error", () => {
      // The command was ended. What it had begun goes on; there is only nobody left to tell.
    });
    const tell = (line: object): void => void reply.raw.write(`${JSON.stringify(line)}\n`);
    void runOperatorCommand(house, command, { onProgress: (progress) => tell({ progress }), signal: closing.signal })
      .then((result) => tell({ result }))
      .catch((error: unknown) => tell({ problem: told(house, error) }))
      .finally(() => reply.raw.end());
  });
}

function told(house: House, error: unknown): object {
  if (error instanceof Error && error.name === "BackupError") return { status: 422, detail: error.message, errors: [] };
  const { status, message, errors, type } = problemOf(error);
  if (type === "internal") house.log.error({ err: error }, "operator command failed");
  return { status, detail: message, errors };
}
