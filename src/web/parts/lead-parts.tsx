/** How a lead's stage, score, heat and dates look wherever they stand. */
import { HoverCard } from "@mantine/core";
import { useEffect, useState } from "react";
import { useRead } from "../api/query.ts";
import { formatDate, formatMoment, formatNumber, formatRelative, formatSpan, formatWhen } from "../format/format.ts";
import { ScoreSum } from "./score-sum.tsx";
import css from "./small.module.css";

type StageLike = { readonly id: string; readonly label: string; readonly line: "main" | "exit" };

/** The stages of the workspace, in order; empty until the configuration is there. */
export function useStages(): readonly StageLike[] {
  return useRead("getConfig").data?.config.stages ?? [];
}

/** The stage's colour: one scale from light to dark along the main line, grey for exits. */
export function stageTone(stages: readonly StageLike[], id: string): string {
  const main = stages.filter(({ line }) => line === "main");
  const at = main.findIndex((stage) => stage.id === id);
  if (at === -1) return id === "lost" || id === "churned" ? "var(--lost)" : "var(--exit)";
  const before = main.findIndex((stage) => stage.id === "customer");
  const last = before === -1 ? main.length - 1 : before;
  return at > last ? "var(--s6)" : `var(--s${1 + Math.round((at / Math.max(1, last)) * 5)})`;
}

/** What everybody calls them; on hover the whole name. */
const SHORT = ["mql", "sal", "sql"];

export function StageTag({ stage, long = false }: { readonly stage: string; readonly long?: boolean }) {
  const stages = useStages();
  const known = stages.find(({ id }) => id === stage);
  const label = known?.label ?? stage;
  return (
    <span className={css.stage} data-line={known?.line ?? "main"} title={label}>
      <i className={css.dot} style={{ "--tone": stageTone(stages, stage) } as React.CSSProperties} aria-hidden />
      <span className="cut">{!long && SHORT.includes(stage) ? stage.toUpperCase() : label}</span>
    </span>
  );
}

type Scores = { readonly fit: number; readonly engagement: number; readonly bant: number; readonly quality: number };

const PARTS = [
  { key: "fit", label: "Fit", tone: "var(--fit)" },
  { key: "engagement", label: "Engagement", tone: "var(--eng)" },
  { key: "bant", label: "BANT", tone: "var(--bant)" },
  { key: "quality", label: "Quality", tone: "var(--qual)" },
] as const;

/** The score with its four parts; resting on it shows its sum and the biggest reasons. `leadId` is who is asked for them. */
export function ScoreCell({ leadId, score, scores }: { readonly leadId: string; readonly score: number; readonly scores: Scores }) {
  const [open, setOpen] = useState(false);
  const cell = (
    <span className={css.score} onPointerEnter={() => setOpen(true)}>
      <b className={css.points}>{Math.round(score)}</b>
      <ScoreBar scores={scores} />
    </span>
  );
  if (!open) return cell;
  return (
    <HoverCard openDelay={250} closeDelay={80} width={260} position="bottom-start" shadow="sm" transitionProps={{ duration: 0 }} defaultOpened={false}>
      <HoverCard.Target>{cell}</HoverCard.Target>
      <HoverCard.Dropdown>
        <ScoreReasons leadId={leadId} scores={scores} />
      </HoverCard.Dropdown>
    </HoverCard>
  );
}

export function ScoreBar({ scores }: { readonly scores: Scores }) {
  const words = PARTS.map(({ key, label }) => `${label} ${formatNumber(Math.round(scores[key]))}`).join(", ");
  return (
    <span className={css.bar} role="img" aria-label={words}>
      {PARTS.map(({ key, tone }) => (
        <i key={key} style={{ width: `${Math.max(0, Math.min(100, scores[key]))}%`, background: tone }} />
      ))}
    </span>
  );
}

function ScoreReasons({ leadId, scores }: { readonly leadId: string; readonly scores: Scores }) {
  const { data } = useRead("explainLeadScore", { params: { id: leadId } });
  const biggest = [...(data?.lines ?? [])].sort((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, 3);
  return (
    <>
      {data === undefined ? (
        <div className={css.reasons}>
          {PARTS.map(({ key, label, tone }) => [
            <span key={key}>
              <i className={css.legend} style={{ background: tone }} />
              {label}
            </span>,
            <span key={`${key}-points`}>{formatNumber(Math.round(scores[key]))}</span>,
          ])}
        </div>
      ) : (
        <ScoreSum explained={data} />
      )}
      {biggest.length > 0 && (
        <div className={css.reasons} style={{ borderTop: "1px solid var(--line-2)", marginTop: 6, paddingTop: 6 }}>
          {biggest.map(({ rule, label, points }) => [<span key={rule}>{label}</span>, <span key={`${rule}-points`}>{signed(points)}</span>])}
        </div>
      )}
    </>
  );
}

/** "+11", "−4". */
export function signed(points: number): string {
  return `${points < 0 ? "−" : "+"}${formatNumber(Math.abs(Math.round(points)))}`;
}

const HEATS: Readonly<Record<string, string>> = { hot: "Hot", warm: "Warm", cold: "Cold" };

export function Heat({ heat }: { readonly heat: string }) {
  return (
    <span className={css.heat} data-heat={heat}>
      {HEATS[heat] ?? heat}
    </span>
  );
}

/** The present, by the minute, so that what is relative stays true. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How long until it is due; late in red and in words. */
export function Due({ at, now }: { readonly at: string; readonly now?: number }) {
  const away = Date.parse(at) - (now ?? Date.now());
  return (
    <time dateTime={at} title={formatMoment(at)} className={away < 0 ? "late" : undefined}>
      {away < 0 ? `overdue ${formatSpan(away)}` : formatSpan(away)}
    </time>
  );
}

/** When something happened: briefly, the whole moment with its zone on hover. `relative`: "3 d ago". */
export function When({ at, relative = false, dateOnly = false }: { readonly at: string; readonly relative?: boolean; readonly dateOnly?: boolean }) {
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {dateOnly ? formatDate(at) : relative ? formatRelative(at) : formatWhen(at)}
    </time>
  );
}

export function Tags({ tags, most = 3 }: { readonly tags: readonly string[]; readonly most?: number }) {
  return (
    <span className={css.chips} title={tags.join(", ")}>
      {tags.slice(0, most).map((tag) => (
        <span key={tag} className={css.chip}>
          {tag}
        </span>
      ))}
      {tags.length > most && <span className="mut">+{tags.length - most}</span>}
    </span>
  );
}
