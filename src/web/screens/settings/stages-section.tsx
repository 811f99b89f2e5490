/** Stages: what they are called, and what moves a lead into each. Their ids stay: facts and reports are kept under them. */
import { ActionIcon, Button, Checkbox, Modal, TextInput } from "@mantine/core";
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
  definition: "Entered when its definition is met (see Definitions).",
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
                  <>
                    <TextSetting
                      ids={ids}
                      value={stage.label}
                      required
                      onSave={(label) =>
                        publishWithUndo(config, { ...config, stages: config.stages.with(i, { ...stage, label }) }, `“${stage.label}” is “${label}” now`)
                      }
                    />
                    <Ways
                      stage={stage}
                      stages={config.stages}
                      onChange={(next) => {
                        const { next: _, ...free } = stage;
                        const changed: Stage = next === null ? free : { ...free, next };
                        void publishWithUndo(config, { ...config, stages: config.stages.with(i, changed) }, `Ways out of “${stage.label}” changed`).catch(
                          toastProblem,
                        );
                      }}
                    />
                  </>
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

type WaysProps = {
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  /** Null: anywhere. */
  readonly onChange: (next: readonly string[] | null) => void;
};

/** Where people may move a lead from here by hand; definitions, next steps and deals go their own way. */
function Ways(props: WaysProps) {
  const { stage, stages } = props;
  const [open, setOpen] = useState(false);
  const { next } = stage;
  const words =
    next === undefined
      ? "Moved by hand anywhere"
      : next.length === 0
        ? "Moved by hand nowhere"
        : `Moved by hand to ${next.length} of ${stages.length - 1} stages`;
  return (
    <>
      <Button variant="subtle" aria-label={`${stage.label}: ${words}`} onClick={() => setOpen(true)}>
        {words}
      </Button>
      {open && <WaysDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function WaysDialog({ stage, stages, onChange, onClose }: WaysProps & { readonly onClose: () => void }) {
  const [next, setNext] = useState<readonly string[] | null>(stage.next ?? null);
  const others = stages.filter(({ id }) => id !== stage.id);
  const isOn = (id: string): boolean => next === null || next.includes(id);
  return (
    <Modal opened onClose={onClose} title={`Where people may move a lead from “${stage.label}”`} size={420}>
      <div style={{ display: "grid", gap: 8 }}>
        <Checkbox
          label="Anywhere"
          data-autofocus
          checked={next === null}
          onChange={(event) => setNext(event.currentTarget.checked ? null : others.map(({ id }) => id))}
        />
        {others.map(({ id, label }) => (
          <Checkbox
            key={id}
            label={label}
            checked={isOn(id)}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              setNext(others.flatMap((other) => ((other.id === id ? checked : isOn(other.id)) ? [other.id] : [])));
            }}
          />
        ))}
      </div>
      <div className={css.rowActions} style={{ justifyContent: "flex-end", paddingTop: 16 }}>
        <Button variant="subtle" onClick={onClose}>
          Cancel
        </Button>
        <Button
          variant="filled"
          onClick={() => {
            onChange(next);
            onClose();
          }}
        >
          Save
        </Button>
      </div>
    </Modal>
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
