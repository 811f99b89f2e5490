/** Tells people what happened, every second; looks at the clock every fifteen, for digests every minute, and every quarter of an hour whether the day's health check is still to be made. */
import type { House } from "./deps.ts";
import { keepHealth } from "./features/health/health.service.ts";
import { writeDigests } from "./features/notifications/digest.service.ts";
import { tellNotices, tellOfTime } from "./features/notifications/tell.service.ts";

export type Notifier = { stop(): Promise<void> };

const ROUND_MS = 1000;
const CLOCK_ROUNDS = 15;
const DIGEST_ROUNDS = 60;
const HEALTH_ROUNDS = 900;
/** Not at once: a house that has just started has better things to do. */
const FIRST_HEALTH_ROUND = 60;

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
  if (round % HEALTH_ROUNDS === FIRST_HEALTH_ROUND) await keepHealth(house);
}
