/** What a write on a lead answers: statuses and headers by outcome, the same on every route. */

type Json = { readonly id: string; readonly version: number };

type Write<L extends Json> =
  | { readonly outcome: "created" | "updated" | "unchanged"; readonly lead: L; readonly undo: number | null; readonly replayed: boolean }
  | { readonly outcome: "held"; readonly intakeId: string };

type Done<S extends number, L extends Json> = {
  readonly status: S;
  readonly body: { readonly outcome: "created" | "updated" | "unchanged"; readonly lead: L; readonly undo: number | null };
  readonly headers: Readonly<Record<string, string>>;
};
type Held = { readonly status: 202; readonly body: { readonly outcome: "held"; readonly intakeId: string } };

/** For writes on a lead that is there. */
export function written<L extends Json>(write: Write<L>): Done<200, L> | Held {
  if (write.outcome === "held") return { status: 202, body: { outcome: "held", intakeId: write.intakeId } };
  return { status: 200, body: { outcome: write.outcome, lead: write.lead, undo: write.undo }, headers: headersOf(write) };
}

/** For writes that may make a lead: 201 when they did. */
export function captured<L extends Json>(write: Write<L>): Done<200, L> | Done<201, L> | Held {
  if (write.outcome !== "created") return written(write);
  return {
    status: 201,
    body: { outcome: write.outcome, lead: write.lead, undo: write.undo },
    headers: { ...headersOf(write), location: `/api/v1/leads/${write.lead.id}` },
  };
}

function headersOf({ lead, replayed }: { readonly lead: Json; readonly replayed: boolean }): Readonly<Record<string, string>> {
  const etag = `"${lead.version}"`;
  return replayed ? { etag, "idempotent-replay": "true" } : { etag };
}
