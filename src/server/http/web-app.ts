/**
 * The built web app over HTTP: every file from memory, compressed when it was built; hashed files for ever, the page itself
 * never without asking. Any address that is no file and no operation is a screen, so it gets the page.
 */
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";

type File = {
  readonly body: Buffer;
  readonly brotli: Buffer | null;
  readonly gzip: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
};

export type WebApp = {
  /** Answers when the request is for a file or a screen of the web app; false leaves it to others. */
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => boolean;
  /** The page itself. */
  readonly page: () => { readonly html: string; readonly headers: Readonly<Record<string, string>> };
};

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Nothing inline and nothing from elsewhere. Pictures may be data (QR codes). */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cache-control": "no-cache",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "x-frame-options": "DENY",
} as const;

/** What is in the folder, read at once; read again when it was built anew. Null when nothing was built there. */
export function openWebApp(folder: string): WebApp | null {
  const indexFile = path.join(folder, "index.html");
  if (!existsSync(indexFile)) return null;
  let files = readFiles(folder);
  let builtAt = statSync(indexFile).mtimeMs;
  const fresh = (): void => {
    const now = statSync(indexFile, { throwIfNoEntry: false })?.mtimeMs;
    if (now === undefined || now === builtAt) return;
    files = readFiles(folder);
    builtAt = now;
  };
  const index = (): File => files.get("/index.html") as File;
  return {
    page: () => {
      fresh();
      return { html: index().body.toString("utf8"), headers: PAGE_HEADERS };
    },
    answer: (request, reply) => {
      if (request.method !== "GET" && request.method !== "HEAD") return false;
      const asked = request.url.replace(/[?#].*$/s, "");
      if (asked.startsWith("/api/")) return false;
      const file = files.get(asked);
      if (file !== undefined && asked !== "/index.html") {
        sendFile(request, reply, file);
        return true;
      }
      if (!isScreen(asked, request)) return false;
      fresh();
      sendFile(request, reply, index());
      return true;
    },
  };
}

/** A person's browser asking for an address, not a program for a file that is missing. */
function isScreen(asked: string, { headers }: FastifyRequest): boolean {
  return (headers.accept ?? "").includes("text/html") && !/\.[a-z0-9]+$/i.test(asked) && !asked.startsWith("/assets/");
}

function sendFile({ method, headers }: FastifyRequest, reply: FastifyReply, file: File): void {
  const accepted = headers["accept-encoding"] ?? "";
  const [encoding, body] =
    file.brotli !== null && /\bbr\b/.test(accepted)
      ? (["br", file.brotli] as const)
      : file.gzip !== null && /\bgzip\b/.test(accepted)
        ? (["gzip", file.gzip] as const)
        : ([null, file.body] as const);
  reply.headers({ ...file.headers, vary: "accept-encoding", ...(encoding === null ? {} : { "content-encoding": encoding }) });
  if (headers["if-none-match"] === file.headers["etag"]) return void reply.code(304).send();
  reply.header("content-length", body.length);
  reply.code(200).send(method === "HEAD" ? null : body);
}

function readFiles(folder: string): ReadonlyMap<string, File> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(path.join(folder, name)).isFile());
  const there = new Set(names);
  const read = (name: string): Buffer | null => (there.has(name) ? readFileSync(path.join(folder, name)) : null);
  const own = names.filter((name) => !/\.(?:br|gz)$/.test(name) && TYPES[path.extname(name)] !== undefined);
  return new Map(
    own.map((name) => {
      const body = readFileSync(path.join(folder, name));
      const url = `/${name.split(path.sep).join("/")}`;
      return [url, { body, brotli: read(`${name}.br`), gzip: read(`${name}.gz`), headers: headersOf(url, body) }];
    }),
  );
}

function headersOf(url: string, body: Buffer): Readonly<Record<string, string>> {
  const etag = `"${hash("sha256", body, "base64url").slice(0, 22)}"`;
  if (url === "/index.html") return { ...PAGE_HEADERS, etag };
  return {
    "content-type": TYPES[path.extname(url)] ?? "application/octet-stream",
    "cache-control": url.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    etag,
  };
}
