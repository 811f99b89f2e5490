/** One lead: everything to work this person without leaving. Keys go through the list one came from. */
import { ActionIcon, Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronDown, ChevronUp } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { noteVisit } from "../../app/commands.ts";
import { formatNumber, leadName } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { Screen } from "../../parts/screen.tsx";
import { Bones, Refused } from "../../parts/states.tsx";
import { AboutPanel } from "./about-panel.tsx";
import { LeadCanProvider, useMay } from "./lead-can.tsx";
import { LeadHeader } from "./lead-header.tsx";
import { LeadMenu } from "./lead-menu.tsx";
import css from "./lead.module.css";
import { attempt, type Lead, prefetchLeadPage, restoreLead } from "./lead-writes.ts";
import { NextSteps, openSteps, type OpenStep } from "./next-steps.tsx";
import { BinBanner, DuplicatesPanel, OpportunitiesPanel, PeoplePanel } from "./people-panel.tsx";
import { BantPanel } from "./side-panels.tsx";
import { ScorePanel } from "./score-panel.tsx";
import { Timeline } from "./timeline.tsx";
import { useReturnReasons } from "./reason-choices.tsx";
import { mayReturn } from "./words.ts";
import { stepFrom, useTrail } from "./trail.ts";
import { markWords, useOthers } from "./use-others.ts";
import { type Show, SHOWS } from "./use-timeline.ts";
import type { Writing } from "./write-box.tsx";

const StageDialog = lazy(async () => ({ default: (await import("./lead-dialogs.tsx")).StageDialog }));
const AssignDialog = lazy(async () => ({ default: (await import("./lead-dialogs.tsx")).AssignDialog }));
const ReturnDialog = lazy(async () => ({ default: (await import("./return-dialog.tsx")).ReturnDialog }));
const ConvertDialog = lazy(async () => ({ default: (await import("./lead-dialogs.tsx")).ConvertDialog }));

const route = getRouteApi("/shell/leads/$leadId");

export function LeadScreen() {
  const { leadId } = route.useParams();
  const from = useRead("getLead", { params: { id: leadId } });
  if (from.data !== undefined) return <LeadPage key={leadId} lead={from.data} />;
  return (
    <Screen title="Lead" heading={<Heading lead={null} />}>
      <h1 className="out">Lead</h1>
      {from.error === null ? <Bones rows={10} /> : <Refused error={from.error} retry={() => void from.refetch()} />}
    </Screen>
  );
}

const NO_TASKS: readonly never[] = [];

type Dialog = { readonly kind: "stage"; readonly stage: string | null } | { readonly kind: "assign" | "return" | "convert" } | null;

function LeadPage({ lead }: { readonly lead: Lead }) {
  const { item, show, facet } = route.useSearch();
  const navigate = useNavigate();
  const name = leadName(lead);
  const reasons = useRead("explainLead", { params: { id: lead.id } }).data;
  const tasks = useRead("listLeadTasks", { params: { id: lead.id } }).data?.items ?? NO_TASKS;
  const can = useMay(lead, tasks);
  const marks = useOthers(lead, reasons);
  const [open, setOpen] = useState<OpenStep>(null);
  const [writing, setWriting] = useState<Writing>(null);
  const [dialog, setDialog] = useState<Dialog>(null);
  const stacked = useMediaQuery("(max-width: 1180px)") === true;
  const column = useRef<HTMLDivElement>(null);
  const page = useRef<HTMLDivElement>(null);
  const alive = lead.deletedAt === null;
  const todo = openSteps(tasks);
  const convertStep = todo.find(({ key }) => key === "convert");
  const qualifyStep = todo.find(({ key }) => key === "qualify");
  const acceptStep = todo.find(({ kind }) => kind === "review");
  useEffect(
    () => noteVisit({ type: "lead", id: lead.id, title: name, detail: [lead.jobTitle, lead.company?.name].filter(Boolean).join(", ") }),
    [lead.id, name, lead.jobTitle, lead.company?.name],
  );

  const step = async (by: 1 | -1): Promise<void> => {
    const to = await stepFrom(lead.id, by);
    if (to !== null) void navigate({ to: "/leads/$leadId", params: { leadId: to }, search: {} });
  };
  const openFirst = (): unknown => {
    const [first] = todo;
    if (first === undefined) return can("tasks.edit") ? setOpen({ own: "new" }) : false;
    return setOpen(first.kind === "mail" && can("mail.send") ? { mail: first.id } : { task: first.id });
  };
  const qualify = (): void => (qualifyStep === undefined ? setDialog({ kind: "stage", stage: "sql" }) : setOpen({ task: qualifyStep.id }));
  const convert = (): void => (convertStep === undefined ? setDialog({ kind: "convert" }) : setOpen({ task: convertStep.id }));
  const give = (): void =>
    acceptStep === undefined
      ? setDialog({ kind: "return" })
      : setOpen({ task: acceptStep.id, result: acceptStep.results.find(({ needsReason }) => needsReason)?.id });
  useReturnReasons(alive && mayReturn(lead.stage) && can("leads.move"));
  const mayConvert = alive && can("leads.convert") && !["opportunity", "customer"].includes(lead.stage);
  const mayQualify = alive && can("leads.move") && ["inquiry", "mql", "sal"].includes(lead.stage);
  const write = alive && can("leads.edit");
  useKeys([
    { keys: "j", label: "Next lead of the list", scope: "Lead", run: () => step(1) },
    { keys: "k", label: "Previous lead of the list", scope: "Lead", run: () => step(-1) },
    ...(alive && can("tasks.complete") ? [{ keys: "e", label: "Open the first step", scope: "Lead", command: true, run: openFirst } as const] : []),
    ...(alive && can("tasks.edit") ? [{ keys: "t", label: "Add a task", scope: "Lead", command: true, run: () => setOpen({ own: "new" }) } as const] : []),
    ...(write
      ? ([
          { keys: "n", label: "Write a note", scope: "Lead", command: true, run: () => setWriting("note") },
          { keys: "l", label: "Log a call", scope: "Lead", command: true, run: () => setWriting("call") },
          {
            keys: "b",
            label: "Edit BANT",
            scope: "Lead",
            command: true,
            run: () => document.querySelector<HTMLElement>("[data-bant]:not([data-known]) button, [data-bant] button")?.click(),
          },
        ] as const)
      : []),
    ...(alive && can("mail.send") ? [{ keys: "m", label: "Write a mail", scope: "Lead", command: true, run: () => setOpen({ mail: null }) } as const] : []),
    ...(alive && can("leads.assign") ? [{ keys: "a", label: "Assign", scope: "Lead", command: true, run: () => setDialog({ kind: "assign" }) } as const] : []),
    ...(alive && can("leads.move")
      ? ([
          { keys: "s", label: "Start a stage", scope: "Lead", command: true, run: () => setDialog({ kind: "stage", stage: null }) },
          ...(mayReturn(lead.stage) ? [{ keys: "r", label: "Return to marketing", scope: "Lead", command: true, run: give } as const] : []),
        ] as const)
      : []),
    ...(mayQualify ? [{ keys: "q", label: "Qualify for sales", scope: "Lead", command: true, run: qualify } as const] : []),
    ...(mayConvert ? [{ keys: "o", label: "Convert to an opportunity", scope: "Lead", command: true, run: convert } as const] : []),
  ]);
  const acceptId = acceptStep?.results.find(({ needsReason }) => !needsReason)?.id;
  const accept = (): void =>
    void (
      acceptStep !== undefined &&
      attempt(() => call("completeTask", { params: { id: acceptStep.id }, body: acceptId === undefined ? {} : { result: acceptId } }), `${name} is accepted`)
    );
  const primary = !alive ? null : acceptStep !== undefined && can("tasks.complete") ? (
    <Button variant="filled" onClick={accept}>
      Accept
    </Button>
  ) : mayQualify ? (
    <Button variant="filled" onClick={qualify} aria-keyshortcuts="q">
      Qualify for sales <kbd className={css.onAccent}>Q</kbd>
    </Button>
  ) : mayConvert ? (
    <Button variant="filled" onClick={convert} aria-keyshortcuts="o">
      Convert… <kbd className={css.onAccent}>O</kbd>
    </Button>
  ) : null;
  const menu = (
    <LeadMenu
      lead={lead}
      onStage={() => setDialog({ kind: "stage", stage: null })}
      onExit={(stage) => setDialog({ kind: "stage", stage })}
      onAssign={() => setDialog({ kind: "assign" })}
      onReturn={give}
      onConvert={mayConvert && mayQualify ? convert : null}
    />
  );
  const showing: Show = SHOWS.find((one) => one === show) ?? "all";
  return (
    <LeadCanProvider may={can}>
      <Screen
        title={name}
        heading={<Heading lead={lead} onStep={(by) => void step(by)} />}
        actions={
          <span className={css.headActs}>
            {menu}
            {primary}
          </span>
        }
      >
        <div className={css.page} ref={page}>
          {!alive && <BinBanner name={name} onRestore={can("leads.delete") ? () => void restoreLead(lead.id, name) : null} />}
          <p className="out" aria-live="polite">
            {markWords(marks, lead)}
          </p>
          <LeadHeader lead={lead} reasons={reasons} marks={marks} onStart={(stage) => setDialog({ kind: "stage", stage })} />
          <div className={css.cols}>
            <div className={css.col}>
              <NextSteps lead={lead} open={open} onOpen={setOpen} />
            </div>
            <div className={`${css.col} ${css.middle}`} ref={column} tabIndex={stacked ? -1 : 0} role="region" aria-label="What happened">
              <Timeline
                leadId={lead.id}
                show={showing}
                facet={facet}
                item={item}
                scroller={stacked ? page : column}
                write={write ? { writing, onWriting: setWriting, onMail: can("mail.send") ? () => setOpen({ mail: null }) : null } : null}
              />
            </div>
            <div className={`${css.col} ${css.side}`}>
              <ScorePanel lead={lead} />
              <BantPanel lead={lead} marks={marks} />
              <OpportunitiesPanel lead={lead} />
              <AboutPanel lead={lead} reasons={reasons} marks={marks} />
              <PeoplePanel lead={lead} />
              <DuplicatesPanel reasons={reasons} />
            </div>
          </div>
        </div>
        <div className={css.sticky} role="toolbar" aria-label="What to do">
          {lead.phone !== null && (
            <Button component="a" href={`tel:${lead.phone.replaceAll(/\s/g, "")}`} onClick={() => setWriting("call")}>
              Call
            </Button>
          )}
          {write && <Button onClick={() => setWriting("note")}>Note</Button>}
          {alive && can("mail.send") && <Button onClick={() => setOpen({ mail: null })}>Mail</Button>}
          {primary}
        </div>
        <Suspense fallback={null}>
          {dialog?.kind === "stage" && <StageDialog lead={lead} stage={dialog.stage} onClose={() => setDialog(null)} />}
          {dialog?.kind === "assign" && <AssignDialog lead={lead} onClose={() => setDialog(null)} />}
          {dialog?.kind === "return" && <ReturnDialog lead={lead} onClose={() => setDialog(null)} />}
          {dialog?.kind === "convert" && <ConvertDialog lead={lead} tasks={tasks} onClose={() => setDialog(null)} />}
        </Suspense>
      </Screen>
    </LeadCanProvider>
  );
}

/** "Leads / Mine  3 of 126", and the way to the neighbours. */
function Heading({ lead, onStep }: { readonly lead: Lead | null; readonly onStep?: (by: 1 | -1) => void }) {
  const place = useTrail(lead?.id ?? "");
  useEffect(() => {
    if (place?.after !== null && place?.after !== undefined) prefetchLeadPage(place.after);
  }, [place?.after]);
  return (
    <nav className={css.trail} aria-label="Where am I">
      {place === null ? (
        <Link to="/leads">Leads</Link>
      ) : (
        <Link to={place.from}>{place.from.startsWith("/leads") ? `Leads / ${place.label}` : place.label}</Link>
      )}
      {place !== null && (
        <>
          <span className="mut">
            {formatNumber(place.at)} of {formatNumber(place.count)}
          </span>
          <ActionIcon
            aria-label="Previous lead"
            title={`Previous lead · ${keyLabel("k")}`}
            aria-keyshortcuts="k"
            onClick={() => onStep?.(-1)}
            disabled={place.at === 1}
          >
            <ChevronUp size={16} />
          </ActionIcon>
          <ActionIcon
            aria-label="Next lead"
            title={`Next lead · ${keyLabel("j")}`}
            aria-keyshortcuts="j"
            onClick={() => onStep?.(1)}
            disabled={place.at === place.count}
          >
            <ChevronDown size={16} />
          </ActionIcon>
        </>
      )}
    </nav>
  );
}
