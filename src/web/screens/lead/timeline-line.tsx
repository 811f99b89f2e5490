/** One line of the timeline: when, what, by whom, why; what belongs to it below. Its time is its link. */
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useRead } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { formatDate, formatMoment, formatNumber, formatWhen } from "../../format/format.ts";
import { useStages, stageTone } from "../../parts/lead-parts.tsx";
import css from "./lead.module.css";
import type { TimelineItem } from "./lead-writes.ts";
import { NoteLine } from "./note-line.tsx";
import { because, listed, lower } from "./words.ts";

const MailDialog = lazy(async () => ({ default: (await import("./mail-dialog.tsx")).MailDialog }));

const TONES: Readonly<Record<string, string>> = { web: "var(--eng)", mail: "var(--bant)", calls: "var(--hot)", notes: "var(--warm)", tasks: "var(--accent)" };
const HIDDEN_BY: ReadonlySet<string> = new Set(["key", "system", "timer", "publish"]);

export function TimelineLine({ item, leadId, marked }: { readonly item: TimelineItem; readonly leadId: string; readonly marked: boolean }) {
  const stages = useStages();
  const [mail, setMail] = useState(false);
  const { id, at, group, type, by, undone, refs, changes } = item;
  const tone =
    type === "stage.entered" || type === "lead.created"
      ? stageTone(stages, typeof item.data["to"] === "string" ? item.data["to"] : "")
      : (TONES[group] ?? "var(--line-3)");
  const isNote = type === "note.added" && refs.note !== undefined;
  const [lead, rest] = wordsOfLine(item);
  const by_ = by === null || type === "lead.scored" || HIDDEN_BY.has(by.kind) ? null : by.name;
  return (
    <article className={css.line} data-marked={marked ? "" : undefined} data-undone={undone ? "" : undefined}>
      <Link
        to="/leads/$leadId"
        params={{ leadId }}
        search={(old) => ({ ...old, item: id })}
        replace
        className={css.lineTime}
        title={`${formatMoment(at)}. Opens and copies the link to this line.`}
        onClick={() =>
          void navigator.clipboard
            ?.writeText(`${window.location.origin}/leads/${leadId}?item=${id}`)
            .then(() => toast({ text: "Link to this line copied", stays: 2500 }))
        }
      >
        <time dateTime={at}>{formatWhen(at)}</time>
      </Link>
      <i className={css.lineDot} style={{ background: tone }} aria-hidden />
      <div className={css.lineBody}>
        <span>
          <b>{lead}</b>
          {rest !== "" && <span className={css.lineRest}> {rest}</span>}
          {by_ !== null && <span className="mut"> · {by_}</span>}
          <Why item={item} />
          {undone && <span className="mut"> · taken back</span>}
          {refs.mail !== undefined && (
            <button type="button" className={css.inlineButton} aria-label={`Show ${rest === "" ? "the mail" : rest}`} onClick={() => setMail(true)}>
              show
            </button>
          )}
          {refs.lead !== undefined && (
            <Link to="/leads/$leadId" params={{ leadId: refs.lead }} search={{}}>
              {" "}
              show
            </Link>
          )}
        </span>
        {changes.length > 0 && (
          <ul className={css.changes}>
            {changes.map(({ field, label, from, to }) => (
              <li key={field}>
                {label}: {from === null ? <span className="mut">empty</span> : <s>{shown(from)}</s>} →{" "}
                {to === null ? <span className="mut">empty</span> : shown(to)}
              </li>
            ))}
          </ul>
        )}
        {isNote ? (
          <NoteLine leadId={leadId} noteId={refs.note ?? ""} first={item.detail} />
        ) : (
          group !== "web" && !type.startsWith("touch.mail") && item.detail !== null && <p className={css.lineDetail}>{item.detail}</p>
        )}
      </div>
      <Suspense fallback={null}>{mail && refs.mail !== undefined && <MailDialog id={refs.mail} onClose={() => setMail(false)} />}</Suspense>
    </article>
  );
}

/** The reason, by name rather than by id. */
function Why({ item: { type, why, data } }: { readonly item: TimelineItem }) {
  const rules = useRead("getConfig").data?.config.routing.rules ?? [];
  if (type === "lead.created" || why === null) return null;
  const rule = rules.find(({ id }) => id === data["rule"]);
  const [of, index] = [data["of"], data["index"]];
  const turn = typeof of === "number" && typeof index === "number" ? `, ${formatNumber((index % of) + 1)} of ${formatNumber(of)} in turn` : "";
  const reason = typeof data["reason"] === "string" ? data["reason"] : null;
  const words = rule === undefined ? because(why) : `rule "${rule.label}"${turn}${reason === null ? "" : `: ${reason}`}`;
  return <span className="mut"> · {words}</span>;
}

/** The first words bold, the rest plain. */
function wordsOfLine({ what, type, data, detail, group, changes }: TimelineItem): readonly [string, string] {
  const text = (key: string): string => (typeof data[key] === "string" ? (data[key] as string) : "");
  if (type === "lead.scored" && typeof data["from"] === "number" && typeof data["to"] === "number") {
    const [from, to] = [data["from"], data["to"]];
    return [`Score ${formatNumber(from)} → ${formatNumber(to)}`, `${to < from ? "−" : "+"}${formatNumber(Math.abs(to - from))}`];
  }
  if (type === "lead.updated" && changes.length > 0)
    return [
      `Changed ${listed(changes.slice(0, 3).map(({ label }) => lower(label)))}${changes.length > 3 ? ` and ${formatNumber(changes.length - 3)} more` : ""}`,
      "",
    ];
  if (group === "web" || type.startsWith("touch.mail")) {
    const name = text("webinar") || text("video") || text("event") || text("subject") || detail || "";
    const minutes = typeof data["minutes"] === "number" ? `${formatNumber(data["minutes"])} min` : "";
    return [what, [name === "" ? "" : isAddress(name) ? addressWords(name) : `“${name}”`, minutes].filter((word) => word !== "").join(", ")];
  }
  if (group === "calls") return [what, typeof data["minutes"] === "number" ? `${formatNumber(data["minutes"])} min` : ""];
  return [what, ""];
}

function isAddress(text: string): boolean {
  return /^(https?:\/)?\//.test(text);
}

function addressWords(text: string): string {
  return text.replace(/^https?:\/\/(www\.)?/, "");
}

function shown(value: string): string {
  return /^\d{4}-\d{2}-\d{2}T/.test(value) ? formatWhen(value) : /^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value) : value;
}
