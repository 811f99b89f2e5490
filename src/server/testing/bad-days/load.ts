/**
 * Writers, and what they were promised. Each writer does one thing after the other and insists on it until it is settled, so
 * that in the end what must be stored is known exactly; what was acknowledged until some moment is known at every moment.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Call, type Caller, createCaller } from "./caller.ts";
import { createDice, type Dice } from "./random.ts";

/** What was acknowledged. */
export type Promised = {
  /** The lead each address belongs to. */
  readonly leads: Map<string, string>;
  /** Ids of touches, with the address they are of. */
  readonly touches: Map<string, string>;
  /** Tasks that were completed. */
  readonly tasks: Set<string>;
  /** Answers that contradict one another, in words. */
  readonly contradictions: string[];
};

export type Load = {
  readonly promised: Promised;
  readonly caller: Caller;
  /** Requests settled so far. */
  readonly settled: () => number;
  /** Lets every writer finish what it is at. */
  readonly stop: () => Promise<void>;
};

export type LoadOptions = {
  /** Where to send the next request: asked each time, by writer. */
  readonly url: (writer: number) => string;
  readonly apiKey: string;
  readonly writers: number;
  readonly seed: number;
  /** Writers wait so long between two things, at most. */
  readonly pauseMs?: number;
  /** In front of every address, so that two loads on one house have people of their own. */
  readonly name?: string;
};

/** People whom all writers know: the same person from many sides at once. */
const SHARED = 40;

export function startLoad({ url, apiKey, writers, seed, pauseMs = 0, name = "p" }: LoadOptions): Load {
  const promised: Promised = { leads: new Map(), touches: new Map(), tasks: new Set(), contradictions: [] };
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  let stopped = false;
  let settled = 0;
  let failure: unknown;
  const callers = Array.from({ length: writers }, (_, writer) => createCaller(() => url(writer), apiKey));
  const work = callers.map(async (caller, writer) => {
    const hand: Hand = { caller, promised, dice: createDice(seed * 1000 + writer), name, writer, mine: [], done: [] };
    for (let i = 0; !stopped; i++) {
      await oneThing(hand, i);
      settled++;
      if (pauseMs > 0) await sleep(hand.dice.pick(pauseMs));
    }
  });
  for (const one of work) one.catch((error: unknown) => (failure ??= error));
  const caller: Caller = { ...(callers[0] as Caller), statuses, wrong };
  const gather = (): void => {
    statuses.clear();
    wrong.length = 0;
    for (const one of callers) {
      for (const [status, count] of one.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
      wrong.push(...one.wrong);
    }
  };
  return {
    promised,
    get caller() {
      gather();
      return caller;
    },
    settled: () => settled,
    stop: async () => {
      stopped = true;
      await Promise.allSettled(work);
      if (failure !== undefined) throw failure;
    },
  };
}

type Hand = {
  readonly caller: Caller;
  readonly promised: Promised;
  readonly dice: Dice;
  readonly name: string;
  readonly writer: number;
  /** Addresses this writer made. */
  readonly mine: string[];
  /** Requests that were settled, to be sent again. */
  readonly done: { readonly call: Call; readonly lead: string }[];
};

async function oneThing(hand: Hand, i: number): Promise<void> {
  const roll = hand.dice.roll();
  if (roll < 0.45) return void (await capture(hand, `${hand.name}${hand.writer}-${i}@example.com`));
  if (roll < 0.55) return void (await capture(hand, `${hand.name}-shared-${hand.dice.pick(SHARED)}@example.com`));
  if (roll < 0.65) return again(hand);
  if (roll < 0.9) return touch(hand, i);
  return workOn(hand, `${hand.name}${hand.writer}-hot-${i}@example.com`);
}

async function capture(hand: Hand, email: string, more: object = {}): Promise<Answer> {
  const { caller, dice } = hand;
  const call: Call = { method: "POST", path: "/api/v1/leads", key: randomUUID(), body: { email, firstName: "A", source: `source ${dice.pick(3)}`, ...more } };
  const answer = await caller.insist(call);
  const lead = leadOf(hand, email, answer);
  hand.mine.push(email);
  if (hand.done.length < 200) hand.done.push({ call, lead });
  return answer;
}

/** A request that was settled long ago, or just now, once more. */
async function again(hand: Hand): Promise<void> {
  const { caller, done, dice, promised } = hand;
  const old = done[dice.pick(done.length)];
  if (old === undefined) return;
  const answer = await caller.insist(old.call);
  if (answer.body.lead?.id !== old.lead)
    promised.contradictions.push(`key ${old.call.key} was lead ${old.lead} and is now ${JSON.stringify(answer.body).slice(0, 200)}`);
  else if (!answer.replayed) promised.contradictions.push(`key ${old.call.key} was worked on a second time`);
}

async function touch({ caller, promised, dice, mine, name, writer }: Hand, i: number): Promise<void> {
  const known = mine[dice.pick(mine.length)];
  const email = known === undefined || dice.chance(0.2) ? `${name}-shared-${dice.pick(SHARED)}@example.com` : known;
  const ids = Array.from({ length: 1 + dice.pick(3) }, (_, n) => `${name}-${writer}-${i}-${n}`);
  const call: Call = {
    method: "POST",
    path: "/api/v1/touches",
    body: { touches: ids.map((id) => ({ id, kind: "pageView", email, props: { url: "/pricing" } })) },
  };
  // Touches are told apart by their ids, so half of the senders have no key and simply send again.
  const keyed = dice.chance(0.5);
  const times = dice.chance(0.2) ? 2 : 1;
  for (let n = 0; n < times; n++) {
    const answer = keyed ? await caller.insist(call) : await withoutKey(caller, call);
    if (answer.status !== 202 || answer.body.accepted !== ids.length)
      promised.contradictions.push(`touches were answered ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
  }
  for (const id of ids) promised.touches.set(id, email);
}

async function withoutKey(caller: Caller, call: Call): Promise<Answer> {
  const until = performance.now() + 90_000;
  for (;;) {
    const answer = await caller.send(call);
    if (answer !== null && answer.status < 500) return answer;
    if (performance.now() > until) throw new Error(`${call.path} was not settled within 90 s`);
    await sleep(50);
  }
}

/** A lead hot enough to be dealt to somebody, and its first next step done. */
async function workOn(hand: Hand, email: string): Promise<void> {
  const { caller, promised } = hand;
  const answer = await capture(hand, email, { jobTitle: "CEO", company: `Company ${hand.dice.pick(20)}`, touches: [{ kind: "contactRequest" }] });
  const id: unknown = answer.body.lead?.id;
  if (typeof id !== "string") return;
  const { body } = await caller.insist({ method: "GET", path: `/api/v1/leads/${id}/tasks` });
  const open = (body.items as readonly { readonly id: string; readonly key: string; readonly state: string }[]).find(({ key }) => key === "call");
  if (open === undefined) {
    promised.contradictions.push(`lead ${id} (${email}) was made hot and has no call to make`);
    return;
  }
  const done = await caller.insist({ method: "POST", path: `/api/v1/tasks/${open.id}/complete`, key: randomUUID(), body: { result: "done" } });
  if (done.status === 200) promised.tasks.add(open.id);
  else promised.contradictions.push(`task ${open.id} was answered ${done.status} ${JSON.stringify(done.body).slice(0, 200)}`);
}

function leadOf({ promised }: Hand, email: string, { status, body }: Answer): string {
  const id: unknown = body.lead?.id;
  if (typeof id !== "string") {
    promised.contradictions.push(`a capture of ${email} was answered ${status} ${JSON.stringify(body).slice(0, 200)}`);
    return "";
  }
  const known = promised.leads.get(email);
  if (known !== undefined && known !== id) promised.contradictions.push(`${email} was lead ${known} and is now ${id}`);
  promised.leads.set(email, id);
  return id;
}
