/** Putting the form on a website: its address, a plain form to paste, a frame; and a new address when the old one is abused. */
import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { call } from "../../api/call.ts";
import { toast } from "../../app/toasts.tsx";
import { Confirm } from "../../parts/confirm.tsx";
import { CopyButton } from "./copy.tsx";
import type { FormJson } from "./form-values.ts";
import css from "./forms.module.css";

type Way = "link" | "html" | "frame";

const HINTS: Readonly<Record<Way, string>> = {
  link: "For mails and posts. Add ?utm_source=… and it is kept with the lead.",
  html: "Paste it into a page and style it as you like. It needs no script.",
  frame: "The hosted page inside of yours. It follows every change made here.",
};

export function Embed({ form, dirty, onRotated }: { readonly form: FormJson; readonly dirty: boolean; readonly onRotated: (form: FormJson) => void }) {
  const [way, setWay] = useState<Way>("link");
  const [asking, setAsking] = useState(false);
  const snippet = way === "link" ? form.url : way === "html" ? form.embed.html : form.embed.iframe;
  return (
    <section className={css.part} aria-labelledby="embed">
      <h2 id="embed">On your website</h2>
      <SegmentedControl
        aria-label="How it is embedded"
        className={css.ways ?? ""}
        value={way}
        onChange={(next) => setWay(next as Way)}
        data={[
          { value: "link", label: "Link" },
          { value: "html", label: "Plain HTML" },
          { value: "frame", label: "Frame" },
        ]}
      />
      <pre className={css.snippet} tabIndex={0} aria-label="To copy">
        {snippet}
      </pre>
      <div className={css.embedLine}>
        <CopyButton text={snippet} label={way === "link" ? "Copy the link" : "Copy the snippet"}>
          Copy
        </CopyButton>
        <span className="mut">{dirty && way !== "link" ? "As saved; save first to have your changes in it." : HINTS[way]}</span>
      </div>
      <div className={css.embedLine}>
        <Button variant="subtle" onClick={() => setAsking(true)}>
          New address…
        </Button>
      </div>
      {asking && (
        <Confirm
          title="Give this form a new address?"
          verb="Change the address"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            onRotated(await call("rotateFormKey", { params: { id: form.id }, idempotencyKey: crypto.randomUUID() }));
            toast({ text: "The form has a new address. The old one is closed." });
          }}
        >
          The old address stops within two seconds: links to it and forms pasted into pages send nothing any more until they are replaced. This cannot be
          undone.
        </Confirm>
      )}
    </section>
  );
}
