/** The columns of the Leads screen: the built-in ones, and one for every field that a lead can have. */
import type { Out } from "../../api/call.ts";
import { formatNumber, leadName } from "../../format/format.ts";
import { Owner } from "../../parts/avatar.tsx";
import type { Column } from "../../parts/data-table.tsx";
import type { FilterField } from "../../parts/filter-words.ts";
import { Due, Heat, ScoreCell, StageTag, Tags, When } from "../../parts/lead-parts.tsx";
import css from "./leads.module.css";

export type LeadRow = Out<"listLeads">["items"][number];

export const DEFAULT_COLUMNS = ["name", "company", "stage", "score", "heat", "owner", "nextStep", "due", "source"] as const;

const BUILT_IN: readonly Column<LeadRow>[] = [
  {
    id: "name",
    label: "Name",
    width: 236,
    sort: "lastName",
    cell: (lead) => (
      <>
        <span className={css.name}>{leadName(lead)}</span> <span className="mut">{lead.jobTitle}</span>
      </>
    ),
  },
  { id: "company", label: "Company", width: 150, sort: "company", cell: ({ company }) => company?.name },
  { id: "stage", label: "Stage", width: 112, sort: "stage", cell: ({ stage }) => <StageTag stage={stage} /> },
  { id: "score", label: "Score", width: 128, sort: "score", cell: ({ id, score, scores }) => <ScoreCell leadId={id} score={score} scores={scores} /> },
  { id: "heat", label: "Heat", width: 62, sort: "heat", cell: ({ heat }) => <Heat heat={heat} /> },
  { id: "owner", label: "Owner", width: 70, sort: "owner", cell: ({ owner }) => <Owner owner={owner} /> },
  { id: "nextStep", label: "Next step", width: 186, cell: ({ nextStep }) => nextStep?.title ?? <span className="mut">none</span> },
  { id: "due", label: "Due", width: 104, align: "right", cell: ({ nextStep }, now) => (nextStep === null ? null : <Due at={nextStep.dueAt} now={now} />) },
  { id: "source", label: "Source", width: 126, sort: "source", cell: ({ source }) => <span className="mut">{source}</span> },
  { id: "email", label: "E-mail", width: 220, sort: "email", cell: ({ email }) => email },
  { id: "phone", label: "Phone", width: 140, sort: "phone", cell: ({ phone }) => phone },
  { id: "jobTitle", label: "Job title", width: 160, sort: "jobTitle", cell: ({ jobTitle }) => jobTitle },
  { id: "status", label: "Status", width: 100, sort: "status", cell: ({ status }) => status },
  { id: "tags", label: "Tags", width: 180, cell: ({ tags }) => <Tags tags={tags} /> },
  { id: "team", label: "Team", width: 120, sort: "team", cell: ({ team }) => team },
  { id: "country", label: "Country", width: 90, sort: "country", cell: ({ country }) => country },
  { id: "city", label: "City", width: 120, sort: "city", cell: ({ city }) => city },
  { id: "campaign", label: "Campaign", width: 140, sort: "campaign", cell: ({ campaign }) => campaign },
  { id: "createdAt", label: "Created", width: 120, sort: "createdAt", cell: ({ createdAt }) => <When at={createdAt} /> },
  { id: "capturedAt", label: "Captured", width: 120, sort: "capturedAt", cell: ({ capturedAt }) => <When at={capturedAt} /> },
  { id: "updatedAt", label: "Changed", width: 120, sort: "updatedAt", cell: ({ updatedAt }) => <When at={updatedAt} /> },
];

/** Every column there could be: the built-in ones and the workspace's own fields. */
export function allColumns(fields: readonly FilterField[]): readonly Column<LeadRow>[] {
  const own = fields
    .filter(({ group }) => group === "fields")
    .map(({ field, label, type, sortable }): Column<LeadRow> => {
      const key = field.slice("fields.".length);
      return {
        id: field,
        label,
        width: 140,
        ...(type === "number" ? { align: "right" as const } : {}),
        ...(sortable ? { sort: field } : {}),
        cell: (lead) => fieldWords(lead.fields[key]),
      };
    });
  return [...BUILT_IN, ...own];
}

function fieldWords(value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  return typeof value === "number" ? formatNumber(value) : typeof value === "boolean" ? (value ? "yes" : "no") : value;
}

/** A lead on a phone: two lines. */
export function LeadCard({ lead, now }: { readonly lead: LeadRow; readonly now: number }) {
  const { nextStep, company, jobTitle } = lead;
  return (
    <div className={css.card}>
      <span className={`${css.name} cut`}>{leadName(lead)}</span>
      <b className="num">{Math.round(lead.score)}</b>
      <span className="mut cut">{[jobTitle, company?.name].filter(Boolean).join(" · ")}</span>
      <Heat heat={lead.heat} />
      <span className={css.cardLine}>
        <StageTag stage={lead.stage} />
        <span className="mut cut">{nextStep?.title}</span>
      </span>
      {nextStep === null ? <span /> : <Due at={nextStep.dueAt} now={now} />}
    </div>
  );
}
