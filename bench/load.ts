/**
 * Load: so many connections, each sending its next request when the reply to the last has come.
 *
 * It shares the machine with what it measures, so it does as little as can be done: requests are bytes made beforehand, and
 * of a reply it reads the status and the length. Any status but 2xx is an error, and a run with errors is no measurement.
 */
import net from "node:net";
import { percentile } from "./figures.ts";

export type Load = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Sent in order; from the beginning again when `until` is a time. */
  readonly requests: readonly Buffer[];
  readonly connections: number;
  /** Every request once, or as many as go into a time. */
  readonly until: "all sent" | { readonly seconds: number };
};

/** Latencies in milliseconds. */
export type Loaded = {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
};

/** @throws Error when a reply was no 2xx, or a connection broke */
export async function load({ url, requests, connections, until }: Load): Promise<Loaded> {
  const { hostname, port } = new URL(url);
  if (hostname !== "127.0.0.1") throw new Error(`The load stays on this machine; ${url} is not on 127.0.0.1.`);
  const state: State = { next: 0, last: until === "all sent" ? requests.length : Number.POSITIVE_INFINITY, latencies: [] };
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(Number(port))));
  const began = performance.now();
  const timer = until === "all sent" ? undefined : setTimeout(() => (state.last = 0), until.seconds * 1000);
  try {
    await Promise.all(sockets.map((socket) => talk(socket, requests, state)));
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
  }
  const seconds = (performance.now() - began) / 1000;
  const sorted = Float64Array.from(state.latencies).sort();
  const at = (share: number): number => percentile(sorted, share);
  return { requests: sorted.length, seconds, perSecond: sorted.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export type RequestOptions = { readonly method: "GET" | "POST"; readonly path: string; readonly body?: unknown; readonly apiKey?: string | undefined };

/** A request as the bytes that go over the wire. */
export function requestOf({ method, path, body, apiKey }: RequestOptions): Buffer {
  const text = body === undefined ? "" : JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    ...(apiKey === undefined ? [] : [`authorization: Bearer ${apiKey}`]),
    ...(body === undefined ? [] : ["content-type: application/json", `content-length: ${Buffer.byteLength(text)}`]),
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`);
}

export type Reply = { readonly status: number; /** Bytes of head and body. */ readonly length: number };

/** The reply at the beginning of what was received; null while it is not whole. @throws Error when its length cannot be told */
export function replyOf(received: Buffer): Reply | null {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = received.toString("latin1", 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`A reply without content-length cannot be measured:\n${head}`);
  const whole = end + 4 + Number(length);
  return received.length < whole ? null : { status: Number(head.slice(9, 12)), length: whole };
}

type State = { next: number; last: number; readonly latencies: number[] };

function connect(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("error", reject).once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** One connection's conversation, until there is nothing more to send. */
function talk(socket: net.Socket, requests: readonly Buffer[], state: State): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer | null = null;
    let sent = 0;
    const send = (): void => {
      if (state.next >= state.last) return resolve();
      sent = performance.now();
      socket.write(requests[state.next++ % requests.length] as Buffer);
    };
    const onData = (chunk: Buffer): void => {
      received = received === null ? chunk : Buffer.concat([received, chunk]);
      const reply = replyOf(received);
      if (reply === null) return;
      if (reply.status < 200 || reply.status > 299 || reply.length !== received.length)
        throw new Error(`The load was answered:\n${received.toString("utf8", 0, 2000)}`);
      state.latencies.push(performance.now() - sent);
      received = null;
      send();
    };
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("A connection of the load was closed in the middle of a run.")));
    socket.on("data", (chunk: Buffer) => {
      try {
        onData(chunk);
      } catch (error) {
        state.last = 0;
        reject(error);
      }
    });
    send();
  });
}
