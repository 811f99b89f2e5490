/** What people call the fields of a lead. */
import type { CompiledConfig } from "../../../core/config/compile.ts";

const LABELS: Readonly<Record<string, string>> = {
  email: "E-mail",
  phone: "Phone",
  externalId: "External id",
  firstName: "First name",
  lastName: "Last name",
  company: "Company",
  jobTitle: "Job title",
  country: "Country",
  city: "City",
  website: "Website",
  source: "Source",
  campaign: "Campaign",
  import: "Came with import",
  stage: "Stage",
  status: "Status",
  heat: "Heat",
  owner: "Owner",
  team: "Team",
  tags: "Tags",
  score: "Score",
  "scores.fit": "Fit",
  "scores.engagement": "Engagement",
  "scores.bant": "BANT points",
  "scores.quality": "Data quality",
  "scores.freshness": "Freshness",
  "bant.budget": "Budget",
  "bant.authority": "Authority",
  "bant.need": "Need",
  "bant.timeline": "Timeline",
  lastTouch: "Last touch",
  capturedAt: "Captured",
  createdAt: "Created",
  updatedAt: "Changed",
  stageAt: "In this stage since",
  amount: "Amount",
  currency: "Currency",
  closeDate: "Expected close date",
  nextMeeting: "Next meeting",
  ownerId: "Owner",
  name: "Name",
  title: "Title",
  kind: "Kind",
  due: "Due",
  note: "Note",
  repeat: "Repeats",
  domain: "Domain",
  parent: "Parent company",
};

const TOUCHES: Readonly<Record<string, string>> = {
  pageView: "Page views",
  formSubmit: "Forms submitted",
  download: "Downloads",
  videoView: "Videos watched",
  webinarRegistered: "Webinars registered for",
  webinarAttended: "Webinars attended",
  eventVisit: "Events visited",
  contactRequest: "Contact requests",
  mailSent: "Mails sent",
  mailOpen: "Mails opened",
  mailClick: "Clicks in mails",
  mailReply: "Replies to mails",
  call: "Calls",
  meeting: "Meetings",
  message: "Messages",
  custom: "Other behaviour",
};

const ONE_TOUCH: Readonly<Record<string, readonly [one: string, many: string]>> = {
  pageView: ["page view", "page views"],
  formSubmit: ["form submitted", "forms submitted"],
  download: ["download", "downloads"],
  videoView: ["video watched", "videos watched"],
  webinarRegistered: ["webinar registered for", "webinars registered for"],
  webinarAttended: ["webinar attended", "webinars attended"],
  eventVisit: ["event visited", "events visited"],
  contactRequest: ["contact request", "contact requests"],
  mailSent: ["mail sent", "mails sent"],
  mailOpen: ["mail opened", "mails opened"],
  mailClick: ["click in a mail", "clicks in mails"],
  mailReply: ["reply to a mail", "replies to mails"],
  call: ["call", "calls"],
  meeting: ["meeting", "meetings"],
  message: ["message", "messages"],
};

/** "download", "downloads"; a facet of one's own by its name. */
export function oneTouch(facet: string, count: number): string {
  const known = ONE_TOUCH[facet];
  if (known !== undefined) return count === 1 ? known[0] : known[1];
  return `${count === 1 ? "visit" : "visits"} of ${facet}`;
}

export function labelOf(field: string, config: CompiledConfig): string {
  const known = LABELS[field];
  if (known !== undefined) return known;
  const [group, ...rest] = field.split(".");
  const key = rest.join(".");
  if (group === "fields") return config.fields.get(key)?.label ?? key;
  if (group === "touches") return TOUCHES[key] ?? `Visits of ${key}`;
  if (group === "consent") return `Consent to ${key}`;
  return field;
}
