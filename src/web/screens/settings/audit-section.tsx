/** The audit: who did what, when and why, with filters that stand in the address. */
import { Button, NativeSelect, Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { DateField } from "../../parts/fields.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { Bones, EmptyState, Refused } from "../../parts/states.tsx";
import { useSession } from "../../app/session.tsx";
import { momentInZone } from "../../parts/wall-clock.ts";
import { ACTION_WORDS, actionWords, detailWords, KINDS, whoWords } from "./audit-words.ts";
import { Section } from "./section.tsx";
import css from "./settings.module.css";

const route = getRouteApi("/shell/settings/$section");

export function AuditSection() {
  const { actor, action, from, to } = route.useSearch();
  const { timezone } = useSession().workspace;
  const navigate = useNavigate();
  const users = useRead("listUsers").data?.items ?? [];
  const set = (change: Readonly<Record<string, string | undefined>>): void =>
    void navigate({ to: "/settings/$section", params: { section: "audit" }, search: { actor, action, from, to, ...change } });
  const asked = {
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(from === undefined ? {} : { from: momentInZone(`${from}T00:00`, timezone) }),
    ...(to === undefined ? {} : { to: momentInZone(`${dayAfter(to)}T00:00`, timezone) }),
  };
  const entries = useInfiniteQuery({
    queryKey: ["listAudit", asked, "pages"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call("listAudit", { query: { ...asked, limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.keys(asked).length > 0;
  const clear = <Button onClick={() => void navigate({ to: "/settings/$section", params: { section: "audit" }, search: {} })}>Show everything</Button>;
  return (
    <Section
      wide
      title="Audit"
      about="What was done about access, people and settings. Nothing here can be changed or deleted. What happened to a lead stands on its page."
    >
      <div className={css.filters}>
        <Select
          label="Who"
          clearable
          searchable
          placeholder="Anybody"
          value={actor ?? null}
          data={[
            ...users.map(({ id, name }) => ({ value: `user:${id}`, label: name })),
            { value: "cli", label: "The operator (command line)" },
            { value: "nobody", label: "Somebody unknown" },
          ]}
          onChange={(next) => set({ actor: next ?? undefined })}
        />
        <NativeSelect
          label="What"
          value={action ?? ""}
          data={[...KINDS, ...Object.entries(ACTION_WORDS).map(([value, label]) => ({ value, label: `… ${label}` }))]}
          onChange={(event) => set({ action: event.currentTarget.value === "" ? undefined : event.currentTarget.value })}
        />
        <DateField label="From" value={from ?? ""} onChange={(next) => set({ from: next === "" ? undefined : next })} />
        <DateField label="Until" value={to ?? ""} onChange={(next) => set({ to: next === "" ? undefined : next })} />
        {filtered && clear}
      </div>
      {entries.data === undefined ? (
        entries.error === null ? (
          <Bones />
        ) : (
          <Refused error={entries.error} retry={() => void entries.refetch()} />
        )
      ) : items.length === 0 ? (
        <EmptyState title="Nothing" actions={filtered ? clear : undefined}>
          {filtered ? "Nobody did anything of the kind." : "Nothing was done yet."}
        </EmptyState>
      ) : (
        <ol className={css.rows}>
          {items.map((entry) => (
            <li className={css.row} key={entry.id}>
              <div className={css.rowText}>
                <b className={css.who}>{whoWords(entry)}</b> {actionWords(entry.action)}
                {entry.about?.name != null && entry.about.name !== entry.by && <>: {entry.about.name}</>}
                {entry.why !== null && <span className={css.sub}>Why: {entry.why}</span>}
                {detailWords(entry.detail) !== "" && <span className={css.sub}>{detailWords(entry.detail)}</span>}
              </div>
              <div className="mut" style={{ textAlign: "right", fontSize: 12 }}>
                <When at={entry.at} />
                {entry.address !== null && <div>{entry.address}</div>}
              </div>
            </li>
          ))}
        </ol>
      )}
      {entries.hasNextPage && (
        <Button variant="subtle" loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          Older
        </Button>
      )}
    </Section>
  );
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
