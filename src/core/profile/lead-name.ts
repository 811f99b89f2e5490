/** What a lead is called where there is room for one line. */

export type Nameable = {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly phone?: string | null;
  readonly external_id?: string | null;
};

export function leadName(lead: Nameable): string {
  const name = [lead.first_name, lead.last_name].filter((part) => part !== null && part !== "").join(" ");
  return name || (lead.email ?? lead.company ?? lead.phone ?? lead.external_id ?? "Unknown visitor");
}
