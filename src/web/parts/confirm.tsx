/** Asks before something that cannot be undone. What can be undone is done, with Undo in its toast. */
import { Button, Modal } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { toastProblem } from "../app/toasts.tsx";
import css from "./small.module.css";

export type ConfirmProps = {
  readonly title: string;
  readonly children: ReactNode;
  /** On the button: "Revoke key". */
  readonly verb: string;
  readonly onConfirm: () => unknown;
  readonly onClose: () => void;
};

export function Confirm({ title, children, verb, onConfirm, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size={420} role="alertdialog">
      <div style={{ color: "var(--ink-2)", paddingBottom: 16 }}>{children}</div>
      <div className={css.formActions}>
        <Button variant="subtle" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button variant="filled" color="red" loading={busy} onClick={() => void confirm()}>
          {verb}
        </Button>
      </div>
    </Modal>
  );
}
