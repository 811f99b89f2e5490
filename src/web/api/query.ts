/** Reading and writing with TanStack Query. A key is always [operation, input], so whoever changes something names operations. */
import { QueryClient, queryOptions, useMutation, type UseMutationResult, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { toastProblem } from "../app/toasts.tsx";
import { ApiProblem, call, type CallArgs, type In, type Op, type Out, UnreachableError } from "./call.ts";
import { onReturn } from "./connection.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => !(error instanceof UnreachableError) && (!(error instanceof ApiProblem) || error.status >= 500) && failures < 2,
      retryDelay: (failures, error) => (error instanceof ApiProblem && error.retryAfter !== null ? error.retryAfter * 1000 : 400 * 2 ** failures),
    },
    mutations: { networkMode: "always", retry: false },
  },
});

onReturn(() => void queryClient.invalidateQueries());

/** Options for `useQuery`, `prefetchQuery`, `ensureQueryData`. */
export function query<K extends Op>(op: K, ...[input]: CallArgs<K>) {
  return queryOptions({
    queryKey: [op, input ?? {}] as const,
    queryFn: ({ signal }) => call(op, ...([{ ...input, signal }] as unknown as CallArgs<K>)),
  });
}

/** Reads. `useRead("getLead", { params: { id } })`. */
export function useRead<K extends Op>(op: K, ...input: CallArgs<K>): UseQueryResult<Out<K>, Error> {
  return useQuery(query(op, ...input)) as UseQueryResult<Out<K>, Error>;
}

/** What may look different now: every query of these operations is asked again. */
export function refresh(...ops: readonly Op[]): void {
  for (const op of ops) void queryClient.invalidateQueries({ queryKey: [op] });
}

export type WriteOptions<K extends Op> = {
  /** The operations whose answers may look different now. */
  readonly refreshes?: readonly Op[];
  readonly onDone?: (answer: Out<K>, input: In<K>) => void;
  /** Instead of a toast. A form shows the problem at its fields. */
  readonly onProblem?: (error: Error, input: In<K>) => void;
};

/** Writes. `const edit = useWrite("editLead", { refreshes: ["getLead"] }); edit.mutate({ params: { id }, body })`. */
export function useWrite<K extends Op>(op: K, { refreshes = [], onDone, onProblem }: WriteOptions<K> = {}): UseMutationResult<Out<K>, Error, In<K>> {
  return useMutation({
    mutationFn: (input: In<K>) => call(op, ...([input] as unknown as CallArgs<K>)),
    onSuccess: (answer, input) => {
      refresh(...refreshes);
      onDone?.(answer, input);
    },
    onError: (error, input) => (onProblem === undefined ? toastProblem(error) : onProblem(error, input)),
  });
}
