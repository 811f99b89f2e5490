/**
 * The wizard on one page: how the file is read, where its columns go, and what will become of its rows, told by the run's
 * own code. Whatever is changed is saved and tried at once; nothing is imported before one says so.
 */
import { Button } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useRef } from "react";
import { call } from "../../api/call.ts";
import { query, queryClient, refresh, useRead, useWrite } from "../../api/query.ts";
import { toast, wordsOf } from "../../app/toasts.tsx";
import { formatNumber } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { Screen } from "../../parts/screen.tsx";
import { Choices } from "./choices.tsx";
import { rowWords } from "./file-words.ts";
import { Trail } from "./import-screen.tsx";
import css from "./import.module.css";
import { Mapping } from "./mapping.tsx";
import { Reading } from "./reading.tsx";
import { Results } from "./results.tsx";
import { type Import, type Settings, type Survey, useDraft } from "./use-draft.ts";

export function Wizard({ draft: { id, name }, settings, survey }: { readonly draft: Import; readonly settings: Settings; readonly survey: Survey }) {
  const draft = useDraft(id, { settings, survey });
  const router = useRouter();
  const fields = useRead("getConfig").data?.config.fields ?? [];
  const mapped = draft.settings.columns.filter(({ target }) => target !== null).length;
  const rows = draft.survey.rows;
  const ready = mapped > 0 && rows > 0 && draft.problem === null;
  const main = useRef<HTMLDivElement>(null);
  const start = useWrite("startImport", {
    onDone: (answer) => {
      queryClient.setQueryData(query("getImport", { params: { id } }).queryKey, answer);
      refresh("listImports", "getConfig", "listLeadFields");
    },
  });
  const begin = (): void => {
    if (ready && !draft.saving && !start.isPending) start.mutate({ params: { id } });
  };
  const discard = async (): Promise<void> => {
    try {
      await call("cancelImport", { params: { id } });
      refresh("listImports", "getImport");
      void router.navigate({ to: "/import" });
      toast({ text: `“${name}” is not imported. The draft was thrown away.` });
    } catch (error) {
      toast({ text: wordsOf(error), tone: "problem" });
    }
  };
  useKeys([{ keys: "mod+Enter", label: "Start the import", scope: "This screen", whileTyping: true, run: begin }]);
  const words = `Import ${rowWords(draft.survey)}`;
  return (
    <Screen
      title={name}
      heading={<Trail name={name} />}
      actions={
        <>
          <Button variant="subtle" onClick={() => void discard()} className={css.discard}>
            Discard
          </Button>
          <Button variant="filled" disabled={!ready} loading={start.isPending} onClick={begin} aria-keyshortcuts="Control+Enter" className={css.start}>
            <span>
              {words} <kbd>{keyLabel("mod+Enter")}</kbd>
            </span>
          </Button>
        </>
      }
    >
      <div className={css.wizard} ref={main}>
        <div className={css.left}>
          {draft.problem !== null && (
            <p className={css.refused} role="alert">
              {wordsOf(draft.problem)} What you chose is still here.{" "}
              <button type="button" onClick={draft.retry}>
                Try again
              </button>
            </p>
          )}
          <Reading draft={draft} />
          <Mapping draft={draft} fields={fields} />
          <Choices draft={draft} />
          <Button variant="subtle" color="red" onClick={() => void discard()} className={css.discardHere}>
            Discard this draft
          </Button>
        </div>
        <Results draft={draft} fields={fields} />
      </div>
      <p className="out" aria-live="polite">
        {draft.saving ? "" : `${formatNumber(mapped)} columns are imported`}
      </p>
    </Screen>
  );
}
