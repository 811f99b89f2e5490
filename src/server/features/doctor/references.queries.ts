/** The law of tenancy (L7): every reference there is, listed once, and that it meets its row in the same workspace. */
import type { Check } from "./law.ts";

type Reference = {
  readonly from: string;
  readonly column: string;
  readonly to: string;
  readonly key: string;
  /** Columns that name the row. */
  readonly named: string;
  /** Which rows refer at all. */
  readonly where?: string;
};

const LEAD_PARTS: readonly Reference[] = (
  [
    ["identity", "kind, x.value"],
    ["touch", "number, x.ordinal"],
    ["signal", "facet"],
    ["fact", "number, x.ordinal, x.type"],
    ["task", "id"],
    ["timer", "purpose"],
    ["lead_value", "field"],
    ["contact", "id"],
    ["opportunity", "id"],
    ["effect", "id"],
    ["notification", "id"],
  ] as const
).map(([from, named]) => ({ from, column: "lead_id", to: "lead", key: "id", named }));

export const REFERENCES: readonly Reference[] = [
  ...LEAD_PARTS,
  // A refused input may name the lead it would have made.
  { from: "intake", column: "lead_id", to: "lead", key: "id", named: "id", where: "x.state = 'done'" },
  { from: "search_entry", column: "id", to: "lead", key: "id", named: "type", where: "x.type = 'lead'" },
  { from: "search_entry", column: "id", to: "company", key: "id", named: "type", where: "x.type = 'company'" },
  { from: "search_entry", column: "id", to: "opportunity", key: "id", named: "type", where: "x.type = 'opportunity'" },
  { from: "lead", column: "company_id", to: "company", key: "id", named: "id" },
  { from: "lead", column: "import_id", to: "import", key: "id", named: "id" },
  { from: "lead", column: "owner_id", to: "app_user", key: "id", named: "id" },
  { from: "lead", column: "scored_with", to: "config_version", key: "number", named: "id" },
  { from: "lead", column: "source", to: "source", key: "key", named: "id" },
  { from: "task", column: "owner_id", to: "app_user", key: "id", named: "id" },
  { from: "task", column: "process_config", to: "config_version", key: "number", named: "id" },
  { from: "contact", column: "company_id", to: "company", key: "id", named: "id" },
  { from: "contact", column: "opportunity_id", to: "opportunity", key: "id", named: "id" },
  { from: "opportunity", column: "company_id", to: "company", key: "id", named: "id" },
  { from: "opportunity", column: "owner_id", to: "app_user", key: "id", named: "id" },
  { from: "intake", column: "config", to: "config_version", key: "number", named: "id" },
  { from: "touch", column: "config", to: "config_version", key: "number", named: "lead_id, x.number" },
  { from: "import_chunk", column: "import_id", to: "import", key: "id", named: "first_row" },
  { from: "form_day", column: "form_id", to: "form", key: "id", named: "day" },
  { from: "held_outcome", column: "intake_id", to: "intake", key: "id", named: "intake_id" },
  { from: "held_outcome", column: "lead_id", to: "lead", key: "id", named: "intake_id" },
  { from: "rescore_run", column: "config", to: "config_version", key: "number", named: "state" },
  { from: "rescore_chunk", column: "config", to: "rescore_run", key: "config", named: "from_id" },
  { from: "api_key", column: "user_id", to: "app_user", key: "id", named: "id" },
  { from: "session", column: "user_id", to: "app_user", key: "id", named: "id" },
  { from: "user_link", column: "user_id", to: "app_user", key: "id", named: "kind" },
  { from: "config_version", column: "published_by", to: "app_user", key: "id", named: "number" },
  { from: "effect", column: "by_user", to: "app_user", key: "id", named: "id" },
  { from: "user_mail", column: "user_id", to: "app_user", key: "id", named: "user_id" },
  { from: "notification", column: "user_id", to: "app_user", key: "id", named: "id" },
  { from: "notification", column: "import_id", to: "import", key: "id", named: "id" },
  { from: "notification", column: "mail_id", to: "effect", key: "id", named: "id" },
  { from: "note", column: "lead_id", to: "lead", key: "id", named: "id" },
  { from: "note", column: "opportunity_id", to: "opportunity", key: "id", named: "id" },
  { from: "note", column: "company_id", to: "company", key: "id", named: "id" },
  { from: "company", column: "parent_id", to: "company", key: "id", named: "id" },
  { from: "company_fact", column: "company_id", to: "company", key: "id", named: "id" },
  { from: "reminder", column: "owner_id", to: "app_user", key: "id", named: "id" },
  { from: "bulk_lead", column: "bulk_id", to: "bulk", key: "id", named: "place" },
  // A change may have been asked for leads that are not there; those it changed are.
  { from: "bulk_lead", column: "lead_id", to: "lead", key: "id", named: "place", where: "x.number is not null" },
  { from: "saved_view", column: "owner_id", to: "app_user", key: "id", named: "id" },
  { from: "definition_draft", column: "on_config", to: "config_version", key: "number", named: "stage" },
  { from: "definition_draft", column: "author", to: "app_user", key: "id", named: "stage" },
  { from: "definition_signature", column: "user_id", to: "app_user", key: "id", named: "stage, x.revision, x.side" },
  { from: "definition_signature", column: "config", to: "config_version", key: "number", named: "stage, x.revision, x.side" },
  { from: "view_order", column: "user_id", to: "app_user", key: "id", named: "user_id" },
  { from: "workspace", column: "config_number", to: "config_version", key: "number", named: "name" },
];

export const TENANCY: readonly Check[] = REFERENCES.map(({ from, column, to, key, named, where }) => ({
  law: "L7",
  says: `every ${from}.${column} is a ${to} of the same workspace`,
  looks: `
    select '${from}' as table, x.${named}, x.${column} as refers_to, exists (select 1 from ${to} o where o.workspace_id <> $1 and o.${key} = x.${column}) as in_another_workspace, r.workspace_id is null as bad
    from ${from} x left join ${to} r on r.workspace_id = x.workspace_id and r.${key} = x.${column}
    where x.workspace_id = $1 and x.${column} is not null${where === undefined ? "" : ` and ${where}`}`,
}));
