/** Handing a file over: chosen, dropped or pasted. What is no table is refused in words, and the place stays open for another. */
import { Button } from "@mantine/core";
import { FileUp } from "lucide-react";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { callRaw, type Out } from "../../api/call.ts";
import { query, queryClient, refresh } from "../../api/query.ts";
import { wordsOf } from "../../app/toasts.tsx";
import { notCsv, sizeWords } from "./file-words.ts";
import css from "./import.module.css";

export type Upload = {
  readonly busy: { readonly name: string; readonly size: number } | null;
  readonly problem: string | null;
  readonly choose: () => void;
  readonly take: (file: File) => void;
  readonly stop: () => void;
  readonly input: ReactNode;
};

export function useUpload(onDone: (id: string) => void): Upload {
  const [busy, setBusy] = useState<Upload["busy"]>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const stopper = useRef<AbortController | null>(null);

  const send = async (file: File): Promise<void> => {
    const refused = file.size === 0 ? `“${file.name}” is empty.` : notCsv(file.name);
    setProblem(refused);
    if (refused !== null) return;
    stopper.current = new AbortController();
    setBusy({ name: file.name, size: file.size });
    try {
      const plain = new Blob([file], { type: "application/octet-stream" });
      const answer = await callRaw("uploadImport", { query: { name: file.name }, file: plain, signal: stopper.current.signal });
      const draft = (await answer.json()) as Out<"uploadImport">;
      queryClient.setQueryData(query("getImport", { params: { id: draft.id } }).queryKey, draft);
      refresh("listImports");
      onDone(draft.id);
    } catch (error) {
      if (stopper.current?.signal.aborted !== true) setProblem(wordsOf(error));
    } finally {
      setBusy(null);
    }
  };
  const take = (file: File): void => {
    if (busy === null) void send(file);
  };
  return {
    busy,
    problem,
    take,
    choose: () => input.current?.click(),
    stop: () => stopper.current?.abort(),
    input: (
      <input
        ref={input}
        type="file"
        className="out"
        tabIndex={-1}
        aria-label="File to import"
        accept=".csv,.tsv,.txt,.tab,text/csv,text/tab-separated-values,text/plain"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file !== undefined) take(file);
        }}
      />
    ),
  };
}

/** Takes a file that is dropped anywhere on the screen, and one that is pasted. */
export function DropZone({ upload, large }: { readonly upload: Upload; readonly large: boolean }) {
  const [over, setOver] = useState(false);
  const { busy, problem, take } = upload;
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const files = (event: globalThis.DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    const hover = (event: globalThis.DragEvent): void => {
      if (!files(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: globalThis.DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: globalThis.DragEvent): void => {
      if (!files(event)) return;
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) latest.current(file);
    };
    const paste = (event: ClipboardEvent): void => {
      const file = event.clipboardData?.files[0];
      if (file !== undefined) latest.current(file);
    };
    document.addEventListener("dragover", hover);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("dragover", hover);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
      document.removeEventListener("paste", paste);
    };
  }, []);
  const stopDefault = (event: DragEvent): void => event.preventDefault();
  return (
    <>
      {upload.input}
      {(large || over || busy !== null) && (
        <div className={css.drop} data-over={over || undefined} onDragOver={stopDefault}>
          <FileUp size={20} strokeWidth={1.5} aria-hidden />
          {busy === null ? (
            <>
              <b>Drop a file here</b>
              <p>CSV or text with one lead a row, of any size, in any encoding. Nothing is imported before you have seen what becomes of it.</p>
              <Button variant="filled" onClick={upload.choose}>
                Choose a file
              </Button>
            </>
          ) : (
            <div role="status" className={css.busy}>
              <b className="cut">{busy.name}</b>
              <p>Uploading and looking at {sizeWords(busy.size)}…</p>
              <Button variant="subtle" onClick={upload.stop}>
                Stop
              </Button>
            </div>
          )}
        </div>
      )}
      {problem !== null && (
        <p className={css.refused} role="alert" data-middle={large || undefined}>
          {problem}{" "}
          <button type="button" onClick={upload.choose}>
            Choose another file
          </button>
        </p>
      )}
    </>
  );
}
