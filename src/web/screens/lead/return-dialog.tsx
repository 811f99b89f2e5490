/** A lead goes back to marketing: one key chooses why, any other reason is typed. */
import { Modal, TextInput } from "@mantine/core";
import { leadName } from "../../format/format.ts";
import { FormBody, useForm } from "../../parts/form.tsx";
import { Choice } from "./choice.tsx";
import type { LeadDialogProps } from "./lead-dialogs.tsx";
import { settle } from "./lead-writes.ts";
import { chooseByDigit, ReasonChoices, useReturnReasons } from "./reason-choices.tsx";

export function ReturnDialog({ lead, onClose, onDone }: LeadDialogProps) {
  const form = useForm({
    op: "rejectLead",
    initial: { reason: "", status: "nurture" as "nurture" | "dead" },
    input: ({ reason, status }) => ({ params: { id: lead.id }, body: { reason: reason.trim(), status } }),
    check: ({ reason }) => (reason.trim() === "" ? { reason: "Say why, so that marketing can do better." } : {}),
    onDone: (answer) => {
      onClose();
      settle(answer, `${leadName(lead)} went back to marketing`);
      onDone?.();
    },
  });
  const reasons = useReturnReasons(true);
  const choose = (reason: string): void => form.submitWith({ reason });
  return (
    <Modal opened onClose={onClose} title={`Return ${leadName(lead)} to marketing`} size={420} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Return" cancel={onClose}>
        <ReasonChoices reasons={reasons} onChoose={choose} />
        <TextInput
          label="Reason"
          required
          data-autofocus
          autoFocus
          placeholder={reasons.length === 0 ? "What speaks against it?" : `1 to ${reasons.length}, or what else speaks against it`}
          onKeyDown={chooseByDigit(reasons, choose)}
          {...form.text("reason")}
        />
        <Choice
          label="What then"
          options={[
            { value: "nurture", label: "Keep in touch" },
            { value: "dead", label: "Leave in peace" },
          ]}
          value={form.values.status}
          onChange={(status) => form.set({ status: status as "nurture" | "dead" })}
        />
      </FormBody>
    </Modal>
  );
}
