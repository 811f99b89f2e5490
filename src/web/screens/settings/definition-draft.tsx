/** The draft of a definition: the difference to what is in force, what it would do, the two signatures; or the editor. */
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { DefinitionText } from "../../../core/definitions/definition.ts";
import { ApiProblem, call } from "../../api/call.ts";
import { refresh } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { Confirm } from "../../parts/confirm.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { EmptyState } from "../../parts/states.tsx";
import { DefinitionEditor } from "./definition-editor.tsx";
import { EffectPanel } from "./definition-effect.tsx";
import { READS } from "./definition-reads.ts";
import { Difference, DefinitionTextView, Signatures } from "./definition-text.tsx";
import css from "./definitions.module.css";
import type { Definition } from "./definitions-section.tsx";
import { Part } from "./section.tsx";
import own from "./settings.module.css";

export function DefinitionDraft({ definition }: { readonly definition: Definition }) {
  const can = useCan();
  const { draft } = definition;
  const [editing, setEditing] = useState(false);
  if (draft === null || editing) {
    if (!can("definitions.edit"))
      return (
        <EmptyState title="There is no draft">
          A change is drafted by marketing, sales managers or revenue operations; then it stands here to be signed.
        </EmptyState>
      );
    return <DefinitionEditor definition={definition} onDone={() => setEditing(false)} {...(draft === null ? {} : { onCancel: () => setEditing(false) })} />;
  }
  return <Drafted definition={definition} draft={draft} onEdit={() => setEditing(true)} />;
}

type Drafted = NonNullable<Definition["draft"]>;

function Drafted({ definition, draft, onEdit }: { readonly definition: Definition; readonly draft: Drafted; readonly onEdit: () => void }) {
  const can = useCan();
  const [withdraws, setWithdraws] = useState(false);
  const text: DefinitionText = draft.text;
  return (
    <>
      <div className={own.note} data-tone={draft.stale ? "late" : undefined}>
        <span>
          {draft.stale
            ? "What is in force changed after this was written. Look at the difference and save the draft again; then it can be signed."
            : draft.asked
              ? `Waits for ${draft.missing.join(" and ")}.`
              : "Still being written: not to be signed yet."}{" "}
          <span className="mut">
            {draft.author === null ? "" : `By ${draft.author.name}, `}
            <When at={draft.at} relative />
            {draft.note === null || draft.note === "" ? "" : `: ${draft.note}`}
          </span>
        </span>
        {can("definitions.edit") && (
          <>
            <Button onClick={onEdit}>Edit draft</Button>
            <Button variant="subtle" onClick={() => setWithdraws(true)}>
              Withdraw
            </Button>
          </>
        )}
      </div>
      <Part title={definition.live === null ? "What it says" : `Different from version ${definition.live.version}`}>
        {definition.live === null ? <DefinitionTextView text={text} /> : <Difference from={definition.live.text} to={text} />}
      </Part>
      <Part title="What it would do">
        {can("definitions.edit") || definition.mine.length > 0 ? (
          <EffectPanel definition={definition} text={text} />
        ) : (
          <p className="mut">Signers see it here.</p>
        )}
      </Part>
      <Part title="Signatures">
        <Signatures signatures={draft.signatures} />
        <SignButtons definition={definition} draft={draft} />
      </Part>
      {withdraws && (
        <Confirm
          title="Withdraw the draft?"
          verb="Withdraw draft"
          onClose={() => setWithdraws(false)}
          onConfirm={async () => {
            await call("withdrawDefinitionDraft", { params: { stage: definition.stage }, ifMatch: definition.revision });
            refresh(...READS);
            toast({ text: "Draft withdrawn" });
          }}
        >
          Its text and signatures go; what is in force stays.
        </Confirm>
      )}
    </>
  );
}

type Side = Definition["mine"][number];

function SignButtons({ definition, draft }: { readonly definition: Definition; readonly draft: Drafted }) {
  const { mine, stage, revision } = definition;
  const [last, setLast] = useState<Side | null>(null);
  const [busy, setBusy] = useState(false);
  const put = async (side: Side, confirmed: boolean): Promise<void> => {
    setBusy(true);
    try {
      const after = await call("signDefinition", { params: { stage }, body: { revision, side, confirmed } });
      refresh(...READS);
      setLast(null);
      toast({ text: after.draft === null ? `Version ${after.live?.version ?? ""} is in force` : `Signed for ${side}` });
    } catch (error) {
      if (error instanceof ApiProblem && error.type === "confirmation-needed") setLast(side);
      else {
        toastProblem(error);
        refresh(...READS);
        setLast(null);
      }
    } finally {
      setBusy(false);
    }
  };
  if (mine.length === 0) return null;
  const completes = draft.missing.length === 1;
  return (
    <p className={css.actions}>
      {mine.map((side) => (
        <Button key={side} variant="filled" loading={busy && last === null} onClick={() => (completes ? setLast(side) : void put(side, false))}>
          Sign for {side}
        </Button>
      ))}
      {mine.length > 1 && <span className="mut">You may sign for one side; the other is another person’s.</span>}
      {last !== null && (
        <Modal opened onClose={() => setLast(null)} title={`Sign for ${last} and bring it into force?`} size={560}>
          <p className={own.about}>Yours is the second signature: from now on every lead is held against this text.</p>
          <EffectPanel definition={definition} text={draft.text} />
          <p className={css.actions} style={{ justifyContent: "flex-end" }}>
            <Button variant="subtle" onClick={() => setLast(null)} data-autofocus>
              Not yet
            </Button>
            <Button variant="filled" loading={busy} onClick={() => void put(last, true)}>
              Sign and bring into force
            </Button>
          </p>
        </Modal>
      )}
    </p>
  );
}
