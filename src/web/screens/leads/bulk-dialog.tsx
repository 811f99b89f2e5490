/** One change for many leads: what exactly, what it will do (run by the server and rolled back), then doing it. */
import { Button, Modal, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Filter } from "../../../core/filter/filter.ts";
import { call, type In, type Out } from "../../api/call.ts";
import { queryClient, query, refresh } from "../../api/query.ts";
import { toast, toastProblem, wordsOf } from "../../app/toasts.tsx";
import { counted, formatNumber } from "../../format/format.ts";
import { PersonPicker, StagePicker, TagField } from "../../parts/fields.tsx";
import { useStages } from "../../parts/lead-parts.tsx";
import type { BulkAction } from "./bulk-bar.tsx";
import css from "./leads.module.css";
import { LEAD_READS } from "./undo.ts";
import type { Selected } from "./use-selection.ts";

type Change = NonNullable<In<"startBulk">["body"]>["change"];
type Preview = Out<"previewBulk">;
type Job = Out<"startBulk">;

export type BulkDialogProps = {
  readonly action: BulkAction;
  readonly selected: Selected;
  readonly size: number;
  readonly filter: Filter | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

const TITLES: Readonly<Record<BulkAction, string>> = { assign: "Assign", stage: "Start a stage", tag: "Tag", delete: "Delete" };
const VERBS: Readonly<Record<BulkAction, string>> = { assign: "Assign", stage: "Start the stage", tag: "Change tags", delete: "Put into the bin" };

export function BulkDialog({ action, selected, size, filter, onClose, onDone }: BulkDialogProps) {
  const [owner, setOwner] = useState<string | null>(null);
  const [stage, setStage] = useState<string | null>(null);
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const stages = useStages();
  const needsReason = action === "stage" && stages.find(({ id }) => id === stage)?.line === "exit";
  const why = reason.trim() === "" ? {} : { reason: reason.trim() };
  const change = changeOf();
  const who = selected.mode === "some" ? { ids: [...selected.ids] } : { filter: filter ?? { and: [] }, except: [...selected.except] };
  const ready = change !== null && (!needsReason || reason.trim() !== "");
  const preview = useQuery({ ...query("previewBulk", { body: { change: change as Change, ...who } }), enabled: ready, staleTime: 0, retry: false });

  function changeOf(): Change | null {
    if (action === "assign") return owner === null ? null : { action, owner, ...why };
    if (action === "stage") return stage === null ? null : { action, stage, ...why };
    if (action === "tag") return add.length + remove.length === 0 ? null : { action, add, remove };
    return { action, ...why };
  }

  const run = async (): Promise<void> => {
    if (change === null) return;
    setBusy(true);
    try {
      const job = await call("startBulk", { body: { change, ...who }, idempotencyKey: crypto.randomUUID() });
      onClose();
      onDone();
      await follow(job);
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={`${TITLES[action]}: ${counted(size, "lead")}`} size={460}>
      <form
        className={css.bulkForm}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void run();
        }}
      >
        {action === "assign" && (
          <PersonPicker
            label="New owner"
            value={owner}
            onChange={setOwner}
            extra={[{ value: "route", label: "By the routing rules" }]}
            data-autofocus
            defaultDropdownOpened
          />
        )}
        {action === "stage" && <StagePicker label="Stage" value={stage} onChange={setStage} data-autofocus defaultDropdownOpened />}
        {action === "tag" && (
          <>
            <TagField label="Add" value={add} onChange={setAdd} data-autofocus />
            <TagField label="Remove" value={remove} onChange={setRemove} />
          </>
        )}
        {action !== "tag" && (
          <Textarea
            label={needsReason ? "Reason" : "Reason (if there is one)"}
            autosize={false}
            rows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {ready && <Effect preview={preview.data} error={preview.error} />}
        <div className={css.bulkActions}>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="filled" color={action === "delete" ? "red" : undefined} disabled={!ready} loading={busy}>
            {VERBS[action]}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Effect({ preview, error }: { readonly preview: Preview | undefined; readonly error: Error | null }) {
  if (error !== null)
    return (
      <p className={css.effect} role="alert">
        {wordsOf(error)}
      </p>
    );
  if (preview === undefined)
    return (
      <p className={css.effect} aria-live="polite">
        Looking what it will do…
      </p>
    );
  const { leads, exact, sampled, changed, unchanged, failed, by, failures } = preview;
  const sample = sampled < leads ? ` (of ${formatNumber(sampled)} looked at)` : "";
  return (
    <div className={css.effect} aria-live="polite">
      <p>
        <b>
          {exact ? "" : "about "}
          {counted(leads, "lead")}
        </b>
        : {formatNumber(changed)} change, {formatNumber(unchanged)} stay as they are{failed > 0 ? `, ${formatNumber(failed)} cannot` : ""}
        {sample}
      </p>
      <ul>
        {by.slice(0, 6).map(({ from, to, count }) => (
          <li key={`${from} ${to}`}>
            {from} → {to} <span className="mut">{formatNumber(count)}</span>
          </li>
        ))}
        {failures.slice(0, 3).map(({ lead, name, reason }) => (
          <li key={lead} className="late">
            {name}: {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Waits for a long one, telling how far it is; says at the end what became of it. */
async function follow(first: Job): Promise<void> {
  let job = first;
  if (job.state === "running") toast({ text: `Changing ${counted(job.leads, "lead")}; this goes on when you leave.` });
  while (job.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    job = await call("getBulk", { params: { id: job.id } });
  }
  refresh(...LEAD_READS);
  const words = [
    `${counted(job.changed, "lead")} changed`,
    job.unchanged > 0 ? `${formatNumber(job.unchanged)} were so already` : "",
    job.failed > 0 ? `${formatNumber(job.failed)} could not be` : "",
  ];
  toast({
    text: words.filter((word) => word !== "").join(", "),
    ...(job.undoable ? { undo: () => takeBack(job.id) } : {}),
  });
}

async function takeBack(id: string): Promise<void> {
  let job = await call("undoBulk", { params: { id } });
  while (job.state === "undoing") {
    await new Promise((resolve) => setTimeout(resolve, 700));
    job = await call("getBulk", { params: { id } });
  }
  refresh(...LEAD_READS);
  await queryClient.invalidateQueries({ queryKey: ["leads-window"] });
  if (job.kept > 0) toast({ text: `${counted(job.kept, "lead")} stayed: something else happened to them since.` });
}
