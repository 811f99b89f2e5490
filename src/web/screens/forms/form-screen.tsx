/** One form: its texts, fields, consent and what follows, beside the page as a visitor will see it. */
import { Button, Switch } from "@mantine/core";
import { getRouteApi, Link, useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { ApiProblem, call, type Out } from "../../api/call.ts";
import { query, queryClient, refresh, useRead } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { formatNumber } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { type Form, useForm } from "../../parts/form.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Loaded } from "../../parts/states.tsx";
import { Embed } from "./embed.tsx";
import { FieldList } from "./field-list.tsx";
import { bodyOf, type FormJson, type Values, valuesOf } from "./form-values.ts";
import { leadsOfForm } from "./form-links.ts";
import { FormPreview } from "./form-preview.tsx";
import css from "./forms.module.css";
import { After, Consent, Texts } from "./texts.tsx";

const route = getRouteApi("/shell/forms/$formId");

export function FormScreen() {
  const { formId } = route.useParams();
  const found = useRead("getForm", { params: { id: formId } });
  if (found.data !== undefined) return <Editor key={formId} saved={found.data} />;
  return (
    <Screen title="Form" padded>
      <Loaded from={found}>{() => null}</Loaded>
    </Screen>
  );
}

function Editor({ saved }: { readonly saved: FormJson }) {
  const { id } = saved;
  // The version that is being edited: somebody else's may be newer, which saving finds out.
  const [base, setBase] = useState(saved);
  const [clash, setClash] = useState(false);
  const keep = (answer: Out<"getForm">): void => {
    setBase(answer);
    setClash(false);
    queryClient.setQueryData(query("getForm", { params: { id } }).queryKey, answer);
    refresh("listForms", "listLeadFields");
  };
  const form = useForm({
    op: "editForm",
    initial: valuesOf(saved),
    input: (values: Values) => ({ params: { id }, body: bodyOf(values), ifMatch: base.version }),
    onDone: (answer) => {
      const before = bodyOf(valuesOf(base));
      keep(answer);
      toast({
        text: "Saved. The page shows it at once.",
        undo: async () => {
          const back = await call("editForm", { params: { id }, body: before, ifMatch: answer.version });
          keep(back);
          form.set(valuesOf(back));
        },
      });
    },
    onProblem: (problem: ApiProblem) => {
      if (problem.status !== 412) return false;
      setClash(true);
      return true;
    },
  });
  const dirty = JSON.stringify(form.values) !== JSON.stringify(valuesOf(base));
  const overwrite = async (): Promise<void> => {
    try {
      const theirs = await call("getForm", { params: { id } });
      keep(await call("editForm", { params: { id }, body: bodyOf(form.values), ifMatch: theirs.version }));
      toast({ text: "Saved over the other change." });
    } catch (error) {
      toastProblem(error);
    }
  };
  const takeTheirs = async (): Promise<void> => {
    try {
      const theirs = await call("getForm", { params: { id } });
      keep(theirs);
      form.set(valuesOf(theirs));
    } catch (error) {
      toastProblem(error);
    }
  };
  const leaving = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true });
  const save = (): void => {
    if (dirty) form.submit();
  };
  useKeys([
    { keys: "mod+s", label: "Save the form", scope: "This screen", whileTyping: true, run: save },
    { keys: "mod+Enter", label: "Save the form", scope: "This screen", whileTyping: true, hidden: true, run: save },
  ]);
  return (
    <Screen
      title={base.name}
      heading={
        <>
          <Link to="/forms" className={css.back}>
            Forms
          </Link>
          <span className="mut" aria-hidden>
            /
          </span>
          <h1 className="cut">{base.name}</h1>
          <Numbers form={base} />
        </>
      }
      actions={
        <Button variant="filled" disabled={!dirty} loading={form.busy} onClick={save} aria-keyshortcuts="Control+S">
          <span className={css.save}>
            Save <kbd>{keyLabel("mod+s")}</kbd>
          </span>
        </Button>
      }
    >
      <div className={css.editor}>
        <form className={css.edit} onSubmit={form.submit} noValidate aria-label="Form">
          {clash && (
            <div className={css.problem} role="alert">
              Somebody else changed this form meanwhile; nothing of yours was saved yet.
              <Button onClick={() => void overwrite()}>Save mine over it</Button>
              <Button variant="subtle" onClick={() => void takeTheirs()}>
                Drop mine, show theirs
              </Button>
            </div>
          )}
          {form.problem !== null && (
            <p className={css.problem} role="alert">
              {form.problem}
            </p>
          )}
          <ActiveSwitch form={form} />
          <Texts form={form} />
          <FieldList form={form} />
          <Consent form={form} version={base.consentVersion} changed={form.values.consent?.text !== base.consent?.text} />
          <After form={form} />
          <Embed form={base} dirty={dirty} onRotated={keep} />
          <button type="submit" hidden />
        </form>
        <FormPreview values={form.values} url={base.url} dirty={dirty} />
      </div>
      {leaving.status === "blocked" && (
        <Confirm title="Leave without saving?" verb="Leave" onClose={leaving.reset} onConfirm={leaving.proceed}>
          What you changed in “{base.name}” is not saved yet.
        </Confirm>
      )}
    </Screen>
  );
}

function Numbers({ form: { id, submissions } }: { readonly form: FormJson }) {
  if (submissions.lastAt === null) return <span className={`${css.numbers} mut`}>no submissions yet</span>;
  return (
    <span className={`${css.numbers} mut`}>
      <Link to="/leads" search={leadsOfForm(id)}>
        {formatNumber(submissions.last30Days)} in 30 days
      </Link>
      {submissions.quarantined > 0 && (
        <>
          , <Link to="/held">{formatNumber(submissions.quarantined)} kept aside</Link>
        </>
      )}
    </span>
  );
}

function ActiveSwitch({ form }: { readonly form: Form<Values> }) {
  return (
    <Switch
      label="Takes submissions"
      description={form.values.active ? undefined : "The page says that the form is closed."}
      checked={form.values.active}
      onChange={(event) => form.set({ active: event.currentTarget.checked })}
    />
  );
}
