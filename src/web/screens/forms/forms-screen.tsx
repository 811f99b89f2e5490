/** Forms: every one there is, where it is, and what came in by it. */
import { Button, Modal, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { Out } from "../../api/call.ts";
import { useLive } from "../../api/live.ts";
import { query, refresh } from "../../api/query.ts";
import { counted, formatNumber } from "../../format/format.ts";
import { useKeys } from "../../keys/keys.ts";
import { FormBody, useForm } from "../../parts/form.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Loaded } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import { CopyButton } from "./copy.tsx";
import { leadsOfForm } from "./form-links.ts";
import css from "./forms.module.css";

type One = Out<"listForms">["items"][number];

export function FormsScreen() {
  // Submissions are no topic of the live stream, so the numbers are asked for whenever one comes here, and when leads changed.
  const forms = useQuery({ ...query("listForms"), staleTime: 0 });
  const soon = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useLive(({ type }) => {
    if (type !== "leads") return;
    clearTimeout(soon.current);
    soon.current = setTimeout(() => refresh("listForms"), 1000);
  });
  const [making, setMaking] = useState(false);
  useKeys([{ keys: "n", label: "New form", scope: "This screen", command: true, run: () => setMaking(true) }]);
  return (
    <Screen
      title="Forms"
      padded
      actions={
        <Button variant="filled" onClick={() => setMaking(true)} aria-keyshortcuts="n">
          New form
        </Button>
      }
    >
      <Loaded from={forms}>
        {({ items }) => (
          <>
            <table className={`${table.plain} ${css.forms}`}>
              <thead>
                <tr>
                  <th>Form</th>
                  <th>State</th>
                  <th className={table.right}>Submissions, 30 days</th>
                  <th className={table.right}>Kept aside</th>
                  <th>Last one</th>
                  <th>
                    <span className="out">Address</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((form) => (
                  <Row key={form.id} form={form} />
                ))}
              </tbody>
            </table>
            {items.length === 1 && items[0]?.submissions.lastAt === null && (
              <p className={css.hint}>
                This one is ready: open its page, or put it on your website. Whoever sends it is a lead before he reads the thank-you page.
              </p>
            )}
          </>
        )}
      </Loaded>
      {making && <NewForm onClose={() => setMaking(false)} />}
    </Screen>
  );
}

function Row({ form }: { readonly form: One }) {
  const { id, name, title, isDefault, active, submissions, url } = form;
  return (
    <tr>
      <td>
        <Link to="/forms/$formId" params={{ formId: id }} className={css.name}>
          {name}
        </Link>{" "}
        <span className="mut">{isDefault ? "default" : title === name ? "" : title}</span>
      </td>
      <td>
        <span className={css.state} data-active={active || undefined}>
          <i aria-hidden />
          {active ? "Open" : "Closed"}
        </span>
      </td>
      <td className={`${table.right} num`}>
        {submissions.last30Days === 0 ? (
          <span className="mut">0</span>
        ) : (
          <Link to="/leads" search={leadsOfForm(id)} aria-label={`${counted(submissions.last30Days, "submission")}: show the leads`}>
            {formatNumber(submissions.last30Days)}
          </Link>
        )}
      </td>
      <td className={`${table.right} num`}>
        {submissions.quarantined === 0 ? (
          <span className="mut">0</span>
        ) : (
          <Link to="/held" aria-label={`${formatNumber(submissions.quarantined)} kept aside as spam: show held inputs`}>
            {formatNumber(submissions.quarantined)}
          </Link>
        )}
      </td>
      <td>{submissions.lastAt === null ? <span className="mut">none yet</span> : <When at={submissions.lastAt} relative />}</td>
      <td className={css.acts}>
        <CopyButton text={url} label={`Copy the link of ${name}`}>
          Copy link
        </CopyButton>
        <a href={url} target="_blank" rel="noreferrer" aria-label={`Open the page of ${name}`}>
          Open
        </a>
      </td>
    </tr>
  );
}

function NewForm({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter();
  const form = useForm({
    op: "createForm",
    initial: { name: "" },
    input: ({ name }) => ({ body: { name: name.trim(), source: name.trim() } }),
    check: ({ name }) => (name.trim() === "" ? { name: "Give it a name, as “Webinar March”." } : {}),
    refreshes: ["listForms", "listLeadFields"],
    onDone: ({ id }) => {
      onClose();
      void router.navigate({ to: "/forms/$formId", params: { formId: id } });
    },
  });
  return (
    <Modal opened onClose={onClose} title="New form" size={420} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Make the form" cancel={onClose}>
        <TextInput
          label="Name"
          description="For yourselves, and the source of its leads. Fields and texts begin as in the default form."
          data-autofocus
          {...form.text("name")}
        />
      </FormBody>
    </Modal>
  );
}
