/**
 * Word between processes by LISTEN and NOTIFY, on one connection that carries nothing else: it is made when first needed,
 * made again when it breaks, and never part of a transaction that writes.
 */
import pg from "pg";

/** Null: the connection was lost for a while, and something may have been missed. */
export type Hear = (payload: string | null) => void;

export type Channel = {
  /** Sends, or gives up when the database is away: who listens hears null when it is back. */
  notify(topic: string, payload: string): Promise<void>;
  /** @returns what ends it */
  listen(topic: string, hear: Hear): () => void;
  close(): Promise<void>;
};

const AGAIN_MS = [100, 250, 500, 1000, 2000] as const;

/** Topics are of small letters, digits and _, because LISTEN takes no parameters. */
export function openChannel(config: pg.PoolConfig): Channel {
  const hearers = new Map<string, Set<Hear>>();
  let connecting: Promise<pg.Client> | null = null;
  let failures = 0;
  let closed = false;
  let retry: NodeJS.Timeout | null = null;

  const connect = (): Promise<pg.Client> => {
    connecting ??= open().catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  };

  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({ ...config, keepAlive: true, application_name: "baton live" });
    client.on("error", () => {});
    client.on("end", () => lost(client));
    client.on("notification", ({ channel, payload }) => hearers.get(channel)?.forEach((hear) => hear(payload ?? "")));
    await client.connect();
    for (const topic of hearers.keys()) await client.query(`listen "${checked(topic)}"`);
    if (failures > 0) for (const all of hearers.values()) for (const hear of all) hear(null);
    failures = 0;
    return client;
  };

  const lost = (_client: pg.Client): void => {
    connecting = null;
    if (closed || hearers.size === 0) return;
    failures++;
    again();
  };

  const again = (): void => {
    if (retry !== null || closed) return;
    retry = setTimeout(
      () => {
        retry = null;
        if (closed || hearers.size === 0) return;
        connect().catch(() => {
          failures++;
          again();
        });
      },
      AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)],
    );
    retry.unref();
  };

  const tell = (statement: string): void => {
    connect()
      .then((client) => client.query(statement))
      .catch(() => {
        failures++;
        again();
      });
  };

  return {
    async notify(topic, payload) {
      if (closed) return;
      try {
        const client = await connect();
        await client.query({ name: "notify", text: "select pg_notify($1, $2)", values: [checked(topic), payload] });
      } catch {
        // The database is away. Whoever listens is told so when it is back.
      }
    },
    listen(topic, hear) {
      const known = hearers.get(checked(topic));
      if (known === undefined) {
        hearers.set(topic, new Set([hear]));
        tell(`listen "${topic}"`);
      } else known.add(hear);
      return () => {
        const all = hearers.get(topic);
        if (all === undefined || !all.delete(hear) || all.size > 0) return;
        hearers.delete(topic);
        if (!closed) tell(`unlisten "${topic}"`);
      };
    },
    async close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      const client = await connecting?.catch(() => null);
      await client?.end().catch(() => {});
    },
  };
}

function checked(topic: string): string {
  if (!/^[a-z0-9_]{1,60}$/.test(topic)) throw new Error(`"${topic}" is no name of a channel.`);
  return topic;
}
