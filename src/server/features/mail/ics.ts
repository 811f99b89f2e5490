/** A meeting as a calendar file. The UID is the subject's own id, so that a calendar moves the meeting it knows; SEQUENCE rises with every change. */
import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod } from "ical-generator";

export type Meeting = {
  /** The opportunity or task it is about. */
  readonly id: string;
  readonly title: string;
  readonly startsAt: number;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Never falls: how often the lead it belongs to has changed. */
  readonly sequence: number;
  readonly host: { readonly name: string; readonly email: string } | null;
  readonly guest: { readonly name: string; readonly email: string } | null;
};

export const ICS_NAME = "meeting.ics";
const LENGTH_MS = 30 * 60_000;

/** With `invite` it asks the guest to accept; without it is only to be put into a calendar. */
export function meetingFile(meeting: Meeting, invite: boolean): string {
  const calendar = ical({ prodId: { company: "Baton", product: "Baton", language: "EN" } });
  calendar.method(invite ? ICalCalendarMethod.REQUEST : ICalCalendarMethod.PUBLISH);
  const event = calendar.createEvent({
    id: `${meeting.id}@baton`,
    sequence: meeting.sequence,
    start: new Date(meeting.startsAt),
    end: new Date(meeting.startsAt + LENGTH_MS),
    stamp: new Date(meeting.changedAt),
    created: new Date(meeting.createdAt),
    lastModified: new Date(meeting.changedAt),
    summary: meeting.title,
  });
  if (meeting.host !== null) event.organizer({ name: meeting.host.name, email: meeting.host.email });
  if (invite && meeting.guest !== null)
    event.createAttendee({
      name: meeting.guest.name,
      email: meeting.guest.email,
      rsvp: true,
      role: ICalAttendeeRole.REQ,
      status: ICalAttendeeStatus.NEEDSACTION,
    });
  return calendar.toString();
}
