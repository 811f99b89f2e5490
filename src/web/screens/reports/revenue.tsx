/** What was won, by source or field. */
import type { Out } from "../../api/call.ts";
import { counted, formatMoney, formatPercent, workspaceCurrency } from "../../format/format.ts";
import table from "../../parts/table.module.css";
import type { Wording } from "./funnel.tsx";
import { Bar, Count, Figure } from "./report-parts.tsx";
import css from "./reports.module.css";

type Revenue = Out<"reportRevenue">;
type Row = Revenue["rows"][number];

export function RevenueFigure({ revenue, words, asTable }: { readonly revenue: Revenue; readonly words: Wording; readonly asTable: boolean }) {
  const currency = mainCurrency(revenue.rows);
  const inMain = (row: Row): number => row.sums.find((sum) => sum.currency === currency)?.amount ?? 0;
  const total = revenue.rows.reduce((sum, row) => sum + inMain(row), 0);
  const rows = revenue.rows.toSorted((a, b) => inMain(b) - inMain(a) || b.deals - a.deals);
  const most = Math.max(1, ...rows.map(inMain));
  const best = rows.find(({ key }) => key !== null);
  return (
    <Figure
      id="revenue"
      title={`Which ${words.by} brings won revenue?`}
      answer={
        best === undefined || total === 0 ? (
          "Nothing was won in this time."
        ) : (
          <>
            <b>{words.keyWord(best.key)}</b> with {formatMoney({ amount: inMain(best), currency })}, {formatPercent(inMain(best) / total)} of{" "}
            {formatMoney({ amount: total, currency })} from{" "}
            {counted(
              rows.reduce((sum, { deals }) => sum + deals, 0),
              "won opportunity",
              "won opportunities",
            )}
            .
          </>
        )
      }
      definition={`Won opportunities by the ${words.by} of their lead. Opportunities without an amount count, and add nothing.${rows.some(({ sums }) => sums.length > 1) ? ` Shares are of ${currency}.` : ""}`}
      asOf={words.asOf}
    >
      {rows.length > 0 && (
        <div className={css.wide} role="region" aria-label={`Won revenue by ${words.by}`} tabIndex={0}>
          <table className={table.plain}>
            <thead>
              <tr>
                <th scope="col">{words.by.charAt(0).toUpperCase() + words.by.slice(1)}</th>
                {!asTable && (
                  <th scope="col" className={css.barWide}>
                    <span className="out">Picture</span>
                  </th>
                )}
                <th scope="col" className={table.right}>
                  Won
                </th>
                <th scope="col" className={table.right}>
                  Share
                </th>
                <th scope="col" className={table.right}>
                  Opportunities
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const behind = { of: "won", key: row.key } as const;
                const label = `${words.keyWord(row.key)}, won`;
                return (
                  <tr key={row.key ?? " none"}>
                    <th scope="row">{words.keyWord(row.key)}</th>
                    {!asTable && (
                      <td>
                        <Bar share={inMain(row) / most} tone="var(--won)" />
                      </td>
                    )}
                    <td className={table.right}>
                      <Count behind={behind} count={row.deals} label={`${label}, ${row.sums.map(formatMoney).join(" and ")}, opportunities`}>
                        {row.sums.length === 0 ? "no amount" : row.sums.map(formatMoney).join(" + ")}
                      </Count>
                    </td>
                    <td className={`${table.right} mut`}>{total === 0 ? "—" : formatPercent(inMain(row) / total)}</td>
                    <td className={table.right}>
                      <Count behind={behind} count={row.deals} label={label} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Figure>
  );
}

/** The workspace's own currency if anything was won in it, else the one with the most. */
function mainCurrency(rows: readonly Row[]): string {
  const all = rows.flatMap(({ sums }) => sums);
  const own = workspaceCurrency();
  return all.some(({ currency }) => currency === own) ? own : (all.toSorted((a, b) => b.amount - a.amount)[0]?.currency ?? own);
}
