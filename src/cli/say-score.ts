/** A score's ledger as text: the sentence, its lines by section, when it falls, and what would raise it. */
import { table } from "./table.ts";

type Line = {
  readonly section: string;
  readonly label: string;
  readonly points: number;
  readonly before: number;
  readonly cap: number | null;
  readonly idle: number;
  readonly next: { readonly at: string; readonly points: number } | null;
  readonly expiresAt: string | null;
  readonly behind: {
    readonly facet: string | null;
    readonly touches: number;
    readonly days: readonly { readonly at: string }[];
    readonly fields: readonly { readonly label: string; readonly value: string | null }[];
  };
};

export type Ledger = {
  readonly sentence: string;
  readonly score: number;
  readonly asOf: string;
  readonly model: { readonly name: string; readonly config: number };
  readonly lines: readonly Line[];
  readonly below: readonly { readonly threshold: number; readonly at: string; readonly stages: readonly string[] }[];
  readonly heat: string;
  readonly cools: readonly { readonly to: string; readonly at: string }[];
  readonly raise: readonly { readonly what: string; readonly points: number }[];
};

export function sayScore(ledger: Ledger): string {
  const { sentence, score, asOf, model, lines, below, heat, cools, raise } = ledger;
  const rows = [...lines]
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((line) => [line.label, line.section, line.points.toFixed(2), beforeOf(line), lostOf(line), changeOf(line), behindOf(line)]);
  const falls = [
    ...below.map(
      ({ threshold, at, stages }) => `Falls below ${threshold}${stages.length === 0 ? "" : ` (${stages.join(", ")})`} on ${day(at)} (UTC) if nothing happens.`,
    ),
    ...cools.map(({ to, at }) => `Turns ${to} on ${day(at)} (UTC) if nothing happens.`),
  ];
  return [
    sentence,
    "",
    table(
      ["rule", "section", "points", "before cap", "lost to time", "changes", "behind it"],
      [...rows, ["in all", "", score.toFixed(2), "", "", "", ""]],
      [0, 1, 6],
    ),
    "",
    ...falls,
    ...(raise.length === 0 ? [] : ["What would raise it most:", ...raise.map(({ what, points }) => `  +${trimmed(points)} ${what}`)]),
    `As of ${asOf}, model “${model.name}”, configuration ${model.config}; ${heat}.`,
  ].join("\n");
}

const SECTIONS = ["fit", "engagement", "bant", "quality", "freshness", "total"];

/** Bounds stand behind what they bound. */
function placeOf({ section }: Line): number {
  return SECTIONS.indexOf(section);
}

function beforeOf({ before, cap, points }: Line): string {
  return cap !== null && before !== points ? `${before.toFixed(2)} (cap ${trimmed(cap)})` : "";
}

function lostOf({ idle }: Line): string {
  return idle === 0 ? "" : (-idle).toFixed(2);
}

function changeOf({ next, expiresAt }: Line): string {
  if (next === null) return "";
  if (expiresAt === next.at) return `ends ${day(next.at)}`;
  return `${next.points.toFixed(2)} on ${day(next.at)}${expiresAt === null ? "" : `, ends ${day(expiresAt)}`}`;
}

function behindOf({ behind: { facet, touches, days, fields } }: Line): string {
  if (facet !== null) return `${touches} × ${facet}${days[0] === undefined ? "" : `, last ${day(days[0].at)}`}`;
  if (fields.length > 3) {
    const lacking = fields.filter(({ value }) => value === null).map(({ label }) => label);
    return `${fields.length - lacking.length} of ${fields.length} known${lacking.length === 0 ? "" : `, not ${lacking.join(", ")}`}`;
  }
  return fields.map(({ label, value }) => `${label}: ${value === null ? "–" : value.length > 40 ? `${value.slice(0, 39)}…` : value}`).join(", ");
}

function day(at: string): string {
  return at.slice(0, 10);
}

function trimmed(points: number): string {
  return points.toFixed(2).replace(/\.?0+$/, "");
}
