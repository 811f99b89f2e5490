/**
 * The control socket: how the `baton` command on this machine talks to the running server. Whoever can open the file (mode
 * 0600) is the operator and needs no key; it serves the API, and beside it the operator's own commands, which the port does
 * not have.
 */
import { chmodSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import Fastify from "fastify";
import { type App } from "./app.ts";
import type { House } from "./deps.ts";
import { operatorRoutes } from "./features/operator/operator.routes.ts";
import { answerError } from "./http/errors.ts";
import { acceptJsonOnly } from "./http/json-body.ts";
import { controlSocketPath } from "./store/control-socket-path.ts";

export type ControlSocket = { readonly path: string; close(): Promise<void> };

/** Null when another server that shares the data folder answers there already. */
export async function openControlSocket(app: App, house: House): Promise<ControlSocket | null> {
  const path = controlSocketPath(house.dataDir);
  if (await answers(path)) return null;
  rmSync(path, { force: true });
  const commands = Fastify({ exposeHeadRoutes: false });
  acceptJsonOnly(commands);
  commands.setErrorHandler((error, request, reply) => answerError(house.log, error, request, reply));
  operatorRoutes(commands, house, () => true);
  await commands.ready();
  const server = http.createServer((request, response) => {
    app.operators.add(request);
    if (request.url?.startsWith("/operator/") === true) commands.routing(request, response);
    else app.fastify.routing(request, response);
  });
  await listenPrivately(server, path);
  return {
    path,
    close: async () => {
      // First, so that a long command ends and lets its connection go.
      await commands.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

/** The file must never be open to others, not even between its making and a chmod. */
async function listenPrivately(server: http.Server, path: string): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const mask = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(mask);
  }
  await listening;
  chmodSync(path, 0o600);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
}
