/** Far into a long list: its end, its middle and its beginning, by three orders, and into another order. */
import type { Action, Hand } from "./interaction-hand.ts";

/** A custom field that every lead has. */
const FIELD = { id: "fields.employees", label: "Employees" } as const;
const ORDERS = [
  { name: "the newest", sort: "-capturedAt" },
  { name: "score", sort: "-score" },
  { name: "a custom field", sort: `-${FIELD.id}` },
] as const;

export async function jumpOnce({ act, let: pull, page, actions }: Hand): Promise<readonly Action[]> {
  const from = actions.length;
  for (const { name, sort } of ORDERS) {
    const columns = encodeURIComponent(JSON.stringify(["name", "score", FIELD.id, "company", "stage", "owner"]));
    await page.goto(`/leads?sort=${encodeURIComponent(sort)}&columns=${columns}`);
    await page.locator('[role="grid"] [role="row"][id]').first().waitFor();
    await act(`end by ${name}`, { keys: ["End"] }, [{ rows: "last" }]);
    await act(`beginning by ${name}`, { keys: ["Home"] }, [{ rows: "first" }]);
    await pull(`middle by ${name}`, () => page.evaluate(pullToTheMiddle), [{ rows: "middle" }]);
  }
  await act("beginning by a custom field", { keys: ["Home"] }, [{ rows: "first" }]);
  for (const direction of ["ascending", "descending"] as const)
    await act("sort by a custom field", { click: `[role="columnheader"] button:has-text("${FIELD.label}")` }, [
      { there: `[role="columnheader"][aria-sort="${direction}"]`, with: FIELD.label },
      { other: '[role="grid"] [role="row"][id]' },
      { there: '[role="grid"][aria-busy="false"]' },
    ]);
  return actions.slice(from);
}

/** Stands in for a hand at the scroll bar, which a browser without a window does not draw. */
function pullToTheMiddle(): void {
  const grid = document.querySelector('[role="grid"]');
  if (grid !== null) grid.scrollTop = (grid.scrollHeight - grid.clientHeight) / 2;
}
