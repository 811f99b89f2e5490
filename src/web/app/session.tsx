/** Who is signed in, and what he may do. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Action } from "../../core/access/access.ts";
import type { Out } from "../api/call.ts";
import { useWorkspaceFormats } from "../format/format.ts";

export type Session = Out<"getSession">;

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  useWorkspaceFormats(session.workspace);
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The session. Only inside of the shell. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("There is a session only inside of the shell.");
  return session;
}

/** `const can = useCan(); can("leads.edit")`. How far a right reaches the server says. */
export function useCan(): (action: Action) => boolean {
  const session = useSession();
  return useMemo(() => {
    const rights = new Set<Action>(session.can);
    return (action) => rights.has(action);
  }, [session]);
}
