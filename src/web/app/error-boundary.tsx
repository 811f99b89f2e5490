/** What is shown when a screen breaks: what to do, and that nothing is lost. */
import { Button } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { UnreachableError } from "../api/call.ts";
import { EmptyState, Refused } from "../parts/states.tsx";

export function BrokenScreen({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter();
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  if (error instanceof UnreachableError) return <Refused error={error} retry={again} />;
  // After an update of the server the parts of an older page are gone; loading anew brings the new ones.
  const outdated = error instanceof Error && /dynamically imported module|module script failed|Failed to fetch/i.test(error.message);
  return (
    <EmptyState
      title={outdated ? "Baton was updated" : "This screen broke"}
      actions={
        <>
          <Button variant="filled" onClick={() => (outdated ? location.reload() : again())}>
            {outdated ? "Load the new version" : "Try again"}
          </Button>
          <Button onClick={() => location.assign("/")}>Go to the start</Button>
        </>
      }
    >
      {outdated
        ? "This page belongs to the version before."
        : `What was saved is safe. If it breaks again, tell whoever runs Baton: ${error instanceof Error ? error.message : String(error)}`}
    </EmptyState>
  );
}

export function NotFoundScreen() {
  useEffect(() => {
    document.title = "Nothing here · Baton";
  }, []);
  return (
    <main>
      <h1 className="out">Baton</h1>
      <EmptyState title="There is nothing here" actions={<Button onClick={() => location.assign("/")}>Go to the start</Button>}>
        The address may have a typo, or what it showed is gone.
      </EmptyState>
    </main>
  );
}
