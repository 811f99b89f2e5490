/**
 * A backup as a file: one compressed stream that says what it is, then table after table with its rows, their number and
 * their checksum, then an end mark. Rows are the text form of PostgreSQL's COPY, which every version reads; nothing is ever
 * held in memory but the piece under way.
 *
 * It is written under another name and renamed when it is complete, so a file under its own name is a whole one.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline as pipe, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { z } from "zod";

export class BackupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BackupError";
  }
}

const FORMAT = "baton-backup";
const FORMAT_VERSION = 1;

const headerSchema = z.object({
  format: z.literal(FORMAT),
  version: z.number(),
  baton: z.string(),
  createdAt: z.iso.datetime(),
  postgres: z.string(),
  /** What the database was migrated with, in order. */
  migrations: z.array(z.object({ version: z.number(), name: z.string(), checksum: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  partitions: z.array(z.object({ table: z.string(), name: z.string(), from: z.string(), to: z.string() })),
});

export type BackupHeader = Readonly<z.infer<typeof headerSchema>>;
export type BackupTable = { readonly name: string; readonly columns: readonly string[] };

const tableSchema = z.object({ table: z.string() });
const sumSchema = z.object({ rows: z.number(), sha256: z.string() });
const endSchema = z.object({ end: z.literal(true), header: z.string() });

/** Rows of a table as they come, and how many there were once they have come. */
export type TableRows = { readonly chunks: AsyncIterable<Buffer>; readonly count: () => number };

export type Written = { readonly bytes: number; readonly rows: number };

/** Writes a whole backup, or leaves nothing behind. The file is readable by its owner only. */
export async function writeBackup(file: string, header: Omit<BackupHeader, "format" | "version">, rowsOf: (table: BackupTable) => TableRows): Promise<Written> {
  const partial = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.partial`);
  const total = { rows: 0 };
  try {
    await rm(partial, { force: true });
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } });
    const target = createWriteStream(partial, { flags: "wx", mode: 0o600, flush: true });
    await pipeline(Readable.from(pieces(header, rowsOf, total)), compress, target);
    await rename(partial, file);
    await syncFolder(path.dirname(file));
    return { bytes: target.bytesWritten, rows: total.rows };
  } catch (error) {
    await rm(partial, { force: true });
    const { code } = error as { code?: string };
    if (code === "ENOSPC")
      throw new BackupError(`There is no room for the backup in ${path.dirname(file)}. Nothing was left behind; make room or name another folder.`, {
        cause: error,
      });
    if (code === "ENOENT" || code === "EACCES" || code === "EISDIR" || code === "ENOTDIR")
      throw new BackupError(`The backup cannot be written to ${file} (${code}). Name a file in a folder that exists and that Baton may write to.`, {
        cause: error,
      });
    throw error;
  }
}

async function* pieces(
  header: Omit<BackupHeader, "format" | "version">,
  rowsOf: (table: BackupTable) => TableRows,
  total: { rows: number },
): AsyncGenerator<Buffer> {
  const first = lineOf({ format: FORMAT, version: FORMAT_VERSION, ...header });
  yield first;
  for (const table of header.tables) {
    yield lineOf({ table: table.name });
    const hash = createHash("sha256");
    const rows = rowsOf(table);
    for await (const chunk of gathered(rows.chunks)) {
      hash.update(chunk);
      yield lengthOf(chunk.length);
      yield chunk;
    }
    yield lengthOf(0);
    yield lineOf({ rows: rows.count(), sha256: hash.digest("hex") });
    total.rows += rows.count();
  }
  yield lineOf({ end: true, header: createHash("sha256").update(first).digest("hex") });
}

const PIECE = 256 * 1024;

async function* gathered(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    size += chunk.length;
    if (size < PIECE) continue;
    yield Buffer.concat(kept);
    kept = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(kept);
}

function lineOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function lengthOf(bytes: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(bytes);
  return out;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().catch(() => {}); // some file systems cannot; the rename is then as durable as they make it
  await handle.close();
}

/** Only what the file says about itself. */
export async function readHeader(file: string): Promise<BackupHeader> {
  const reading = beginReading(file);
  try {
    return (await headerOf(reading.bytes, file)).header;
  } catch (error) {
    throw inWords(error, file);
  } finally {
    reading.close();
  }
}

/** Walks through a backup, checking every table. `visit` is handed each table's rows and answers how many it took, or null if it did not count. */
export async function readBackup(file: string, visit: (table: BackupTable, chunks: AsyncIterable<Buffer>) => Promise<number | null>): Promise<BackupHeader> {
  const reading = beginReading(file);
  try {
    const { header, sum } = await headerOf(reading.bytes, file);
    for (const table of header.tables) await readTable(reading.bytes, table, visit);
    const end = endSchema.parse(JSON.parse(await reading.bytes.line()));
    if (end.header !== sum) throw new BackupError("what it says about itself is not what was written");
    await reading.bytes.nothingMore();
    return header;
  } catch (error) {
    throw inWords(error, file);
  } finally {
    reading.close();
  }
}

/** A caller that only wants to know whether the file is whole. */
export async function verifyBackup(file: string): Promise<BackupHeader> {
  return readBackup(file, async (_, chunks) => {
    for await (const chunk of chunks) void chunk;
    return null;
  });
}

async function readTable(bytes: Bytes, table: BackupTable, visit: Parameters<typeof readBackup>[1]): Promise<void> {
  const { table: name } = tableSchema.parse(JSON.parse(await bytes.line()));
  if (name !== table.name) throw new BackupError(`table ${name} stands where ${table.name} was announced`);
  const hash = createHash("sha256");
  const took = await visit(table, framesOf(bytes, hash));
  const sum = sumSchema.parse(JSON.parse(await bytes.line()));
  const found = hash.digest("hex");
  if (found !== sum.sha256) throw new BackupError(`the rows of table ${name} have checksum ${found.slice(0, 16)}…, ${sum.sha256.slice(0, 16)}… was recorded`);
  if (took !== null && took !== sum.rows) throw new BackupError(`table ${name} has ${took} rows, ${sum.rows} were recorded`);
}

async function* framesOf(bytes: Bytes, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for (;;) {
    const length = (await bytes.exactly(4)).readUInt32BE();
    if (length === 0) return;
    const chunk = await bytes.exactly(length);
    hash.update(chunk);
    yield chunk;
  }
}

async function headerOf(bytes: Bytes, file: string): Promise<{ readonly header: BackupHeader; readonly sum: string }> {
  const line = await bytes.line();
  const parsed = headerSchema.safeParse(JSON.parse(line));
  if (!parsed.success) throw new BackupError("it does not begin as a backup of Baton does");
  if (parsed.data.version > FORMAT_VERSION) {
    throw new BackupError(
      `${file} was written by Baton ${parsed.data.baton} in format ${parsed.data.version}; this Baton reads up to ${FORMAT_VERSION}. Restore it with Baton ${parsed.data.baton} or newer.`,
    );
  }
  return { header: parsed.data, sum: createHash("sha256").update(`${line}\n`).digest("hex") };
}

type Bytes = { line(): Promise<string>; exactly(count: number): Promise<Buffer>; nothingMore(): Promise<void> };

const LONGEST_LINE = 4 * 1024 * 1024;

function beginReading(file: string): { readonly bytes: Bytes; readonly close: () => void } {
  let finish: (error: Error | null) => void;
  const finished = new Promise<Error | null>((resolve) => {
    finish = resolve;
  });
  const source = pipe(createReadStream(file), createZstdDecompress(), (error) => finish(error ?? null));
  return { bytes: bytesOf(source, finished), close: () => source.destroy() };
}

/** `finished` tells how unpacking ended: it may fail after everything has been given. */
function bytesOf(source: AsyncIterable<Buffer>, finished: Promise<Error | null>): Bytes {
  const incoming = source[Symbol.asyncIterator]();
  let kept: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await incoming.next();
    if (next.done === true) return false;
    kept = kept.length === 0 ? next.value : Buffer.concat([kept, next.value]);
    return true;
  };
  const taken = (count: number): Buffer => {
    const out = kept.subarray(0, count);
    kept = kept.subarray(count);
    return out;
  };
  return {
    async line() {
      for (let seen = 0; ;) {
        const end = kept.indexOf(10, seen);
        if (end >= 0) return taken(end + 1).toString("utf8", 0, end);
        seen = kept.length;
        if (seen > LONGEST_LINE || !(await more())) throw new BackupError("it ends in the middle");
      }
    },
    async exactly(count) {
      while (kept.length < count) if (!(await more())) throw new BackupError("it ends in the middle");
      return taken(count);
    },
    async nothingMore() {
      if (kept.length > 0 || (await more())) throw new BackupError("there is more after its end");
      const error = await finished;
      if (error !== null) throw error;
    },
  };
}

/** What went wrong while reading, said about the file. Errors of the visitor pass as they are. */
function inWords(error: unknown, file: string): unknown {
  const { code = "", message, name } = error as { code?: string; message: string; name: string };
  if (code === "ENOENT") return new BackupError(`There is no file ${file}.`, { cause: error });
  if (code === "EISDIR" || code === "EACCES") return new BackupError(`${file} cannot be read (${code}).`, { cause: error });
  const broken =
    error instanceof BackupError
      ? !message.includes(file)
      : code.startsWith("ZSTD_") || code === "ERR_STREAM_PREMATURE_CLOSE" || code === "Z_BUF_ERROR" || name === "SyntaxError" || name === "ZodError";
  if (!broken) return error;
  const why =
    error instanceof BackupError
      ? message
      : name === "SyntaxError" || name === "ZodError"
        ? "what it says is not what a backup says"
        : `it cannot be unpacked (${message})`;
  return new BackupError(`${file} is not a whole backup of Baton: ${why}. Nothing was restored; take another copy of the file or another backup.`, {
    cause: error,
  });
}
