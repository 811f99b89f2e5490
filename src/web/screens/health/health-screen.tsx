/** The health check: how well does the process work, question by question, with the leads behind each number and the screen that mends it. */
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import type { Out } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { formatDate, formatNumber, formatWhen } from "../../format/format.ts";
import { Screen } from "../../parts/screen.tsx";
import { Loaded } from "../../parts/states.tsx";
import css from "./health.module.css";

const HealthDrawer = lazy(async () => ({ default: (await import("./health-drawer.tsx")).HealthDrawer }));

const route = getRouteApi("/shell/health-check");

type Health = Out<"checkHealth">;
type Answer = Health["questions"][number];
type Verdict = Answer["verdict"];

/** Each question as people ask it. */
const ASKED: { readonly [Q in Answer["question"]]: string } = {
  definitions: "Is what sales-ready means signed by both teams, and applied?",
  stages: "Are stages defined, and used?",
  nextSteps: "Does every lead in the process have a next step?",
  owners: "Does each qualified lead reach an owner in time?",
  scores: "Are scores current, and do they separate won from lost?",
};

const WORDS: { readonly [V in Verdict]: string } = { yes: "Yes", partly: "Partly", no: "No", unknown: "Too early to tell" };
const LEVELS = ["", "Begun", "Taking shape", "Working", "Sound", "Steady"] as const;

export function HealthScreen() {
  const { measure } = route.useSearch();
  const navigate = route.useNavigate();
  const health = useRead("checkHealth");
  const label = health.data?.questions.flatMap(({ measures }) => measures).find(({ id }) => id === measure)?.label;
  return (
    <Screen title="Health check" padded>
      <Loaded from={health}>{(data) => <Checked health={data} />}</Loaded>
      <Suspense fallback={null}>
        {measure !== undefined && (
          <HealthDrawer measure={measure} title={label ?? ""} onClose={() => void navigate({ search: {}, replace: true, resetScroll: false })} />
        )}
      </Suspense>
    </Screen>
  );
}

function Checked({ health }: { readonly health: Health }) {
  const { level, questions, history, at } = health;
  const judged = questions.filter(({ verdict }) => verdict !== "unknown");
  const good = judged.filter(({ verdict }) => verdict === "yes").length;
  return (
    <div className={css.page}>
      <div className={css.level}>
        <svg className={css.steps} viewBox="0 0 104 12" aria-hidden focusable="false">
          {[1, 2, 3, 4, 5].map((step) => (
            <rect key={step} x={(step - 1) * 21} y="1" width="18" height="10" rx="2" className={level !== null && step <= level ? css.reached : css.ahead} />
          ))}
        </svg>
        <strong>{level === null ? "Nothing to judge yet" : `Level ${level} of 5 · ${LEVELS[level]}`}</strong>
        <span className="mut">
          {good} of {judged.length} answered with yes. As of {formatWhen(at)}.
        </span>
      </div>
      <ol className={css.questions}>
        {questions.map((answer) => (
          <Question key={answer.question} answer={answer} />
        ))}
      </ol>
      <History history={history} />
    </div>
  );
}

function Question({ answer: { question, verdict, says, measures } }: { readonly answer: Answer }) {
  return (
    <li className={css.question} data-question={question} data-verdict={verdict}>
      <span className={css.verdict} data-verdict={verdict}>
        {WORDS[verdict]}
      </span>
      <div className={css.words}>
        <h2>{ASKED[question]}</h2>
        <p>{says}</p>
        <ul className={css.measures}>
          {measures
            .filter(({ id }) => id !== "rules")
            .map((one) => (
              <li key={one.id}>
                <Count measure={one} /> <span className="mut">{one.label}</span>
              </li>
            ))}
        </ul>
      </div>
      <Fix question={question} verdict={verdict} />
    </li>
  );
}

function Count({ measure: { label, value, of, opens } }: { readonly measure: Answer["measures"][number] }) {
  const text: ReactNode = (
    <>
      {formatNumber(value)} <span className="mut">of {formatNumber(of)}</span>
    </>
  );
  if (opens === null) return <span className="num">{text}</span>;
  return (
    <Link
      from="/health-check"
      to="/health-check"
      search={{ measure: opens }}
      resetScroll={false}
      className={css.number}
      data-count={value}
      aria-label={`${label}: ${value}, show them`}
    >
      {text}
    </Link>
  );
}

/** Where what is wrong can be mended. */
const FIXES: { readonly [Q in Answer["question"]]: { readonly label: string; readonly section: string } } = {
  definitions: { label: "Definitions", section: "definitions" },
  stages: { label: "Stages", section: "stages" },
  nextSteps: { label: "Process", section: "process" },
  owners: { label: "Routing", section: "routing" },
  scores: { label: "Scoring", section: "scoring" },
};

function Fix({ question, verdict }: { readonly question: Answer["question"]; readonly verdict: Verdict }) {
  const can = useCan();
  const { label, section } = FIXES[question];
  if (!can("config.publish")) return null;
  return (
    <Button component={Link} to={`/settings/${section}`} variant={verdict === "no" ? "default" : "subtle"} className={css.fix}>
      {label}
    </Button>
  );
}

const DAYS_DRAWN = 90;

function History({ history }: { readonly history: Health["history"] }) {
  if (history.length === 0) return null;
  const days = history.slice(0, DAYS_DRAWN).toReversed();
  const [last] = history;
  const first = days[0];
  return (
    <section className={css.history} aria-labelledby="health-history">
      <h2 id="health-history">How has it changed?</h2>
      <p className="mut">
        {history.length === 1
          ? `The server answers once a day by itself; today it did so for the first time, with ${last?.level === null ? "nothing to judge" : `level ${last?.level}`}.`
          : `The level the server found on each of the last ${days.length} days, from ${formatDate(first?.day ?? "")} to ${formatDate(last?.day ?? "")}.`}
      </p>
      {history.length > 1 && (
        <svg
          className={css.line}
          viewBox={`0 0 ${days.length * 8} 50`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`From level ${first?.level ?? "none"} to level ${last?.level ?? "none"}`}
        >
          {days.map(({ day, level }, i) => (
            <rect key={day} x={i * 8 + 1} width="6" y={50 - (level ?? 0) * 10} height={(level ?? 0) * 10} className={css.day}>
              <title>{`${formatDate(day)}: ${level === null ? "nothing to judge" : `level ${level}`}`}</title>
            </rect>
          ))}
        </svg>
      )}
    </section>
  );
}
