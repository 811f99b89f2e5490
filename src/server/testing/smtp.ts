/** A real mail server on loopback that behaves as badly as a test wants, and keeps every message it was given whole. */
import type { AddressInfo, Socket } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

export type Sunk = { readonly messageId: string; readonly to: readonly string[]; readonly from: string; readonly raw: string; readonly mail: Email };

/** What the server does at a step; the default is to take the mail. */
export type Manners = {
  /** Answers MAIL FROM with this. */ readonly sender?: (address: string) => Reply;
  readonly recipient?: (address: string) => Reply;
  /** After the whole message was read, before the answer. `drop` closes the connection. */
  readonly message?: (sunk: Sunk) => Reply | "drop" | Promise<Reply | "drop">;
  /** Closes the connection in the middle of the message. */
  readonly dropMidway?: () => boolean;
};
export type Reply = null | { readonly code: number; readonly words: string };

export type Sink = { readonly url: string; readonly taken: Sunk[]; readonly seen: Sunk[]; manners: Manners; close(): Promise<void> };

export async function smtpSink(manners: Manners = {}): Promise<Sink> {
  const taken: Sunk[] = [];
  const seen: Sunk[] = [];
  const sink: { manners: Manners } = { manners };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    size: 30_000_000,
    logger: false,
    onMailFrom: ({ address }, _session, done) => done(errorOf(sink.manners.sender?.(address) ?? null)),
    onRcptTo: ({ address }, _session, done) => done(errorOf(sink.manners.recipient?.(address) ?? null)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      const drop = sink.manners.dropMidway?.() === true;
      stream.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (drop) socketOf(server, session)?.destroy();
      });
      stream.on("end", () => {
        void (async () => {
          if (drop) return;
          const raw = Buffer.concat(chunks).toString();
          const mail = await PostalMime.parse(raw);
          const { envelope } = session;
          const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
          const sunk: Sunk = { messageId: mail.messageId ?? "", to: envelope.rcptTo.map(({ address }) => address), from, raw, mail };
          seen.push(sunk);
          const reply = (await sink.manners.message?.(sunk)) ?? null;
          if (reply === "drop") return void socketOf(server, session)?.destroy();
          if (reply === null) taken.push(sunk);
          done(errorOf(reply));
        })();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    seen,
    get manners() {
      return sink.manners;
    },
    set manners(next) {
      sink.manners = next;
    },
    close: () => {
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function socketOf(server: SMTPServer, session: SMTPServerSession): Socket | undefined {
  const connections = (server as unknown as { readonly connections: Iterable<{ readonly id: string; readonly _socket: Socket }> }).connections;
  for (const connection of connections) if (connection.id === session.id) return connection._socket;
  return undefined;
}

function errorOf(reply: Reply): Error | null {
  return reply === null ? null : Object.assign(new Error(reply.words), { responseCode: reply.code });
}
