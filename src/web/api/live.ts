/** What changed elsewhere, by one EventSource for the whole app. Queries that may look different are asked again; nobody polls. */
import { useEffect, useRef } from "react";
import type { EventMessage } from "../../contracts/events.ts";
import type { Op } from "./call.ts";
import { onReturn } from "./connection.ts";
import { queryClient } from "./query.ts";
import { ROUTES } from "./routes.gen.ts";

type Listener = (message: EventMessage) => void;
const listeners = new Set<Listener>();

/** Operations whose answers depend on a topic. The list of leads is not here: its screen decides itself when rows may move. */
const TOPICS: Readonly<Record<Exclude<EventMessage["type"], "hello" | "resync" | "leads">, readonly string[]>> = {
  tasks: ["listTasks", "myDay", "listLeadTasks"],
  notifications: ["countNotifications", "listNotifications"],
  imports: ["listImports", "getImport"],
  config: ["getConfig", "listUsers", "listTeams", "listLeadFields", "listDefinitions", "getDefinition", "listDefinitionVersions"],
  held: ["countHeld", "listHeld", "getHeld"],
};

/** About one lead: asked again when it is named. */
const OF_A_LEAD: readonly string[] = [
  "getLead",
  "listFacts",
  "listLeadTasks",
  "explainLeadScore",
  "explainLead",
  "readTimeline",
  "readStages",
  "listLeadNotes",
  "listLeadContacts",
  "listLeadMail",
];

/** Hears every message while the component is there. */
export function useLive(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const heard: Listener = (message) => latest.current(message);
    listeners.add(heard);
    return () => void listeners.delete(heard);
  }, []);
}

/** Opens the stream; answers how to close it. The browser reconnects by itself; after a refusal it is opened anew. */
export function openLive(): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;
  let lost = false;
  const open = (): void => {
    source?.close();
    clearTimeout(again);
    source = new EventSource(ROUTES.streamEvents[1]);
    source.addEventListener("message", ({ data }: MessageEvent<string>) => {
      wait = 1000;
      hear(JSON.parse(data) as EventMessage);
    });
    source.addEventListener("open", () => {
      if (lost) hear({ type: "resync" });
      lost = false;
    });
    source.addEventListener("error", () => {
      lost = true;
      if (source?.readyState !== EventSource.CLOSED) return;
      again = setTimeout(open, wait);
      wait = Math.min(wait * 2, 60_000);
    });
  };
  open();
  const forget = onReturn(open);
  return () => {
    forget();
    clearTimeout(again);
    source?.close();
  };
}

function hear(message: EventMessage): void {
  if (message.type === "resync") void queryClient.invalidateQueries();
  else if (message.type === "leads") hearOfLeads("ids" in message ? message.ids : null);
  else if (message.type !== "hello") invalidate((op) => TOPICS[message.type].includes(op));
  for (const listener of listeners) listener(message);
}

function hearOfLeads(ids: readonly string[] | null): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [op, input] }) => {
      if (!OF_A_LEAD.includes(op as string)) return false;
      const id = (input as { params?: { id?: string } } | undefined)?.params?.id;
      return ids === null || (id !== undefined && ids.includes(id));
    },
  });
}

function invalidate(concerns: (op: Op) => boolean): void {
  void queryClient.invalidateQueries({ predicate: ({ queryKey: [op] }) => concerns(op as Op) });
}
