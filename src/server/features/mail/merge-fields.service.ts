/** What a mail to a lead can be filled in with. */
import type { Config } from "../../../core/config/config.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { leadTitle } from "../../../core/mail/notices-of.ts";
import type { Deps } from "../../deps.ts";
import { findSender, type PlaceRow, type SenderRow } from "./mail.queries.ts";
import type { MergeFields } from "./render.ts";

/** Every field there is, with null for what is not known: so that a name which is not here is a mistake. */
export async function mergeFields(deps: Deps, lead: LeadState, config: Config, place: PlaceRow, sender: SenderRow | null): Promise<MergeFields> {
  const owner = lead.ownerId === null ? null : await findSender(deps.db, lead.ownerId);
  const { firstName, lastName, company, jobTitle, country, city, website, email, phone, source, campaign } = lead;
  const stage = config.stages.find(({ id }) => id === lead.stage)?.label ?? lead.stage;
  return {
    lead: {
      ...{ firstName, lastName, company, jobTitle, country, city, website, email, phone, source, campaign, stage },
      name: leadTitle(lead),
      fields: Object.fromEntries(config.fields.map(({ key }) => [key, lead.fields[key] ?? null])),
      bant: { ...lead.bant },
    },
    owner: { name: owner?.name ?? null, email: owner?.email ?? null },
    sender: { name: sender?.name ?? place.name, email: sender?.email ?? null },
    workspace: { name: place.name },
  };
}
