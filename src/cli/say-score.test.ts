import { expect, test } from "vitest";
import { sayScore } from "./say-score.ts";

const NO_FIELDS = { facet: null, touches: 0, days: [], fields: [] };

test("a score is said as a sentence, its lines, its dates and what would raise it", () => {
  const said = sayScore({
    score: 27.5,
    asOf: "2026-03-01T12:00:00.000Z",
    sentence: "28 = 20 fit + 12 engagement − 4 idle",
    model: { name: "Starter", config: 3 },
    lines: [
      {
        section: "fit",
        label: "Job title decides",
        points: 20,
        before: 20,
        cap: null,
        idle: 0,
        next: null,
        expiresAt: null,
        behind: { ...NO_FIELDS, fields: [{ label: "Job title", value: "CEO" }] },
      },
      {
        section: "engagement",
        label: "Downloaded something",
        points: 7.5,
        before: 8.25,
        cap: 7.5,
        idle: 4.5,
        next: { at: "2026-03-02T00:00:00.000Z", points: 7.4 },
        expiresAt: "2026-05-01T00:00:00.000Z",
        behind: { facet: "download", touches: 2, days: [{ at: "2026-02-20T00:00:00.000Z" }], fields: [] },
      },
    ],
    below: [{ threshold: 25, at: "2026-03-20T00:00:00.000Z", stages: ["Marketing qualified"] }],
    heat: "warm",
    cools: [{ to: "cold", at: "2026-03-22T00:00:00.000Z" }],
    raise: [{ what: "if company were known", points: 10 }],
  });
  expect(said.split("\n")[0]).toBe("28 = 20 fit + 12 engagement − 4 idle");
  expect(said).toMatch(
    /Downloaded something +engagement +7\.50 +8\.25 \(cap 7\.5\) +-4\.50 +7\.40 on 2026-03-02, ends 2026-05-01 +2 × download, last 2026-02-20\n/,
  );
  expect(said).toMatch(/in all +27\.50\n/);
  expect(said).toContain("Falls below 25 (Marketing qualified) on 2026-03-20 (UTC) if nothing happens.\nTurns cold on 2026-03-22 (UTC)");
  expect(said).toContain("  +10 if company were known\n");
});
