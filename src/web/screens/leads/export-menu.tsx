/** Leads as a CSV file: those of the list, or those that are selected, with the columns that are shown or with every one there is. */
import { Button, Menu } from "@mantine/core";
import type { Filter } from "../../../core/filter/filter.ts";
import { addressOf, callRaw } from "../../api/call.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { useCan } from "../../app/session.tsx";
import { counted } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import type { Selected } from "./use-selection.ts";

export const EXPORT_KEYS = "shift+e";

export type Exported = {
  readonly filter: Filter | undefined;
  readonly sort: string;
  readonly columns: readonly string[];
  readonly selected: Selected;
  /** How many are selected, and how many there are. */
  readonly size: number;
  readonly count: number;
};

export function ExportMenu(what: Exported) {
  const { size, count } = what;
  const can = useCan();
  const mayExport = can("leads.export");
  useKeys(mayExport ? [{ keys: EXPORT_KEYS, label: "Export CSV", scope: "Lists", command: true, run: () => void exportLeads(what, "shown") }] : []);
  if (!mayExport) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle">Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{size > 0 ? `${counted(size, "selected lead")} as CSV` : `${counted(count, "lead")} as CSV`}</Menu.Label>
        <Menu.Item onClick={() => void exportLeads(what, "shown")} rightSection={<kbd>{keyLabel(EXPORT_KEYS)}</kbd>}>
          With the columns shown
        </Menu.Item>
        <Menu.Item onClick={() => void exportLeads(what, "every")}>With every column</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** An address is followed by the browser, which writes the file as it comes; a longer one is cut off on its way. */
const LONGEST_ADDRESS = 6000;

export async function exportLeads({ filter, sort, columns, selected, size, count }: Exported, which: "shown" | "every"): Promise<void> {
  const shown = which === "shown" ? [...columns] : undefined;
  const address = addressOf("exportLeads", {
    query: {
      sort,
      ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
      ...(shown === undefined ? {} : { columns: shown.join(",") }),
    },
  });
  const all = size === 0 || (selected.mode === "all" && selected.except.size === 0);
  if (all && address.length < LONGEST_ADDRESS) {
    save(address);
    return void toast({ text: `Exporting ${counted(count, "lead")}: your browser saves the file` });
  }
  const list = filter === undefined ? {} : { filter };
  const who = all ? list : selected.mode === "some" ? { ids: [...selected.ids] } : { ...list, except: [...selected.except] };
  try {
    const answer = await callRaw("exportSelectedLeads", { body: { ...who, sort, ...(shown === undefined ? {} : { columns: shown }) } });
    const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "leads.csv";
    const file = URL.createObjectURL(await answer.blob());
    save(file, name);
    setTimeout(() => URL.revokeObjectURL(file), 60_000);
    toast({ text: `${counted(all ? count : size, "lead")} exported` });
  } catch (error) {
    toastProblem(error);
  }
}

function save(address: string, name = ""): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
