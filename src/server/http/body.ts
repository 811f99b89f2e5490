/**
 * Reading a request's body: bytes to JSON, refusing what PostgreSQL cannot store or a parser should not be asked.
 *
 * NUL and lone surrogates can only come as escapes (raw ones are not JSON, or not UTF-8), so the text is looked at first
 * and values are walked only when an escape, a `__proto__` or deep nesting is possible. Most bodies are never walked.
 */
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { ProblemError } from "../problems.ts";
import { invalid, Problem } from "../problems.ts";

/** How deep a body may nest. */
export const MAX_DEPTH = 32;

/** A body over its limit is read to its end and thrown away, so that the sender is still there to hear of it; up to here. */
const DISCARDED = 32 << 20;
/** How long a body may take to arrive. */
const BODY_MS = 60_000;
/** How long the answer has to reach a sender who was cut off. */
const LAST_WORD_MS = 1000;

/** Reads at most `limit` bytes. @throws Problem 413 */
export function readBytes(source: IncomingMessage, limit: number, done: (error: Error | null, bytes: Buffer | null) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size > DISCARDED) {
      // Read no further, or a sender who does not listen goes on for ever; the answer still gets out before the end.
      source.pause();
      setTimeout(() => source.socket.destroySoon(), LAST_WORD_MS).unref();
      finish(tooLarge(limit), null);
    }
  };
  const onEnd = (): void =>
    size > limit ? finish(tooLarge(limit), null) : finish(null, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
  const onError = (): void => finish(new Problem(400, "bad-request", "The body ended before it was complete."), null);
  const slow = setTimeout(() => {
    source.pause();
    setTimeout(() => source.socket.destroySoon(), LAST_WORD_MS).unref();
    finish(new Problem(408, "timeout", "The request did not arrive completely in time. Nothing of it was stored; send it again."), null);
  }, BODY_MS);
  slow.unref();
  const finish = (error: Error | null, bytes: Buffer | null): void => {
    clearTimeout(slow);
    source.off("data", onData).off("end", onEnd).off("error", onError);
    done(error, bytes);
  };
  source.on("data", onData).on("end", onEnd).on("error", onError);
}

function tooLarge(limit: number): Problem {
  return new Problem(413, "too-large", `The body is larger than ${limit >> 20} MB, the most this takes. Send less at a time.`);
}

/** The value, or undefined when there are no bytes. @throws Problem 400, 422 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new Problem(400, "not-json", "The body is not UTF-8, which JSON must be.");
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(400, "not-json", `The body is not JSON: ${(error as Error).message}`);
  }
  if (SUSPICIOUS.test(text) || mayBeDeep(text)) {
    const problem = problemIn(value, "", 1);
    if (problem !== null) throw invalid("The body holds something that cannot be stored. Nothing was written.", [problem]);
  }
  return value;
}

/** An escape below U+0100 may spell NUL or `__proto__`; one from U+D800 on may be half a pair. */
const SUSPICIOUS = /\\u(?:00|d[89a-f])|__proto__/i;

/** Whether there are enough brackets to nest too deep. */
function mayBeDeep(text: string): boolean {
  let count = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) if (++count > MAX_DEPTH) return true;
  }
  return false;
}

/** The first thing wrong with a value, with its place. */
export function problemIn(value: unknown, path: string, depth: number): ProblemError | null {
  if (typeof value === "string") return wrongText(value, path);
  if (typeof value !== "object" || value === null) return null;
  if (depth > MAX_DEPTH) return { path: shortened(path), message: `is nested deeper than ${MAX_DEPTH} levels` };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = problemIn(value[i], `${path}[${i}]`, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    const place = path === "" ? key : `${path}.${key}`;
    if (key === "__proto__") return { path: place, message: "is not a name a value can have" };
    const problem = wrongText(key, path) ?? problemIn((value as Record<string, unknown>)[key], place, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function wrongText(text: string, path: string): ProblemError | null {
  if (text.includes("\u0000")) return { path: shortened(path), message: "contains the character NUL, which text cannot hold" };
  return text.isWellFormed() ? null : { path: shortened(path), message: "contains half of a surrogate pair, which is no character" };
}

function shortened(path: string): string {
  const clean = path.toWellFormed().replaceAll("\u0000", "\uFFFD");
  return clean.length <= 200 ? clean : `${clean.slice(0, 200)}…`;
}
