/** What is still missing when an opportunity ends: why it was lost, or what it was worth. */
import { Button, Modal, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { toastProblem } from "../../app/toasts.tsx";
import { MoneyField } from "../../parts/fields.tsx";
import { type Deal, editDeal } from "./deals.ts";
import css from "./pipeline.module.css";

export type CloseDialogProps = {
  readonly deal: Deal;
  readonly stage: "won" | "lost";
  readonly onMove: (reason?: string) => void;
  readonly onClose: () => void;
};

const OFTEN = ["Price", "Chose a competitor", "No decision", "Bad timing", "Missing function"];

export function CloseDialog({ deal, stage, onMove, onClose }: CloseDialogProps) {
  const [reason, setReason] = useState("");
  const [value, setValue] = useState(deal.value);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (stage === "lost") {
      if (reason.trim() === "") return setError("Say why in a word or two: it is what reports on losses are made of.");
      return onMove(reason.trim());
    }
    setBusy(true);
    try {
      if (value !== null) await editDeal(deal, { value }, `${deal.name}: amount set`);
      onMove();
    } catch (problem) {
      toastProblem(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={stage === "lost" ? `Why was ${deal.name} lost?` : `Mark ${deal.name} as won`}
      size={420}
      closeOnClickOutside={reason === ""}
    >
      <form className={css.closing} onSubmit={(event) => void submit(event)} noValidate>
        {stage === "lost" ? (
          <>
            <Textarea
              label="Reason"
              rows={2}
              data-autofocus
              value={reason}
              error={error}
              maxLength={2000}
              onChange={(event) => {
                setError(null);
                setReason(event.currentTarget.value);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) void submit(event);
              }}
            />
            <div className={css.often} role="group" aria-label="Frequent reasons">
              {OFTEN.map((one) => (
                <button key={one} type="button" onClick={() => setReason(one)}>
                  {one}
                </button>
              ))}
            </div>
          </>
        ) : (
          <MoneyField
            label="What is it worth?"
            description="Nobody has said so yet. Left empty it counts in no sum."
            data-autofocus
            value={value}
            onChange={setValue}
          />
        )}
        <div className={css.closingActs}>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="filled" loading={busy}>
            {stage === "lost" ? "Mark as lost" : "Mark as won"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
