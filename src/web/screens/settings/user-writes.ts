/** Changing a user, with Undo. */
import { call, type In, type Out } from "../../api/call.ts";
import { refresh } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";

export type User = Out<"listUsers">["items"][number];
type Change = NonNullable<In<"changeUser">["body"]>;

/** What may look different when a user is changed. */
export const READS = ["listUsers", "listTeams", "getConfig", "getSession", "listAudit"] as const;

export async function changeUser(user: User, change: Change, done: string): Promise<void> {
  const write = async (body: Change): Promise<void> => {
    await call("changeUser", { params: { id: user.id }, body });
    refresh(...READS);
  };
  await write(change);
  const before = Object.fromEntries(Object.keys(change).map((key) => [key, user[key as keyof User]])) as Change;
  toast({ text: done, undo: () => write(before) });
}
