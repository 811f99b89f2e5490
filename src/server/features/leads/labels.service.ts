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
