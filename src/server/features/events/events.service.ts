/**
 * Live streams: each listener hears what changed in its workspace, as far as it may see it. A stream that falls behind is
 * ended rather than kept in memory; its browser comes back and asks again for what it shows.
 */
import { PassThrough } from "node:stream";
import type { Deps, House } from "../../deps.ts";
import type { Change } from "../../flow/live.ts";
import { Problem } from "../../problems.ts";

type Message =
  | { readonly type: "hello" | "resync" | "tasks" | "notifications" | "imports" | "config" | "held" }
  | { readonly type: "leads"; readonly ids: readonly string[] }
  | { readonly type: "leads"; readonly many: true };

/** Which of these leads the viewer may see; null: not to be told one by one. */
export type Sees = (deps: Deps, ids: readonly string[]) => Promise<readonly string[] | null>;

export type Streams = {
  /** @param again the browser was connected before and may have missed something. @throws Problem 503 when too many listen */
  open(deps: Deps, again: boolean): AsyncIterable<string>;
  count(): number;
  close(): void;
};

const MOST_STREAMS = 1000;
const HEARTBEAT_MS = 20_000;
/** However quietly a right ended, no stream outlives it by more than this. */
const LIFE_MS = 10 * 60_000;
/** What may wait in memory for a listener who reads slowly. */
const MOST_WAITING = 64 * 1024;

type Listener = { readonly deps: Deps; readonly out: PassThrough; readonly endsAt: number };

export function openStreams({ live }: Pick<House, "live">, sees: Sees): Streams {
  const rooms = new Map<string, { readonly listeners: Set<Listener>; readonly stop: () => void }>();
  let next = 0;
  let count = 0;
  let closed = false;

  const put = ({ out }: Listener, message: Message): void => {
    if (out.destroyed || out.writableEnded) return;
    if (out.writableLength > MOST_WAITING) return void out.end();
    out.write(`id: ${++next}\ndata: ${JSON.stringify(message)}\n\n`);
  };

  const hear = async (workspaceId: string, change: Change | null): Promise<void> => {
    const listeners = [...(rooms.get(workspaceId)?.listeners ?? [])];
    if (change === null) return listeners.forEach((listener) => put(listener, { type: "resync" }));
    for (const listener of listeners) {
      const { deps, out } = listener;
      if (change.ended.includes("*") || change.ended.includes(deps.actor)) {
        out.end();
        continue;
      }
      if (change.leads === "many") put(listener, { type: "leads", many: true });
      else if (change.leads.length > 0) {
        const seen = await sees(deps, change.leads).catch(() => null);
        if (seen === null) put(listener, { type: "leads", many: true });
        else if (seen.length > 0) put(listener, { type: "leads", ids: seen });
      }
      for (const type of change.topics) put(listener, { type });
    }
  };

  const add = (listener: Listener): void => {
    const { workspaceId } = listener.deps.db;
    let room = rooms.get(workspaceId);
    if (room === undefined) {
      room = { listeners: new Set(), stop: live.listen(workspaceId, (change) => void hear(workspaceId, change)) };
      rooms.set(workspaceId, room);
    }
    room.listeners.add(listener);
    count++;
    listener.out.once("close", () => remove(listener));
  };

  const remove = (listener: Listener): void => {
    const { workspaceId } = listener.deps.db;
    const room = rooms.get(workspaceId);
    if (room === undefined || !room.listeners.delete(listener)) return;
    count--;
    if (room.listeners.size > 0) return;
    rooms.delete(workspaceId);
    room.stop();
  };

  const beat = setInterval(() => {
    const now = performance.now();
    for (const { listeners } of rooms.values())
      for (const { out, endsAt } of listeners) {
        if (now > endsAt || out.writableLength > MOST_WAITING) out.end();
        else out.write(": here\n\n");
      }
  }, HEARTBEAT_MS);
  beat.unref();

  return {
    open(deps, again) {
      if (closed || count >= MOST_STREAMS)
        throw new Problem(503, "unavailable", "Too many listen already. Ask again in a minute, or ask for what you need without listening.", [], 60);
      const listener: Listener = { deps, out: new PassThrough({ highWaterMark: MOST_WAITING * 2 }), endsAt: performance.now() + LIFE_MS };
      // Asked to come back a second after an end; said at once, so that the browser knows it is connected.
      listener.out.write("retry: 1000\n\n");
      add(listener);
      put(listener, { type: again ? "resync" : "hello" });
      return listener.out;
    },
    count: () => count,
    close() {
      closed = true;
      clearInterval(beat);
      for (const { listeners } of [...rooms.values()]) for (const { out } of listeners) out.end();
    },
  };
}
