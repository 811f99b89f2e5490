/** No leads: what to do about it. */
import { Button } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { showOverlay } from "../../app/commands.ts";
import { useCan } from "../../app/session.tsx";
import { EmptyState } from "../../parts/states.tsx";

export function LeadsEmpty({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  const can = useCan();
  const router = useRouter();
  if (filtered)
    return (
      <EmptyState title="No lead matches" actions={<Button onClick={onClear}>Show all leads</Button>}>
        Take a condition away, or look at all of them.
      </EmptyState>
    );
  return (
    <EmptyState
      title="No leads yet"
      actions={
        <>
          {can("imports.run") && "/import" in router.routesByPath && (
            <Button variant="filled" onClick={() => void router.navigate({ to: "/import" as string })}>
              Import a file
            </Button>
          )}
          {can("leads.create") && <Button onClick={() => showOverlay("quickAdd")}>Add one by hand</Button>}
          <Button component="a" href="/docs">
            Send them by API
          </Button>
        </>
      }
    >
      Bring a spreadsheet, put a form on your website, or add one by hand. They are scored and routed as they come.
    </EmptyState>
  );
}
