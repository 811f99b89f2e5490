/** Effects as the flow copies them into their table. */
import type { NewEffect } from "../../core/mail/effects.ts";
import { copyLine, copyTarget, isoCell } from "../db/db.ts";

export const EFFECT_COPY = copyTarget("effect", [
  "id",
  "kind",
  "purpose",
  "state",
  "lead_id",
  "by_user",
  "content",
  "message_id",
  "not_before",
  "created_at",
  "updated_at",
]);

export function effectLines(workspaceId: string, leadId: string, effects: readonly NewEffect[]): string {
  let lines = "";
  for (const effect of effects) {
    const at = isoCell(effect.at);
    lines +=
      effect.kind === "mail"
        ? copyLine(workspaceId, [
            effect.id,
            "mail",
            "lead",
            "queued",
            leadId,
            effect.by,
            JSON.stringify(effect.mail),
            effect.messageId,
            isoCell(effect.notBefore),
            at,
            at,
          ])
        : copyLine(workspaceId, [effect.id, "notify", effect.notice.event, "queued", leadId, null, JSON.stringify(effect.notice), null, at, at, at]);
  }
  return lines;
}
