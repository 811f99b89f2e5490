/** The waterfall itself is a table: who cannot see the bars reads the same figures. */
import { ChevronDown, ChevronRight } from "lucide-react";
import { counted, formatDate, formatNumber } from "../../format/format.ts";
import { type Explained, exactly, SECTION_TONES } from "../../parts/score-sum.tsx";
import css from "./score-panel.module.css";
import { type Bar, type Group, type Line, type Waterfall, waterfallOf } from "./waterfall.ts";

export type ScoreWaterfallProps = {
  readonly explained: Explained;
  readonly open: ReadonlySet<string>;
  readonly onToggle: (section: string) => void;
  /** Opens what stands behind a line. */
  readonly onShow: (line: Line) => void;
};

export function ScoreWaterfall({ explained, open, onToggle, onShow }: ScoreWaterfallProps) {
  const picture = waterfallOf(explained);
  return (
    <table className={css.fall}>
      <caption className="out">What the score is the sum of</caption>
      <colgroup>
        <col />
        <col className={css.points} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">
            <span className="out">Rule</span>
          </th>
          <th scope="col">
            <span className="out">Points</span>
          </th>
        </tr>
      </thead>
      {picture.groups.map((group) => (
        <GroupRows
          key={group.section.section}
          group={group}
          picture={picture}
          opened={open.has(group.section.section)}
          onToggle={() => onToggle(group.section.section)}
          onShow={onShow}
        />
      ))}
      <tbody>
        {picture.bound !== null && (
          <tr>
            <th scope="row">
              <span className={css.label}>{picture.bound.line.label}</span>
              <Track bar={picture.bound.bar} picture={picture} tone="var(--exit)" />
            </th>
            <td>{exactly(picture.bound.line.points)}</td>
          </tr>
        )}
        <tr className={css.total}>
          <th scope="row">Score</th>
          <td>{formatNumber(explained.score)}</td>
        </tr>
      </tbody>
    </table>
  );
}

type GroupProps = {
  readonly group: Group;
  readonly picture: Waterfall;
  readonly opened: boolean;
  readonly onToggle: () => void;
  readonly onShow: (line: Line) => void;
};

function GroupRows({ group: { section, bar, lines }, picture, opened, onToggle, onShow }: GroupProps) {
  const tone = SECTION_TONES[section.section] ?? "var(--exit)";
  const Chevron = opened ? ChevronDown : ChevronRight;
  return (
    <tbody>
      <tr>
        <th scope="row">
          <button type="button" className={css.section} aria-expanded={opened} onClick={onToggle}>
            <Chevron size={14} strokeWidth={1.75} aria-hidden />
            {section.label.charAt(0).toUpperCase() + section.label.slice(1)}
            <span className={css.note}>{notesOfSection(section)}</span>
          </button>
          <Track bar={bar} picture={picture} tone={tone} />
        </th>
        <td>{exactly(section.points)}</td>
      </tr>
      {opened &&
        lines.map(({ line, bar: own }) => (
          <tr key={line.rule} className={css.rule}>
            <th scope="row">
              {opens(line) ? (
                <button
                  type="button"
                  className={css.open}
                  title={line.behind.facet === null ? "Show what is known" : "Show the touches"}
                  onClick={() => onShow(line)}
                >
                  {line.label}
                </button>
              ) : (
                <span className={css.label}>{line.label}</span>
              )}
              <span className={css.note}>{notesOf(line).join(" · ")}</span>
              <Track bar={own} picture={picture} tone={tone} />
            </th>
            <td>{exactly(line.points)}</td>
          </tr>
        ))}
    </tbody>
  );
}

/** What is kept in full colour, what a half-life took lighter, what a cap cut off hatched; a loss in the colour of losses. */
function Track({ bar: { from, to, lost, cut }, picture: { low, high }, tone }: { readonly bar: Bar; readonly picture: Waterfall; readonly tone: string }) {
  const share = (points: number): string => `${(Math.abs(points) / (high - low)) * 100}%`;
  const place = (points: number): string => `${((points - low) / (high - low)) * 100}%`;
  const end = Math.max(from, to);
  return (
    <span className={css.track} aria-hidden>
      <i style={{ left: place(Math.min(from, to)), width: share(to - from), background: to < from ? "var(--lost)" : tone }} />
      {lost > 0 && <i className={css.lost} style={{ left: place(end), width: share(lost), background: tone }} />}
      {cut > 0 && to >= from && <i className={css.cut} style={{ left: place(end + lost), width: share(cut) }} />}
    </span>
  );
}

/** What can be opened: touches and fields of the lead. */
function opens({ behind: { facet, fields } }: Line): boolean {
  return facet !== null || fields.some(({ field }) => OPENED.test(field) || PROFILE.has(field));
}

const OPENED = /^(?:touches|bant|fields)\.|^lastTouch$/;
const PROFILE: ReadonlySet<string> = new Set([
  "email",
  "phone",
  "externalId",
  "firstName",
  "lastName",
  "company",
  "jobTitle",
  "country",
  "city",
  "website",
  "source",
  "campaign",
]);

function notesOfSection({ idle, cut, cap }: Group["section"]): string {
  return [idle >= 0.5 ? `${exactly(-Math.round(idle))} idle` : "", cut > 0 && cap !== null ? `capped at ${formatNumber(cap)}` : ""]
    .filter((word) => word !== "")
    .join(" · ");
}

function notesOf(line: Line): readonly string[] {
  const { kind, before, points, cap, idle, next, expiresAt } = line;
  const ends = expiresAt === null ? "" : `until ${formatDate(expiresAt)}`;
  return [
    behindWords(line),
    kind === "signal" && cap !== null && before !== points ? `${formatNumber(before)} before its cap of ${formatNumber(cap)}` : "",
    idle === 0 ? "" : idle > 0 ? `${exactly(-idle)} idle` : `${exactly(-idle)} by now`,
    ends !== "" ? ends : next === null ? "" : `${exactly(next.points)} on ${formatDate(next.at)}`,
  ].filter((word) => word !== "");
}

function behindWords({ kind, cap, section, behind: { days, touches, fields } }: Line): string {
  if (kind === "bound") return cap === null || section === "total" ? "" : `at ${formatNumber(cap)}`;
  if (kind === "signal") return `${counted(touches, "touch", "touches")}${days[0] === undefined ? "" : `, last ${formatDate(days[0].at)}`}`;
  const lacking = fields.filter(({ value }) => value === null);
  if (kind === "filled") return lacking.length === 0 ? "all known" : `lacks ${lacking.map(({ label }) => label).join(", ")}`;
  return fields
    .map(({ field, label, value }) => `${label}: ${value === null ? "unknown" : /At$|^lastTouch$/.test(field) ? formatDate(value) : value}`)
    .join(", ");
}
