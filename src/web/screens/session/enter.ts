/** What follows signing in, whichever way: nothing of anybody before stays, and the session is known. */
import { queryClient } from "../../api/query.ts";
import type { Session } from "../../app/session.tsx";

export function enter(session: Session): void {
  queryClient.clear();
  queryClient.setQueryData(["getSession", {}], session);
}
