/**
 * Metrics for Prometheus. Requests are counted in plain arrays and turned into a histogram only when somebody asks: a
 * labelled observation costs more than the rest of a request's bookkeeping.
 */
import { collectDefaultMetrics, Registry } from "prom-client";

export type Counter = (status: number, ms: number) => void;

export type Metrics = {
  /** Counts answers of one route: status and milliseconds. */
  counterOf(method: string, route: string): Counter;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
};

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

type Series = { readonly method: string; readonly route: string; readonly status: number; readonly buckets: number[]; sum: number; count: number };

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "baton_" });
  const series: Series[] = [];
  const counters = new Map<string, Counter>();
  return {
    counterOf(method, route) {
      const known = counters.get(`${method} ${route}`);
      if (known !== undefined) return known;
      const byStatus = new Map<number, Series>();
      const counter: Counter = (status, ms) => {
        let one = byStatus.get(status);
        if (one === undefined) {
          one = { method, route, status, buckets: SECONDS.map(() => 0), sum: 0, count: 0 };
          byStatus.set(status, one);
          series.push(one);
        }
        const seconds = ms / 1000;
        one.count++;
        one.sum += seconds;
        const bucket = SECONDS.findIndex((bound) => seconds <= bound);
        if (bucket >= 0) one.buckets[bucket] = (one.buckets[bucket] as number) + 1;
      };
      counters.set(`${method} ${route}`, counter);
      return counter;
    },
    text: async () => `${await registry.metrics()}\n${series.length === 0 ? "" : histogram(series)}`,
  };
}

const NAME = "baton_http_request_seconds";

function histogram(series: readonly Series[]): string {
  const lines = [`# HELP ${NAME} Seconds from the first byte of a handler's work to its answer.`, `# TYPE ${NAME} histogram`];
  for (const { method, route, status, buckets, sum, count } of series) {
    const labels = `method="${method}",route="${route}",status="${status}"`;
    let below = 0;
    SECONDS.forEach((bound, i) => lines.push(`${NAME}_bucket{${labels},le="${bound}"} ${(below += buckets[i] as number)}`));
    lines.push(`${NAME}_bucket{${labels},le="+Inf"} ${count}`, `${NAME}_sum{${labels}} ${sum}`, `${NAME}_count{${labels}} ${count}`);
  }
  return `${lines.join("\n")}\n`;
}
