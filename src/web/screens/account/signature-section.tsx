/** What stands under my mail. */
import { Textarea } from "@mantine/core";
import { call } from "../../api/call.ts";
import { queryClient, query, useRead } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { Loaded } from "../../parts/states.tsx";
import { Section } from "../settings/section.tsx";
import css from "../settings/settings.module.css";

export function SignatureSection() {
  return (
    <Section title="Signature" about="Put under every mail you write to a lead. The same simple markup as in mail: **bold**, *italic*, [words](https://…).">
      <Loaded from={useRead("getSignature")}>{({ signature }) => <Form key={signature} signature={signature} />}</Loaded>
    </Section>
  );
}

function Form({ signature }: { readonly signature: string }) {
  const keep = (answer: { readonly signature: string }): void => void queryClient.setQueryData(query("getSignature").queryKey, { ...answer });
  const form = useForm({
    op: "setSignature",
    initial: { signature },
    input: (values) => ({ body: values }),
    onDone: (answer) => {
      keep(answer);
      toast({ text: "Signature saved", undo: async () => keep(await call("setSignature", { body: { signature } })) });
    },
  });
  return (
    <div className={css.formRow}>
      <FormBody form={form} submit="Save">
        <Textarea label="Signature" rows={6} maxLength={5000} placeholder={"Grace Hopper\n+44 20 7946 0000"} {...form.text("signature")} />
      </FormBody>
    </div>
  );
}
