/** Meetings as calendar files: the next one of an opportunity, or a task that is one. */
import { leadTitle } from "../../../core/mail/notices-of.ts";
import type { MailFile } from "../../../core/mail/mail.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { mustSeeLead } from "../access/access.service.ts";
import { idOf } from "../leads/write.service.ts";
import { ICS_NAME, type Meeting, meetingFile } from "./ics.ts";
import { findOpportunityMeeting, findSender, findTaskMeeting, type MeetingRow, type SenderRow } from "./mail.queries.ts";

export async function opportunityMeeting(deps: Deps, text: string): Promise<string> {
  const id = idOf("opportunity", text);
  const row = await findOpportunityMeeting(deps.db, id);
  if (row === null) throw notFound("opportunity", text);
  await mustSeeLead(deps, row.lead_id, "opportunity", text);
  if (row.starts_at === null) throw new Problem(404, "not-found", `"${row.title}" has no next meeting.`);
  return meetingFile(await meetingOf(deps, id, row, null), false);
}

export async function taskMeeting(deps: Deps, text: string): Promise<string> {
  const id = idOf("task", text);
  const row = await findTaskMeeting(deps.db, id);
  if (row === null) throw notFound("open task of kind meeting", text);
  await mustSeeLead(deps, row.lead_id, "open task of kind meeting", text);
  return meetingFile(await meetingOf(deps, id, row, null), false);
}

/** The file that invites a lead. @throws Problem 422 when this is no meeting of the lead */
export async function meetingInvitation(deps: Deps, text: string, leadId: string, sender: SenderRow | null): Promise<MailFile> {
  const id = text.toLowerCase();
  const row = isUuid(id) ? ((await findOpportunityMeeting(deps.db, id)) ?? (await findTaskMeeting(deps.db, id))) : null;
  if (row === null || row.lead_id !== leadId || row.starts_at === null)
    throw invalid("There is no such meeting of this lead.", [
      { path: "invite", message: "must be an opportunity with a next meeting, or an open task of kind meeting, of this lead" },
    ]);
  return { name: ICS_NAME, type: "text/calendar; method=REQUEST; charset=utf-8", content: meetingFile(await meetingOf(deps, id, row, sender), true) };
}

async function meetingOf(deps: Deps, id: string, row: MeetingRow, sender: SenderRow | null): Promise<Meeting> {
  const host = sender ?? (row.host_id === null ? null : await findSender(deps.db, row.host_id));
  const name = leadTitle({ firstName: row.first_name, lastName: row.last_name, company: row.company, email: row.email, phone: row.phone });
  return {
    id,
    title: row.title,
    startsAt: (row.starts_at as Date).getTime(),
    createdAt: row.created_at.getTime(),
    changedAt: row.changed_at.getTime(),
    sequence: row.number,
    host: host === null ? null : { name: host.name, email: host.email },
    guest: row.email === null ? null : { name, email: row.email },
  };
}
