/** How far leads come: a bar for each stage, what goes on to the next, and the same split by source or field. */
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Out } from "../../api/call.ts";
import { counted, formatNumber, formatPercent } from "../../format/format.ts";
import { stageTone, useStages } from "../../parts/lead-parts.tsx";
import table from "../../parts/table.module.css";
import { Bar, Count, Figure } from "./report-parts.tsx";
import css from "./reports.module.css";

type Funnel = Out<"reportFunnel">;
type Row = Funnel["rows"][number];
export type Wording = {
  /** "source". */
  readonly by: string;
  readonly keyWord: (key: string | null) => string;
  readonly asOf: string;
};

export function FunnelFigure({ funnel, asTable, asOf }: { readonly funnel: Funnel; readonly asTable: boolean; readonly asOf: string }) {
  const all = useStages();
  const stages = uptoCustomer(funnel.stages);
  const label = useLabels();
  const of = (stage: string): number => funnel.rows.reduce((sum, row) => sum + (row.stages[stage] ?? 0), 0);
  const counts = stages.map((stage) => ({ stage, count: of(stage) }));
  const first = counts[0]?.count ?? 0;
  return (
    <Figure
      id="funnel"
      title="How far do leads come?"
      answer={answerOf(counts, label)}
      definition="A lead has reached a stage if it ever entered it or a later one of the main line; exits take nothing away. The percentage says how many of the stage before came here."
      asOf={asOf}
    >
      {asTable ? (
        <table className={table.plain}>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" className={table.right}>
                Leads that reached it
              </th>
              <th scope="col" className={table.right}>
                Of the stage before
              </th>
              <th scope="col" className={table.right}>
                Of all
              </th>
            </tr>
          </thead>
          <tbody>
            {counts.map(({ stage, count }, i) => (
              <tr key={stage}>
                <th scope="row">{label(stage)}</th>
                <td className={table.right}>
                  <Count behind={{ of: "reached", stage }} count={count} label={`Reached ${label(stage)}`} />
                </td>
                <td className={table.right}>{i === 0 ? "" : share(count, counts[i - 1]?.count ?? 0)}</td>
                <td className={table.right}>{share(count, first)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <ol className={css.funnel}>
          {counts.map(({ stage, count }, i) => (
            <li key={stage}>
              <span className="cut">{label(stage)}</span>
              <Bar share={first === 0 ? 0 : count / first} tone={stageTone(all, stage)} />
              <b>
                <Count behind={{ of: "reached", stage }} count={count} label={`Reached ${label(stage)}`} />
              </b>
              <span className="mut num">{i === 0 ? "" : share(count, counts[i - 1]?.count ?? 0)}</span>
            </li>
          ))}
        </ol>
      )}
    </Figure>
  );
}

const MOST = 12;

export function SplitFigure({ funnel, words }: { readonly funnel: Funnel; readonly words: Wording }) {
  const label = useLabels();
  const [all, setAll] = useState(false);
  const stages = uptoCustomer(funnel.stages);
  const rows = all ? funnel.rows : funnel.rows.slice(0, MOST);
  const first = stages[0] ?? "";
  const last = stages.at(-1) ?? "";
  const most = Math.max(1, ...funnel.rows.map((row) => row.stages[first] ?? 0));
  return (
    <Figure
      id="split"
      title={`Which ${words.by} brings leads that go on?`}
      answer={bestOf(funnel.rows, first, last, words, label)}
      definition={`The same leads by ${words.by}. The last column says how many of all leads of the row came to the last stage.`}
      asOf={words.asOf}
    >
      <div className={css.wide} role="region" aria-label={`Funnel by ${words.by}`} tabIndex={0}>
        <table className={table.plain}>
          <thead>
            <tr>
              <th scope="col">{words.by.charAt(0).toUpperCase() + words.by.slice(1)}</th>
              <th scope="col" className={css.barHead}>
                <span className="out">Share</span>
              </th>
              {stages.map((stage) => (
                <th key={stage} scope="col" className={table.right}>
                  {label(stage)}
                </th>
              ))}
              <th scope="col" className={table.right}>
                To {label(last)}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key ?? " none"}>
                <th scope="row">{words.keyWord(row.key)}</th>
                <td>
                  <Bar share={(row.stages[first] ?? 0) / most} tone="var(--s4)" />
                </td>
                {stages.map((stage) => (
                  <td key={stage} className={table.right}>
                    <Count
                      behind={{ of: "reached", stage, key: row.key }}
                      count={row.stages[stage] ?? 0}
                      label={`${words.keyWord(row.key)}, reached ${label(stage)}`}
                    />
                  </td>
                ))}
                <td className={table.right}>{share(row.stages[last] ?? 0, row.stages[first] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {funnel.rows.length > MOST && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${formatNumber(funnel.rows.length)}`}
        </Button>
      )}
    </Figure>
  );
}

/** What comes after the customer is another question. */
export function uptoCustomer(stages: readonly string[]): readonly string[] {
  const at = stages.indexOf("customer");
  return at === -1 ? stages : stages.slice(0, at + 1);
}

export function useLabels(): (stage: string) => string {
  const stages = useStages();
  return (id) => (["mql", "sal", "sql"].includes(id) ? id.toUpperCase() : (stages.find((stage) => stage.id === id)?.label ?? id));
}

export function share(part: number, of: number): string {
  return of === 0 ? "—" : formatPercent(part / of);
}

function answerOf(counts: readonly { readonly stage: string; readonly count: number }[], label: (stage: string) => string): React.ReactNode {
  const first = counts[0];
  const last = counts.at(-1);
  if (first === undefined || last === undefined || first.count === 0) return "No lead was captured in this time.";
  const steps = counts.slice(1).flatMap(({ stage, count }, i) => {
    const before = counts[i];
    return before === undefined || before.count === 0 ? [] : [{ from: before.stage, to: stage, part: count / before.count, lost: before.count - count }];
  });
  const worst = steps.toSorted((a, b) => a.part - b.part)[0];
  return (
    <>
      {formatNumber(last.count)} of {counted(first.count, "lead")} became {label(last.stage).toLowerCase()}s, <b>{share(last.count, first.count)}</b>.
      {worst !== undefined && worst.part < 1 && (
        <>
          {" "}
          The narrowest step is {label(worst.from)} to {label(worst.to)}: {formatPercent(worst.part)} go on.
        </>
      )}
    </>
  );
}

function bestOf(rows: readonly Row[], first: string, last: string, words: Wording, label: (stage: string) => string): React.ReactNode {
  const known = rows.filter((row) => row.key !== null && (row.stages[first] ?? 0) >= 20 && (row.stages[last] ?? 0) > 0);
  const best = known.toSorted((a, b) => (b.stages[last] ?? 0) / (b.stages[first] ?? 1) - (a.stages[last] ?? 0) / (a.stages[first] ?? 1))[0];
  if (best === undefined) return `No ${words.by} has enough leads yet to compare.`;
  return (
    <>
      <b>{words.keyWord(best.key)}</b>: {share(best.stages[last] ?? 0, best.stages[first] ?? 0)} of its leads came to {label(last)}, the most of those with 20
      leads or more.
    </>
  );
}
