/** What stands where there is nothing yet: empty, loading, refused. */
import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiProblem, UnreachableError } from "../api/call.ts";
import { wordsOf } from "../app/toasts.tsx";
import css from "./small.module.css";

export type EmptyStateProps = {
  readonly title: string;
  /** What to do about it, in a sentence. */
  readonly children?: ReactNode;
  /** Buttons or links; the first is the next action. */
  readonly actions?: ReactNode;
};

export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div className={css.empty}>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className={css.emptyActions}>{actions}</div>}
    </div>
  );
}

/** Grey lines that appear after 150 ms. */
export function Bones({ rows = 8 }: { readonly rows?: number }) {
  return (
    <div className={`${css.bones} ${css.late}`} role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={css.bone} style={{ width: `${[72, 58, 84, 66, 49, 77][i % 6]}%` }} />
      ))}
    </div>
  );
}

/** What went wrong with reading, in words, and the way on. */
export function Refused({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const status = error instanceof ApiProblem ? error.status : 0;
  const title =
    status === 404
      ? "Not here"
      : status === 403
        ? "You may not see this"
        : error instanceof UnreachableError
          ? "The server cannot be reached"
          : "This could not be loaded";
  const words =
    status === 404 ? "It was deleted, or it is out of your sight." : error instanceof UnreachableError ? "It is tried again by itself." : wordsOf(error);
  return (
    <EmptyState title={title} actions={retry !== undefined && status !== 404 && status !== 403 ? <Button onClick={retry}>Try again</Button> : undefined}>
      {words}
    </EmptyState>
  );
}

/** One query on a screen: bones, refusal, or what it answered. The old answer stays while it is asked again. */
export function Loaded<T>({
  from,
  children,
  bones = <Bones />,
}: {
  readonly from: UseQueryResult<T, Error>;
  readonly children: (data: T) => ReactNode;
  readonly bones?: ReactNode;
}) {
  if (from.data !== undefined) return children(from.data);
  if (from.error !== null) return <Refused error={from.error} retry={() => void from.refetch()} />;
  return bones;
}
