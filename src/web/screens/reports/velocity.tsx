/** How long leads take: days in each stage, from stage to stage, and the whole cycle; the bottleneck by name. */
import type { Out } from "../../api/call.ts";
import { formatNumber } from "../../format/format.ts";
import { stageTone, useStages } from "../../parts/lead-parts.tsx";
import table from "../../parts/table.module.css";
import { uptoCustomer, useLabels } from "./funnel.tsx";
import { Bar, Count, Figure, FEW } from "./report-parts.tsx";
import css from "./reports.module.css";
import type { Behind } from "./reports-search.ts";

type Velocity = Out<"reportVelocity">;
type Span = Velocity["cycle"];
type Line = Span & { readonly id: string; readonly label: string; readonly behind: Behind; readonly tone: string };

export function VelocityFigure({ velocity, asTable, asOf }: { readonly velocity: Velocity; readonly asTable: boolean; readonly asOf: string }) {
  const all = useStages();
  const label = useLabels();
  const main = uptoCustomer(all.filter(({ line }) => line === "main").map(({ id }) => id)).slice(0, -1);
  const exits = velocity.stages.filter(({ stage, count }) => !main.includes(stage) && count > 0);
  const inStage = [...velocity.stages.filter(({ stage }) => main.includes(stage)), ...exits].map(({ stage, ...span }): Line => ({
    ...span,
    id: stage,
    label: label(stage),
    behind: { of: "stays", stage },
    tone: stageTone(all, stage),
  }));
  const won = velocity.ways.at(-1)?.end ?? "customer";
  const ways = [
    ...velocity.ways.map(({ start, end, ...span }): Line => ({
      ...span,
      id: `${start} ${end}`,
      label: `${label(start)} to ${label(end)}`,
      behind: { of: "way", start, end },
      tone: "var(--s4)",
    })),
    { ...velocity.cycle, id: "cycle", label: `${label("mql")} to won`, behind: { of: "way", start: "mql", end: won }, tone: "var(--won)" } satisfies Line,
  ];
  const slow = inStage
    .filter(({ id, count, medianDays }) => main.includes(id) && count > 0 && medianDays !== null)
    .toSorted((a, b) => (b.medianDays ?? 0) - (a.medianDays ?? 0))[0];
  const { cycle } = velocity;
  return (
    <Figure
      id="velocity"
      title="Where do leads wait?"
      answer={
        slow === undefined ? (
          "No lead has left a stage in this time yet."
        ) : (
          <>
            Longest in <b>{slow.label}</b>: half of the stays last more than {days(slow.medianDays)}, one in ten more than {days(slow.p90Days)}.
            {cycle.medianDays !== null && cycle.count > 0 && ` From MQL to won it takes ${days(cycle.medianDays)}.`}
            {slow.count < FEW && ` These are only ${formatNumber(slow.count)} stays; take it as a hint.`}
          </>
        )
      }
      definition="Days are elapsed time. A stay lasts from entering a stage to entering the next one, whichever that is; stays that have not ended are left out. Ways run from the first entry of one stage to the first entry of the other. Bold bar: median; thin bar: nine of ten."
      asOf={asOf}
    >
      <div className={css.two}>
        <Spans title="In each stage" unit="stays" lines={inStage} slow={slow?.id} asTable={asTable} />
        <Spans title="From stage to stage" unit="leads" lines={ways} asTable={asTable} />
      </div>
    </Figure>
  );
}

function Spans({
  title,
  unit,
  lines,
  slow,
  asTable,
}: {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly slow?: string | undefined;
  readonly asTable: boolean;
}) {
  const longest = Math.max(0.01, ...lines.map(({ p90Days, medianDays }) => Math.max(p90Days ?? 0, medianDays ?? 0)));
  return (
    <div className={css.wide} role="region" aria-label={title} tabIndex={0}>
      <table className={table.plain}>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            {!asTable && (
              <th scope="col" className={css.barHead}>
                <span className="out">Picture</span>
              </th>
            )}
            <th scope="col" className={table.right}>
              Median
            </th>
            <th scope="col" className={table.right}>
              9 of 10
            </th>
            <th scope="col" className={table.right}>
              {unit.charAt(0).toUpperCase() + unit.slice(1)}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, label, behind, tone, medianDays, p90Days, count }) => (
            <tr key={id} data-few={count > 0 && count < FEW ? "" : undefined} title={count > 0 && count < FEW ? `Only ${count} ${unit}` : undefined}>
              <th scope="row">
                {label}
                {id === slow && <span className={css.slow}> slowest</span>}
              </th>
              {!asTable && (
                <td>
                  <Bar share={(medianDays ?? 0) / longest} upTo={(p90Days ?? 0) / longest} tone={tone} />
                </td>
              )}
              <td className={table.right}>
                <Count behind={behind} count={count} label={`${label}, median ${days(medianDays)}, ${unit}`}>
                  {days(medianDays)}
                </Count>
              </td>
              <td className={table.right}>
                <Count behind={behind} count={count} label={`${label}, nine of ten within ${days(p90Days)}, ${unit}`}>
                  {days(p90Days)}
                </Count>
              </td>
              <td className={table.right}>
                <Count behind={behind} count={count} label={`${label}, ${unit}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** "3.4 d", "5 h". */
export function days(value: number | null): string {
  if (value === null) return "—";
  if (Math.abs(value) < 1) {
    const hours = value * 24;
    return Math.abs(hours) < 1 ? `${formatNumber(Math.round(hours * 60))} min` : `${formatNumber(Math.round(hours))} h`;
  }
  return `${formatNumber(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))} d`;
}
