/** What is answered to somebody who does not speak HTTP, or too slowly or too much: a problem like any other, then the connection is closed. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "../problems.ts";
import { problemJson } from "./errors.ts";

export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // Gone already, or in the middle of an answer that must not be mixed with another.
  if (error.code === "ECONNRESET" || !socket.writable || isAnswering(socket)) return void socket.destroy(error);
  const problem = problemOf(error.code);
  const body = JSON.stringify(problemJson(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    "content-type: application/problem+json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

/** Node keeps the answer under way on its socket, under this name since ever. */
function isAnswering(socket: Socket): boolean {
  return (socket as { readonly _httpMessage?: { readonly headersSent: boolean } | null })._httpMessage?.headersSent === true;
}

function problemOf(code: string | undefined): Problem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new Problem(408, "timeout", "The request did not arrive completely in time. Nothing of it was stored; send it again.");
  if (code === "HPE_HEADER_OVERFLOW") return new Problem(431, "too-large", "The headers are larger than 16 kB, the most this takes.");
  return new Problem(400, "bad-request", "This is not a request in HTTP/1.1.");
}
