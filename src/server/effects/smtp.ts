/**
 * Handing a mail to the mail server, and what its answer means.
 *
 * A mail server has the message once it has answered its end. Between the moment we begin to send the message and that answer
 * nobody can know; whatever goes wrong there is `unknown`. Before it, nothing has left and the mail may be tried again.
 */
import type { Readable } from "node:stream";
import nodemailer, { type SendMailOptions } from "nodemailer";
import type { MailContent } from "../../core/mail/mail.ts";

export type HandedOver =
  | { readonly kind: "sent"; readonly answer: string }
  /** Refused for good. */
  | { readonly kind: "refused"; readonly answer: string }
  /** Not now. `unreachable`: it is the server's trouble, not this mail's. */
  | { readonly kind: "later"; readonly answer: string; readonly unreachable: boolean }
  | { readonly kind: "unknown"; readonly answer: string };

export type Letter = { readonly messageId: string; readonly content: MailContent; readonly html: string; readonly automatic: boolean };

export type Postman = { readonly handOver: (letter: Letter) => Promise<HandedOver>; readonly close: () => void };

export type SmtpLimits = { readonly connections: number; readonly connectMs: number; readonly silenceMs: number };

const LIMITS: SmtpLimits = { connections: 10, connectMs: 10_000, silenceMs: 60_000 };

export function createPostman(smtpUrl: string, limits: SmtpLimits = LIMITS): Postman {
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: limits.connections,
    maxMessages: 200,
    // Trying again is decided here alone.
    maxRequeues: 0,
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    socketTimeout: limits.silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof nodemailer.createTransport>[0]);
  const streams = new Map<string, Readable>();
  // The stream of a message is read from the moment the server has said that it takes it.
  transport.use("stream", (mail, done) => {
    const message = mail.message as unknown as { createReadStream: (options?: object) => Readable; messageId: () => string };
    const make = message.createReadStream.bind(message);
    message.createReadStream = (options) => {
      const stream = make(options);
      streams.set(message.messageId(), stream);
      return stream;
    };
    done();
  });
  return {
    async handOver(letter) {
      try {
        const sent: { readonly response?: string } = await transport.sendMail(messageOf(letter));
        return { kind: "sent", answer: words(sent.response ?? "taken") };
      } catch (error) {
        return meaningOf(error as SmtpError, streams.get(letter.messageId)?.readableDidRead === true);
      } finally {
        streams.delete(letter.messageId);
      }
    },
    close: () => transport.close(),
  };
}

/** Only texts and addresses: nothing here is read from a file or fetched. */
function messageOf({ messageId, content, html, automatic }: Letter): SendMailOptions {
  const { from, replyTo, to, subject, text, files } = content;
  const invitation = files.find(({ type }) => type.startsWith("text/calendar"));
  const others = files.filter((file) => file !== invitation);
  return {
    messageId,
    from: addressOf(from),
    ...(replyTo === null ? {} : { replyTo: addressOf(replyTo) }),
    to: addressOf(to),
    envelope: { from: from.address, to: [to.address] },
    subject,
    text,
    html,
    ...(automatic ? { headers: { "Auto-Submitted": "auto-generated" } } : {}),
    ...(invitation === undefined ? {} : { icalEvent: { method: "REQUEST", filename: invitation.name, content: invitation.content } }),
    attachments: others.map(({ name, type, content }) => ({ filename: name, contentType: type, content })),
  };
}

function addressOf({ name, address }: MailContent["to"]): { name: string; address: string } {
  return { name: name ?? "", address };
}

type SmtpError = Error & { readonly code?: string; readonly responseCode?: number; readonly command?: string; readonly response?: string };

function meaningOf(error: SmtpError, handed: boolean): HandedOver {
  const answer = words(error.response ?? error.message);
  const { code, responseCode } = error;
  const aboutThisMail = code === "EENVELOPE" || code === "EMESSAGE";
  if (handed && !(code === "EMESSAGE" && responseCode !== undefined))
    return { kind: "unknown", answer: `The connection ended before the mail server had answered: ${answer}` };
  if (!aboutThisMail) return { kind: "later", answer, unreachable: true };
  if (responseCode === undefined || responseCode >= 500) return { kind: "refused", answer };
  return { kind: "later", answer, unreachable: responseCode === 421 };
}

function words(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 500);
}
