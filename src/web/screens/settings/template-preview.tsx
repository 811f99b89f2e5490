/** A template as a real lead would get it, by the code that sends: as a mail program shows it, and as text alone. */
import { SegmentedControl, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { createElement, type ReactNode, useState } from "react";
import { query, useRead } from "../../api/query.ts";
import { wordsOf } from "../../app/toasts.tsx";
import { leadName } from "../../format/format.ts";
import { type MailNode, readMailHtml } from "./mail-html.ts";
import css from "./settings.module.css";

const WITH_ADDRESS = JSON.stringify({ field: "email", op: "isEmpty", value: false });

export function TemplatePreview({ subject, body }: { readonly subject: string; readonly body: string }) {
  const leads = useRead("listLeads", { query: { filter: WITH_ADDRESS, sort: "-capturedAt", limit: 20 } }).data?.items ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [as, setAs] = useState<"mail" | "text">("mail");
  const lead = chosen ?? leads[0]?.id ?? null;
  const [draft] = useDebouncedValue(JSON.stringify({ subject, body }), 250);
  const seen = useQuery({
    ...query("previewMail", { params: { id: lead ?? "" }, body: JSON.parse(draft) as { subject: string; body: string } }),
    enabled: lead !== null,
    placeholderData: (old) => old,
    retry: false,
  });
  return (
    <section className={css.preview} aria-label="Preview">
      <Select
        label="As this lead would get it"
        searchable
        data={leads.map((one) => ({ value: one.id, label: leadName(one) }))}
        value={lead}
        onChange={setChosen}
        placeholder="There is no lead with an e-mail address yet"
      />
      {seen.error !== null ? (
        <p className={css.alert} role="alert">
          {wordsOf(seen.error)}
        </p>
      ) : (
        seen.data !== undefined && (
          <>
            <div className={css.previewHead}>
              <p className={css.label}>{seen.data.subject}</p>
              <SegmentedControl
                aria-label="Show the mail as"
                size="xs"
                value={as}
                data={[
                  { value: "mail", label: "Mail" },
                  { value: "text", label: "Text" },
                ]}
                onChange={(next) => setAs(next as "mail" | "text")}
              />
            </div>
            {seen.data.refused !== null && <p className={css.effect}>Would not be sent to this lead: {seen.data.refused}</p>}
            {as === "text" ? <div className={css.pre}>{seen.data.text}</div> : <div className={css.letter}>{drawn(readMailHtml(seen.data.html))}</div>}
          </>
        )
      )}
    </section>
  );
}

/** Links show where they lead and are not followed: a preview is nobody's click. A heading of the mail is none of the page. */
function drawn(nodes: readonly MailNode[]): ReactNode {
  return nodes.map((node, i) => {
    if (typeof node === "string") return node;
    if (node.element === "br") return <br key={i} />;
    if (node.element === "a")
      return (
        <span key={i} className={css.link} title={node.url}>
          {drawn(node.children)}
        </span>
      );
    return createElement(node.element === "h2" ? "p" : node.element, { key: i, "data-heading": node.element === "h2" ? "" : undefined }, drawn(node.children));
  });
}
