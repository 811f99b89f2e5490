/**
 * A draft as it is being mapped. Every change shows at once and is saved behind it, one save at a time; the first rows are
 * tried again after each. What could not be saved stays as it was chosen and is saved with the next try.
 */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { onReturn } from "../../api/connection.ts";
import { query, queryClient } from "../../api/query.ts";

export type Import = Out<"getImport">;
export type Settings = NonNullable<Import["settings"]>;
export type Survey = NonNullable<Import["survey"]>;
export type Column = Survey["columns"][number];
export type NewField = Settings["newFields"][number];
export type Preview = Out<"previewImport">;
export type Problem = Preview["problems"][number];

/** As many of the first rows as the server tries. */
const TRIED = 1000;
/** Several changes in a row are saved together. */
const REST_MS = 120;

export type Draft = {
  readonly id: string;
  readonly settings: Settings;
  readonly survey: Survey;
  readonly edit: (change: Partial<Settings>) => void;
  readonly saving: boolean;
  /** Why the last change was not saved. */
  readonly problem: Error | null;
  readonly retry: () => void;
  readonly preview: Preview | undefined;
  readonly previewProblem: Error | null;
  /** The results shown are older than what is chosen. */
  readonly stale: boolean;
  readonly tryAgain: () => void;
};

export function useDraft(id: string, initial: { readonly settings: Settings; readonly survey: Survey }): Draft {
  const [settings, setSettings] = useState(initial.settings);
  const [survey, setSurvey] = useState(initial.survey);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Error | null>(null);
  const [revision, setRevision] = useState(0);
  const pending = useRef<Partial<Settings>>({});
  const busy = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const save = useCallback(async (): Promise<void> => {
    if (busy.current || Object.keys(pending.current).length === 0) return;
    const change = pending.current;
    const reads = "encoding" in change || "delimiter" in change || "headerLine" in change;
    pending.current = {};
    busy.current = true;
    try {
      const answer = await call("editImport", { params: { id }, body: change });
      setProblem(null);
      queryClient.setQueryData(query("getImport", { params: { id } }).queryKey, answer);
      if (reads && answer.settings !== null && answer.survey !== null) {
        setSettings({ ...answer.settings, ...pending.current });
        setSurvey(answer.survey);
      }
      setRevision((old) => old + 1);
    } catch (error) {
      pending.current = { ...change, ...pending.current };
      setProblem(error as Error);
      busy.current = false;
      setSaving(false);
      return;
    }
    busy.current = false;
    if (Object.keys(pending.current).length > 0) return save();
    setSaving(false);
  }, [id]);

  const edit = useCallback(
    (change: Partial<Settings>): void => {
      setSettings((old) => ({ ...old, ...change }));
      pending.current = { ...pending.current, ...change };
      setSaving(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), REST_MS);
    },
    [save],
  );
  const retry = useCallback((): void => {
    if (Object.keys(pending.current).length === 0) return;
    setSaving(true);
    void save();
  }, [save]);
  useEffect(() => onReturn(retry), [retry]);

  const tried = useQuery({
    queryKey: ["tryImport", id, revision],
    queryFn: ({ signal }) => call("previewImport", { params: { id }, body: { rows: TRIED }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return {
    id,
    settings,
    survey,
    edit,
    saving,
    problem,
    retry,
    preview: tried.data,
    previewProblem: tried.error,
    stale: saving || tried.isFetching,
    tryAgain: () => void tried.refetch(),
  };
}
