/** Saved views as tabs with their counts; what the address changed can be saved, or thrown away. */
import { Menu } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { query, useWrite } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { formatCompact } from "../../format/format.ts";
import { call } from "../../api/call.ts";
import { refresh } from "../../api/query.ts";
import css from "./leads.module.css";
import type { LeadsView, Tab } from "./use-leads-view.ts";

const SaveView = lazy(async () => ({ default: (await import("./save-view.tsx")).SaveView }));

export function ViewTabs({ view }: { readonly view: LeadsView }) {
  const { tabs, tab, modified, open } = view;
  const counts = useQuery({ ...query("countViews"), staleTime: 30_000, retry: false }).data?.items ?? [];
  const [saving, setSaving] = useState<"new" | "rename" | null>(null);
  return (
    <div className={css.tabs}>
      <div role="tablist" aria-label="Views" className={css.tabList}>
        {tabs.map((one) => {
          const number = counts.find(({ id }) => id === one.id);
          return (
            <button
              key={one.id}
              type="button"
              role="tab"
              aria-selected={one.id === tab.id}
              tabIndex={one.id === tab.id ? 0 : -1}
              className={css.tab}
              onClick={() => open(one)}
              onKeyDown={(event) => {
                const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
                const next = tabs[tabs.indexOf(one) + step];
                if (step === 0 || next === undefined) return;
                event.preventDefault();
                open(next);
                (event.currentTarget.parentElement?.children[tabs.indexOf(next)] as HTMLElement | undefined)?.focus();
              }}
            >
              {one.name}
              {number !== undefined && (
                <span className={css.tabCount}>
                  {formatCompact(number.count)}
                  {number.more ? "+" : ""}
                </span>
              )}
            </button>
          );
        })}
      </div>
      {modified && (
        <span className={css.modified}>
          changed ·{" "}
          {tab.saved?.editable === true && (
            <>
              <SaveButton tab={tab} view={view} /> ·{" "}
            </>
          )}
          <button type="button" className={css.textButton} onClick={() => setSaving("new")}>
            save as
          </button>{" "}
          ·{" "}
          <button type="button" className={css.textButton} onClick={() => open(tab)}>
            reset
          </button>
        </span>
      )}
      {!modified && tab.saved === null && (
        <button type="button" className={css.textButton} onClick={() => setSaving("new")}>
          Save view
        </button>
      )}
      {tab.saved?.editable === true && <ViewMenu tab={tab} onRename={() => setSaving("rename")} onGone={() => open({ id: "all" })} />}
      <Suspense fallback={null}>{saving !== null && <SaveView view={view} rename={saving === "rename"} onClose={() => setSaving(null)} />}</Suspense>
    </div>
  );
}

function SaveButton({ tab, view }: { readonly tab: Tab; readonly view: LeadsView }) {
  const save = useWrite("changeView", {
    refreshes: ["listViews", "countViews"],
    onDone: () => {
      view.open(tab);
      toast({ text: `“${tab.name}” saved` });
    },
  });
  const { saved } = tab;
  if (saved === null) return null;
  return (
    <button
      type="button"
      className={css.textButton}
      onClick={() =>
        save.mutate({ params: { id: saved.id }, ifMatch: saved.version, body: { filter: view.filter ?? null, sort: view.sort, columns: [...view.columns] } })
      }
    >
      save
    </button>
  );
}

function ViewMenu({ tab, onRename, onGone }: { readonly tab: Tab; readonly onRename: () => void; readonly onGone: () => void }) {
  const { saved } = tab;
  const remove = useWrite("deleteView", {
    refreshes: ["listViews", "countViews"],
    onDone: () => {
      onGone();
      if (saved === null) return;
      const { name, filter, sort, columns, scope, team } = saved;
      toast({
        text: `“${name}” deleted`,
        undo: async () => {
          await call("createView", { body: { name, kind: "leads", filter, sort, columns: [...columns], scope, ...(team === null ? {} : { team }) } });
          refresh("listViews", "countViews");
        },
      });
    },
  });
  if (saved === null) return null;
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className={css.textButton} aria-label={`View ${tab.name}`}>
          <Ellipsis size={16} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onRename}>Rename or share…</Menu.Item>
        <Menu.Item color="red" onClick={() => remove.mutate({ params: { id: saved.id } })}>
          Delete view
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
