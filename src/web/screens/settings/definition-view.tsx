/** One definition: what is in force, the draft, all versions, and what became of leads under it. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, Printer } from "lucide-react";
import { useRead } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { EmptyState, Loaded } from "../../parts/states.tsx";
import { DefinitionDraft } from "./definition-draft.tsx";
import { DefinitionReport } from "./definition-report.tsx";
import { DefinitionTextView, Signatures } from "./definition-text.tsx";
import { DefinitionVersions } from "./definition-versions.tsx";
import css from "./definitions.module.css";
import type { Definition } from "./definitions-section.tsx";
import { Section } from "./section.tsx";

const TABS = [
  { id: "now", label: "In force" },
  { id: "draft", label: "Draft" },
  { id: "versions", label: "Versions" },
  { id: "report", label: "Report" },
] as const;

export function DefinitionView({ stage, show = "now" }: { readonly stage: string; readonly show?: string | undefined }) {
  const can = useCan();
  const from = useRead("getDefinition", { params: { stage } });
  const tabs = TABS.filter(({ id }) => id !== "report" || can("reports.read"));
  return (
    <div className={css.paper}>
      <p className={css.trail}>
        <Link to="/settings/$section" params={{ section: "definitions" }}>
          <ChevronLeft size={14} aria-hidden /> All definitions
        </Link>
      </p>
      <Loaded from={from}>
        {(definition) => (
          <Section
            wide
            title={definition.label}
            about={definition.moves ? "A lead that meets it enters by itself. Nobody is moved out." : "Recorded for each lead that enters; it moves nobody."}
            actions={
              <Button variant="subtle" leftSection={<Printer size={14} />} onClick={() => window.print()}>
                Print
              </Button>
            }
          >
            <nav className={css.tabs} aria-label={`Definition of ${definition.label}`}>
              {tabs.map(({ id, label }) => (
                <Link
                  key={id}
                  to="/settings/$section"
                  params={{ section: "definitions" }}
                  search={{ stage, ...(id === "now" ? {} : { show: id }) }}
                  replace
                  activeOptions={{ exact: true, includeSearch: true }}
                >
                  {label}
                  {id === "draft" && definition.draft !== null && <i aria-label="There is a draft" role="img" />}
                </Link>
              ))}
            </nav>
            {show === "draft" ? (
              <DefinitionDraft definition={definition} />
            ) : show === "versions" ? (
              <DefinitionVersions definition={definition} />
            ) : show === "report" ? (
              <DefinitionReport definition={definition} />
            ) : (
              <InForce definition={definition} />
            )}
          </Section>
        )}
      </Loaded>
    </div>
  );
}

function InForce({ definition: { stage, label, live, draft } }: { readonly definition: Definition }) {
  const can = useCan();
  const drafts = can("definitions.edit") && (
    <Link className={css.button} to="/settings/$section" params={{ section: "definitions" }} search={{ stage, show: "draft" }}>
      {draft !== null ? "Look at the draft" : live === null ? "Draft a definition" : "Draft a change"}
    </Link>
  );
  if (live === null)
    return (
      <EmptyState title="Nothing is agreed for this stage yet" actions={drafts}>
        Say what {label} means and what a lead must be to stand there.
      </EmptyState>
    );
  return (
    <div className={css.sheet}>
      <p className="mut">
        Version {live.version}
        {live.at !== null && (
          <>
            , in force since <When at={live.at} />
          </>
        )}
      </p>
      <DefinitionTextView text={live.text} />
      <Signatures signatures={live.signatures} none="Published without signatures." />
      <p className={css.actions}>{drafts}</p>
    </div>
  );
}
