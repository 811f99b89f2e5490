/** How statements leave for the database: those of one turn of the event loop in one write, rows for several tables in one message. */
import pg from "pg";

export type Queryable = pg.Pool | pg.ClientBase;

const gathering = new WeakSet<Queryable>();

/** What is sent in one turn of the event loop goes out in one write: a statement is five messages, and each write a system call. */
export function gatherWrites(connection: Queryable): void {
  if (gathering.has(connection)) return;
  gathering.add(connection);
  const { stream } = (connection as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
  stream.cork();
  process.nextTick(() => {
    gathering.delete(connection);
    stream.uncork();
  });
}

type Copy = { readonly text: string; readonly lines: string };

/** Rows on their way to a connection: what one turn of the event loop copies goes out together, and before any statement that follows. */
const copies = new WeakMap<Queryable, { readonly rows: Copy[]; readonly send: () => void }>();

/** Answers when the rows are in; null when they go with others that were handed in before. */
export function copySoon(client: pg.ClientBase, copy: Copy): Promise<void> | null {
  const waiting = copies.get(client);
  if (waiting !== undefined) {
    waiting.rows.push(copy);
    return null;
  }
  return new Promise((resolve, reject) => {
    const rows = [copy];
    copies.set(client, { rows, send: () => copyIn(client, rows, (error) => (error ? reject(error) : resolve())) });
    process.nextTick(sendCopies, client);
  });
}

/** Sends what waits, before whatever is sent next. */
export function sendCopies(client: pg.ClientBase): void {
  const waiting = copies.get(client);
  if (waiting === undefined) return;
  copies.delete(client);
  gatherWrites(client);
  waiting.send();
}

/**
 * `COPY … FROM STDIN` into several tables in one go: the statements are one message, their rows and ends follow at once, and the
 * database says a single time that it is ready. So it can stand in a row of statements nobody waits for.
 */
function copyIn(client: pg.ClientBase, rows: readonly Copy[], callback: (error: Error | null) => void): void {
  const text = rows.map((row) => row.text).join(";");
  const query = new pg.Query({ text }, undefined as never, callback as never) as unknown as CopyQuery;
  query.submit = (connection) => {
    connection.query(text);
    for (const { lines } of rows) {
      connection.sendCopyFromChunk(Buffer.from(lines));
      connection.endCopyFrom();
    }
    return null;
  };
  query.handleCopyInResponse = () => {};
  client.query(query as never);
}

type CopyQuery = {
  submit(connection: { query(text: string): void; sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): null;
  handleCopyInResponse(): void;
};
