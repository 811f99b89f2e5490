/**
 * Whose turn it is, known ahead. A pool's row says how many leads it has dealt; a batch that asks the row holds it until
 * COMMIT, and every other batch of the workspace stands behind it. So a process remembers what its last batch left, reserves
 * the next numbers in memory, and only before COMMIT moves the row on, if it still stands where the numbers began.
 *
 * Reservations form a chain: each is confirmed after the one before it was committed. One that fails takes those after it
 * along, and all of them ask the row the next time. Nothing but the row decides: a number that was guessed wrong never gets in.
 */
import type pg from "pg";
import { type Database, type Db, transact } from "../db/db.ts";
import { codeOf, conflict } from "../db/errors.ts";
import { confirmNumbers, type Deal, dealNumbers } from "./flow.queries.ts";

/** How the numbers of one transaction are dealt. */
export type Dealer = {
  /** Whether the next numbers come from memory, so that nobody waits for this batch. */
  knows(deals: readonly Deal[]): boolean;
  /** The first number of each pool's deal. @throws an error that the same work should be tried again */
  deal(db: Db, deals: readonly Deal[], at: Date): Promise<ReadonlyMap<string, number>>;
  /** Says that the transaction is about to take locks again. @throws an error that the same work should be tried again */
  locksAgain(): void;
};

/** `guess`: numbers may be reserved in memory. `ask`: the row is asked, and held until COMMIT. */
type Way = "guess" | "ask";

type Turn = { readonly deals: readonly (Deal & { readonly first: number })[]; readonly at: Date };

/** What a process remembers of a workspace's pools. `tail` settles when the last of the chain has ended, with whether it was kept. */
type Book = { readonly pools: Map<string, { readonly members: string; dealt: number }>; tail: Promise<boolean>; othersUntil: number };

/** So long another process's deals are expected after one was met; meanwhile the row is asked. */
const OTHERS_MS = 10_000;
/** Nobody waits longer in the chain: whoever is before may be waiting in the database for a lock that is held here. */
const PATIENCE_MS = 2000;

const books = new WeakMap<pg.Pool, Map<string, Book>>();

function bookOf(database: Database, workspaceId: string): Book {
  let ofHouse = books.get(database.pool);
  if (ofHouse === undefined) books.set(database.pool, (ofHouse = new Map<string, Book>()));
  let book = ofHouse.get(workspaceId);
  if (book === undefined) ofHouse.set(workspaceId, (book = { pools: new Map(), tail: Promise.resolve(true), othersUntil: 0 }));
  return book;
}

/** One transaction of the flow, with a dealer that is confirmed at its end. */
export async function transactDealing<D extends { readonly db: Db; readonly database: Database }, T>(
  deps: D,
  way: Way,
  work: (deps: D & { readonly dealer: Dealer }) => Promise<T>,
): Promise<T> {
  const dealing = begin(bookOf(deps.database, deps.db.workspaceId), way);
  let kept = false;
  try {
    const result = await transact(deps, async (deps) => {
      const result = await work({ ...deps, dealer: dealing.dealer });
      await dealing.confirm(deps.db);
      return result;
    });
    kept = true;
    return result;
  } catch (error) {
    throw dealing.isWrongGuess(error) ? conflict("Another process dealt from the same pool.") : error;
  } finally {
    dealing.end(kept);
  }
}

/** Asks the row and remembers nothing: for a run that is rolled back. */
export const ASKING: Dealer = { knows: () => false, deal: dealNumbers, locksAgain: () => {} };

type Dealing = {
  readonly dealer: Dealer;
  confirm(db: Db): Promise<void>;
  isWrongGuess(error: unknown): boolean;
  end(kept: boolean): void;
};

function begin(book: Book, way: Way): Dealing {
  if (way === "ask" || performance.now() < book.othersUntil) return asking(book);
  let before = book.tail;
  let mine: { readonly promise: Promise<boolean>; readonly resolve: (kept: boolean) => void } | null = null;
  const turns: Turn[] = [];
  const learnt: Deal[] = [];
  const firsts = new Map<string, number>();
  let confirming = false;

  const knows = (deals: readonly Deal[]): boolean => deals.every(({ pool, members }) => book.pools.get(pool)?.members === members);
  const join = (): void => {
    if (mine !== null) return;
    before = book.tail;
    mine = Promise.withResolvers<boolean>();
    book.tail = mine.promise;
  };
  const deal = async (db: Db, deals: readonly Deal[], at: Date): Promise<ReadonlyMap<string, number>> => {
    if (mine !== null && book.tail !== mine.promise) throw conflict("Others were dealt to in between.");
    while (mine === null && !knows(deals)) {
      const seen = book.tail;
      await inTime(seen);
      if (seen === book.tail) break;
    }
    const isKnown = knows(deals);
    join();
    if (!isKnown) {
      for (const { pool } of deals) book.pools.delete(pool);
      const asked = await dealNumbers(db, deals, at);
      for (const deal of deals) {
        learnt.push(deal);
        firsts.set(deal.pool, (asked.get(deal.pool) as number) + deal.count);
      }
      return asked;
    }
    const reserved = deals.map((deal) => {
      const pool = book.pools.get(deal.pool) as { dealt: number };
      const first = pool.dealt;
      pool.dealt += deal.count;
      return { ...deal, first };
    });
    turns.push({ deals: reserved, at });
    return new Map(reserved.map(({ pool, first }) => [pool, first]));
  };

  return {
    dealer: {
      knows,
      deal,
      locksAgain: () => {
        if (mine !== null) throw conflict("Nothing may be locked after a number was dealt ahead.");
      },
    },
    async confirm(db) {
      if (turns.length === 0) return;
      if (!(await inTime(before))) throw conflict("The numbers before were not kept.");
      confirming = true;
      for (const { deals, at } of turns) confirmNumbers(db, deals, at);
    },
    isWrongGuess(error) {
      if (!confirming || codeOf(error) !== WRONG_GUESS) return false;
      book.othersUntil = performance.now() + OTHERS_MS;
      return true;
    },
    end(kept) {
      if (mine === null) return;
      if (!kept) book.pools.clear();
      else for (const { pool, members } of learnt) book.pools.set(pool, { members, dealt: firsts.get(pool) as number });
      mine.resolve(kept);
    },
  };
}

/** The row is asked, and what was remembered is not true any more. */
function asking(book: Book): Dealing {
  let asked = false;
  const forget = (): void => {
    if (asked) book.pools.clear();
  };
  const deal: Dealer["deal"] = async (db, deals, at) => {
    await inTime(book.tail).catch(() => {});
    asked = true;
    forget();
    return dealNumbers(db, deals, at);
  };
  return { dealer: { knows: () => false, deal, locksAgain: () => {} }, confirm: async () => {}, isWrongGuess: () => false, end: forget };
}

/** `confirmNumbers` divides by zero when a row does not stand where it should; nothing else in the flow divides. */
const WRONG_GUESS = "22012";

async function inTime(kept: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(conflict("Whoever was dealt to before takes too long.")), PATIENCE_MS);
  });
  try {
    return await Promise.race([kept, late]);
  } finally {
    clearTimeout(timer);
  }
}
