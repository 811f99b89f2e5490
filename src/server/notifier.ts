/** Tells people what happened, every second; looks at the clock every fifteen, and for digests every minute. */
import type { House } from "./deps.ts";
import { writeDigests } from "./features/notifications/digest.service.ts";
import { tellNotices, tellOfTime } from "./features/notifications/tell.service.ts";

export type Notifier = { stop(): Promise<void> };

const ROUND_MS = 1000;
const CLOCK_ROUNDS = 15;
const DIGEST_ROUNDS = 60;

export function startNotifier(house: House): Notifier {
  let stopped = false;
  let rounds = 0;
  let running: Promise<void> = Promise.resolve();
  let next: NodeJS.Timeout;
  const round = (): void => {
    running = work(house, rounds++)
      .catch((error: unknown) => house.log.warn({ err: error }, "people could not be told of something; it is tried again"))
      .then(() => {
        if (!stopped) next = setTimeout(round, ROUND_MS).unref();
      });
  };
  next = setTimeout(round, 0);
  return {
    async stop() {
      stopped = true;
      clearTimeout(next);
      await running;
    },
  };
}

async function work(house: House, round: number): Promise<void> {
  await tellNotices(house);
  if (round % CLOCK_ROUNDS === 0) await tellOfTime(house);
  if (round % DIGEST_ROUNDS === 0) await writeDigests(house);
}
