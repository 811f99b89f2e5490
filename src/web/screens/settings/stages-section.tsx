/** Stages: what they are called, and what moves a lead into each. Their ids stay: facts and reports are kept under them. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { useState } from "react";
import { useRead } from "../../api/query.ts";
import { toastProblem } from "../../app/toasts.tsx";
import { StageTag } from "../../parts/lead-parts.tsx";
import { Loaded } from "../../parts/states.tsx";
import { MoveButtons, moved } from "./move.tsx";
import { type Config, publishWithUndo } from "./publish.ts";
import { ChangedBy, Part, Section, Setting, TextSetting } from "./section.tsx";
import css from "./settings.module.css";

type Stage = Config["stages"][number];

const ENTRY: Readonly<Record<Stage["entry"], string>> = {
  capture: "Where leads begin.",
  definition: "Entered when its definition is met (see Scoring).",
  acceptance: "Entered when an owner accepts; hidden while acceptance is off (see Process).",
  qualify: "Entered when somebody qualifies the lead.",
  conversion: "Entered when the lead is converted.",
  won: "Entered when an opportunity is won.",
  person: "Entered when somebody moves the lead.",
};

/** What the flow itself leads to. */
const FIXED_DEAL = "presentation";

export function StagesSection() {
  return (
    <Section title="Stages" about="Call them what your people call them. The ids under the names stay, so history, reports and the API go on as before.">
      <Loaded from={useRead("getConfig")}>{({ config }) => <Body config={config} />}</Loaded>
    </Section>
  );
}

function Body({ config }: { readonly config: Config }) {
  const lines = [
    { line: "main", title: "Main line" },
    { line: "exit", title: "Exits" },
  ] as const;
  return (
    <>
      {lines.map(({ line, title }) => (
        <Part key={line} title={title}>
          {config.stages.map((stage, i) =>
            stage.line === line ? (
              <Setting
                key={stage.id}
                label={stage.label}
                effect={
                  <>
                    <code>{stage.id}</code> · {ENTRY[stage.entry]} Statuses: {stage.statuses.join(", ")}.
                  </>
                }
              >
                {(ids) => (
                  <TextSetting
                    ids={ids}
                    value={stage.label}
                    required
                    onSave={(label) =>
                      publishWithUndo(config, { ...config, stages: config.stages.with(i, { ...stage, label }) }, `“${stage.label}” is “${label}” now`)
                    }
                  />
                )}
              </Setting>
            ) : null,
          )}
        </Part>
      ))}
      <Deals config={config} />
      <ChangedBy action="config.published" part="stages" />
    </>
  );
}

function Deals({ config }: { readonly config: Config }) {
  const { opportunityStages } = config;
  const [typed, setTyped] = useState("");
  const put = (next: readonly string[], done: string): void =>
    void publishWithUndo(config, { ...config, opportunityStages: [...next] }, done).catch(toastProblem);
  const id = typed
    .trim()
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const add = (): void => {
    if (id === "") return;
    put([...opportunityStages, id], `“${id}” added`);
    setTyped("");
  };
  return (
    <Part title="Stages of an opportunity" about="In their order on the board; won and lost follow them. One in which opportunities stand cannot go.">
      <div className={css.rows}>
        {opportunityStages.map((stage, i) => (
          <div className={css.row} key={stage}>
            <div className={css.rowText}>
              {stage.charAt(0).toUpperCase() + stage.slice(1)}
              {stage === FIXED_DEAL && <span className={css.sub}>Needed: a lead converted with a next meeting opens here.</span>}
            </div>
            <div className={css.rowActions}>
              <MoveButtons name={stage} at={i} count={opportunityStages.length} onMove={(by) => put(moved(opportunityStages, i, by), `“${stage}” moved`)} />
              <ActionIcon
                aria-label={`Remove ${stage}`}
                disabled={stage === FIXED_DEAL}
                onClick={() =>
                  put(
                    opportunityStages.filter((one) => one !== stage),
                    `“${stage}” removed`,
                  )
                }
              >
                <X size={14} />
              </ActionIcon>
            </div>
          </div>
        ))}
      </div>
      <form
        className={css.copy}
        style={{ maxWidth: 360, paddingTop: 10 }}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextInput aria-label="New stage of an opportunity" placeholder="New stage" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" disabled={id === ""}>
          Add
        </Button>
      </form>
      <p className={css.effect} style={{ paddingTop: 8 }}>
        Leads move to <StageTag stage="customer" long /> when one is won.
      </p>
    </Part>
  );
}
