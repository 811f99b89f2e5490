/**
 * Tells every process what changed, after it was committed: at most one short message for a workspace every 100 ms, however
 * much happens, and never in the transaction of a batch.
 */
import type pg from "pg";
import { openChannel } from "../db/channel.ts";

export type Topic = "tasks" | "notifications" | "imports" | "config" | "held";

/** `ids` is "many" when there are more than fifty. `ended` are actors whose right to listen ended. */
export type Change = { readonly leads: readonly string[] | "many"; readonly topics: readonly Topic[]; readonly ended: readonly string[] };

export type Live = {
  /** Leads that changed or are new; null: too many to name. */
  leads(workspaceId: string, ids: readonly string[] | null): void;
  topic(workspaceId: string, topic: Topic): void;
  /** The session or key of this actor (`user:…`, `key:…`) ended or may do something else now: its streams end and come back. */
  ended(workspaceId: string, actor: string): void;
  /** Null: something may have been missed. @returns what ends it */
  listen(workspaceId: string, hear: (change: Change | null) => void): () => void;
  close(): Promise<void>;
};

const EVERY_MS = 100;
const MOST_IDS = 50;
const MOST_ENDED = 50;

type Gathered = { leads: Set<string> | "many"; readonly topics: Set<Topic>; readonly ended: Set<string> };
type Room = { gathered: Gathered | null; sentAt: number; sending: boolean };

export function openLive(config: pg.PoolConfig): Live {
  const channel = openChannel(config);
  const rooms = new Map<string, Room>();

  const gather = (workspaceId: string): Gathered => {
    let room = rooms.get(workspaceId);
    if (room === undefined) {
      room = { gathered: null, sentAt: Number.NEGATIVE_INFINITY, sending: false };
      rooms.set(workspaceId, room);
    }
    if (room.gathered === null) {
      room.gathered = { leads: new Set(), topics: new Set(), ended: new Set() };
      if (!room.sending) schedule(workspaceId, room);
    }
    return room.gathered;
  };
  const schedule = (workspaceId: string, room: Room): void => {
    setTimeout(() => void send(workspaceId, room), Math.max(0, room.sentAt + EVERY_MS - performance.now())).unref();
  };
  const send = async (workspaceId: string, room: Room): Promise<void> => {
    const { gathered } = room;
    if (gathered === null) return;
    room.gathered = null;
    room.sending = true;
    room.sentAt = performance.now();
    await channel.notify(nameOf(workspaceId), payloadOf(gathered));
    room.sending = false;
    if (room.gathered !== null) schedule(workspaceId, room);
    else if (rooms.size > 1000) rooms.delete(workspaceId);
  };

  return {
    leads(workspaceId, ids) {
      if (ids !== null && ids.length === 0) return;
      const gathered = gather(workspaceId);
      gathered.topics.add("tasks");
      if (gathered.leads === "many") return;
      if (ids === null || ids.length > MOST_IDS) gathered.leads = "many";
      else {
        for (const id of ids) gathered.leads.add(id);
        if (gathered.leads.size > MOST_IDS) gathered.leads = "many";
      }
    },
    topic: (workspaceId, topic) => void gather(workspaceId).topics.add(topic),
    ended(workspaceId, actor) {
      const { ended } = gather(workspaceId);
      ended.add(ended.size < MOST_ENDED ? actor : "*");
    },
    listen: (workspaceId, hear) => channel.listen(nameOf(workspaceId), (payload) => hear(payload === null ? null : changeOf(payload))),
    close: () => channel.close(),
  };
}

function nameOf(workspaceId: string): string {
  return `baton_${workspaceId.replaceAll("-", "")}`;
}

function payloadOf({ leads, topics, ended }: Gathered): string {
  return JSON.stringify({ leads: leads === "many" ? "many" : [...leads], topics: [...topics], ended: [...ended] });
}

/** Null when it is none of ours: then it is safest to ask again for everything. */
function changeOf(payload: string): Change | null {
  try {
    const { leads, topics, ended } = JSON.parse(payload) as Change;
    return { leads, topics, ended };
  } catch {
    return null;
  }
}
