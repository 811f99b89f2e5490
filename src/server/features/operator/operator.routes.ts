/**
 * The operator's door, for the control socket alone: one route that runs a command and tells of it line by line, as
 * NDJSON: any number of `{"progress": …}`, then one `{"result": …}` or `{"problem": …}`.
 */
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { House } from "../../deps.ts";
import { problemOf } from "../../http/errors.ts";
import { notFound } from "../../problems.ts";
import { readOperatorRequest, runOperatorCommand } from "./operator.service.ts";

/** @param isOperator whether a request came over the control socket; for all others there is no such address */
export function operatorRoutes(app: FastifyInstance, house: House, isOperator: (request: IncomingMessage) => boolean): void {
  app.post("/operator/run", (request, reply) => {
    if (!isOperator(request.raw)) throw notFound("address", "/operator/run");
    const command = readOperatorRequest(request.body);
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "application/x-ndjson" });
    const tell = (line: object): void => void reply.raw.write(`${JSON.stringify(line)}\n`);
    void runOperatorCommand(house, command, (progress) => tell({ progress }))
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
