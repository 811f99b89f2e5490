/** Writing a definition: words, conditions, what must be known, ways out; beside it at once what it would do. */
import { ActionIcon, Button, NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { type DefinitionText, sameText } from "../../../core/definitions/definition.ts";
import { ApiProblem, call } from "../../api/call.ts";
import { refresh, useRead } from "../../api/query.ts";
import { toast, wordsOf } from "../../app/toasts.tsx";
import { useStages } from "../../parts/lead-parts.tsx";
import { ConditionField, useFilterFields } from "./condition.tsx";
import { EffectPanel } from "./definition-effect.tsx";
import { READS } from "./definition-reads.ts";
import { Difference } from "./definition-text.tsx";
import { thresholdOf } from "./definitions.tsx";
import css from "./definitions.module.css";
import type { Definition } from "./definitions-section.tsx";
import { Part } from "./section.tsx";

type EditorProps = { readonly definition: Definition; readonly onDone: () => void; readonly onCancel?: () => void };

export function DefinitionEditor({ definition, onDone, onCancel }: EditorProps) {
  const { stage, label, live, draft } = definition;
  // What the change is made on: should somebody else save meanwhile, saving says so.
  const [base] = useState(definition.revision);
  const [text, setText] = useState<DefinitionText>(
    () => draft?.text ?? live?.text ?? { label, meaning: "", owner: "", criteria: { and: [] }, answers: [], exits: [] },
  );
  const [note, setNote] = useState(draft?.note ?? "");
  const [problem, setProblem] = useState<{ readonly words: string; readonly at: ReadonlyMap<string, string> } | null>(null);
  const [busy, setBusy] = useState<"ask" | "keep" | null>(null);
  const change = (part: Partial<DefinitionText>): void => {
    setText({ ...text, ...part });
    setProblem(null);
  };
  const save = async (ask: boolean): Promise<void> => {
    setBusy(ask ? "ask" : "keep");
    try {
      await call("saveDefinitionDraft", {
        params: { stage },
        body: { text: text as never, note: note.trim() === "" ? null : note.trim(), ask },
        ifMatch: base,
      });
      refresh(...READS);
      toast({ text: ask ? "Saved; its signers have been told" : "Draft saved" });
      onDone();
    } catch (error) {
      const at = new Map(error instanceof ApiProblem ? (error.problem.errors ?? []).map(({ path, message }) => [path.replace(/^text\./, ""), message]) : []);
      setProblem({ words: wordsOf(error), at });
    } finally {
      setBusy(null);
    }
  };
  const threshold = thresholdOf(text.criteria);
  const errorAt = (path: string): string | undefined =>
    [...(problem?.at ?? [])].find(([where]) => where === path || where.startsWith(`${path}.`) || where.startsWith(`${path}[`))?.[1];
  const nothingNew = sameText(text, live?.text ?? null);
  return (
    <form
      className={css.editor}
      onSubmit={(event) => {
        event.preventDefault();
        void save(true);
      }}
    >
      <div className={css.fields}>
        <TextInput label="Called" required value={text.label} error={errorAt("label")} onChange={(event) => change({ label: event.currentTarget.value })} />
        <Textarea
          label="What it means"
          description="In the words of marketing and sales."
          autosize
          minRows={2}
          value={text.meaning}
          error={errorAt("meaning")}
          onChange={(event) => change({ meaning: event.currentTarget.value })}
        />
        <OwnerField value={text.owner} onChange={(owner) => change({ owner })} />
        {threshold !== null && (
          <NumberInput
            label="Score of at least"
            value={threshold}
            onChange={(value) => typeof value === "number" && change({ criteria: { field: "score", op: "gte", value } })}
          />
        )}
        <div>
          <ConditionField label="What it asks" value={text.criteria} everything="Everybody" onChange={(next) => change({ criteria: next ?? { and: [] } })} />
          {errorAt("criteria") !== undefined && <p className={css.wrong}>{errorAt("criteria")}</p>}
        </div>
        <Answers value={text.answers} error={errorAt("answers")} onChange={(answers) => change({ answers })} />
        <Exits value={text.exits} own={stage} error={errorAt("exits")} onChange={(exits) => change({ exits })} />
        <TextInput
          label="Why it changes"
          description="Stands beside the draft and in the audit."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {problem !== null && (
          <p className={css.wrong} role="alert">
            {problem.words}
          </p>
        )}
        <p className={css.actions}>
          <Button type="submit" variant="filled" loading={busy === "ask"} disabled={nothingNew || busy !== null}>
            Save and ask for signatures
          </Button>
          <Button loading={busy === "keep"} disabled={nothingNew || busy !== null} onClick={() => void save(false)}>
            Save draft
          </Button>
          {onCancel !== undefined && (
            <Button variant="subtle" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </p>
      </div>
      <div className={css.beside}>
        <Part title="What it would do">
          <EffectPanel definition={definition} text={text} />
        </Part>
        {live !== null && (
          <Part title={`Different from version ${live.version}`}>
            <Difference from={live.text} to={text} />
          </Part>
        )}
      </div>
    </form>
  );
}

const SIDES = ["Marketing", "Sales", "Customer success"];

function OwnerField({ value, onChange }: { readonly value: string; readonly onChange: (next: string) => void }) {
  const id = useId();
  const teams = useRead("getConfig").data?.config.teams.map(({ name }) => name) ?? [];
  return (
    <>
      <TextInput label="Who answers for it" description="A team." list={id} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
      <datalist id={id}>
        {[...new Set([...SIDES, ...teams])].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** Nobody answers a score or a count; those stand in the conditions. */
const NOT_ASKED = ["score", "heat", "stage", "status", "stageAt", "owner", "team", "updatedAt", "import", "createdAt", "capturedAt"];

type ListProps<T> = { readonly value: readonly T[]; readonly onChange: (next: readonly T[]) => void; readonly error: string | undefined };

function Answers({ value, onChange, error }: ListProps<string>) {
  const fields = useFilterFields().filter(({ field, type }) => type !== "touches" && !NOT_ASKED.includes(field) && !field.startsWith("scores."));
  const label = (name: string): string => fields.find(({ field }) => field === name)?.label ?? name;
  return (
    <fieldset className={css.list}>
      <legend>Must be known</legend>
      {value.map((name) => (
        <div key={name} className={css.item}>
          <span>{label(name)}</span>
          <ActionIcon aria-label={`Do not ask for ${label(name)}`} onClick={() => onChange(value.filter((one) => one !== name))}>
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      <NativeSelect
        aria-label="Add what must be known"
        value=""
        data={[
          { value: "", label: "Add…" },
          ...fields.filter(({ field }) => !value.includes(field)).map(({ field, label: name }) => ({ value: field, label: name })),
        ]}
        error={error}
        onChange={(event) => event.currentTarget.value !== "" && onChange([...value, event.currentTarget.value])}
      />
    </fieldset>
  );
}

function Exits({ value, onChange, error, own }: ListProps<DefinitionText["exits"][number]> & { readonly own: string }) {
  const exits = useStages().filter(({ id, line }) => line === "exit" && id !== own);
  const label = (id: string): string => exits.find((stage) => stage.id === id)?.label ?? id;
  const free = exits.filter(({ id }) => !value.some(({ stage }) => stage === id));
  return (
    <fieldset className={css.list}>
      <legend>Ways out</legend>
      {value.map((exit, i) => (
        <div key={exit.stage} className={css.item}>
          <TextInput
            label={label(exit.stage)}
            placeholder="When a lead goes there"
            value={exit.when}
            onChange={(event) => onChange(value.with(i, { ...exit, when: event.currentTarget.value }))}
          />
          <ActionIcon aria-label={`Remove ${label(exit.stage)}`} onClick={() => onChange(value.filter((one) => one !== exit))}>
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      {free.length > 0 && (
        <NativeSelect
          aria-label="Add a way out"
          value=""
          data={[{ value: "", label: "Add…" }, ...free.map(({ id, label: name }) => ({ value: id, label: name }))]}
          error={error}
          onChange={(event) => event.currentTarget.value !== "" && onChange([...value, { stage: event.currentTarget.value, when: "" }])}
        />
      )}
    </fieldset>
  );
}
