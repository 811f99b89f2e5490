/**
 * Which columns hold personal values. Erasing a person overwrites the columns of `people` in place, wherever a lead is
 * named; ids, kinds, times and numbers stay, so that counts and laws go on holding. A test keeps the lists complete: a new
 * column of text or JSON is listed here or nowhere.
 */
export type Columns = { readonly [table: string]: readonly string[] };

export const PERSONAL: {
  /** What is known of leads and of whom they are: values that they, an import or a colleague gave. */
  readonly people: Columns;
  /** What is known of those who work here. */
  readonly staff: Columns;
  /** Everything else: kinds, states, keys, rules and what only the house understands. */
  readonly none: Columns;
} = {
  people: {
    bulk: ["change"],
    bulk_lead: ["reason"],
    company: ["name", "name_key", "domain"],
    company_fact: ["data"],
    effect: ["content", "answer"],
    fact: ["data"],
    held_outcome: ["payload", "reason"],
    idempotency: ["answer"],
    identity: ["value"],
    import: ["file_name", "file_path", "map", "settings", "plan", "survey", "reason"],
    import_chunk: ["rejections"],
    intake: ["payload", "context", "reason"],
    lead: [
      ...["email", "phone", "external_id", "first_name", "last_name", "company", "job_title", "country", "city", "website"],
      ...["source", "campaign", "tags", "fields", "bant_answers", "state"],
    ],
    lead_value: ["text"],
    note: ["text"],
    notification: ["title", "detail"],
    opportunity: ["name", "form", "lost_reason"],
    reminder: ["title", "note", "result"],
    saved_view: ["filter"],
    search_entry: ["title", "detail", "text"],
    task: ["title", "result", "form", "note"],
    touch: ["props", "key"],
    touch_inbox: ["item"],
    touch_key: ["key"],
  },
  staff: {
    app_user: ["email", "name", "oidc_subject"],
    audit: ["detail", "why", "address"],
    config_version: ["body"],
    mail_settings: ["from_name", "from_address"],
    session: ["device", "address"],
    user_mail: ["signature", "choices"],
  },
  none: {
    api_key: ["hash", "name", "scopes"],
    app_user: ["role", "password_hash", "totp_secret", "recovery_codes", "oidc_issuer"],
    audit: ["actor", "action", "about_type", "about_id"],
    bulk: ["state", "actor", "bearer"],
    bulk_lead: ["state"],
    company_fact: ["type", "actor"],
    config_version: ["note"],
    definition_draft: ["stage", "body", "note"],
    definition_signature: ["stage", "side"],
    contact: ["role"],
    effect: ["kind", "purpose", "state", "message_id"],
    fact: ["type", "actor", "stage"],
    form: ["key", "body"],
    held_outcome: ["state", "outcome", "actor"],
    health_day: ["answers"],
    house_flag: ["key", "value"],
    idempotency: ["key", "request_hash"],
    identity: ["kind"],
    import: ["state", "options", "counts", "error_file", "created_by", "header_key"],
    intake: ["kind", "state", "actor"],
    lead: ["stage", "status", "heat", "team"],
    lead_value: ["field"],
    mail_settings: ["consent_topic"],
    mail_template: ["id", "name", "subject", "body"],
    note: ["by"],
    notification: ["key", "event"],
    oidc_attempt: ["state_hash", "browser_hash", "nonce", "verifier", "next"],
    opportunity: ["stage", "currency"],
    pool: ["id", "members"],
    reminder: ["kind", "repeat", "state", "made_by", "done_by"],
    rescore_run: ["state"],
    saved_view: ["kind", "layout", "name", "sort", "columns", "scope", "team"],
    schema_migration: ["name", "checksum", "baton_version"],
    search_entry: ["type"],
    session: ["hash", "via"],
    signal: ["facet"],
    source: ["key"],
    task: ["key", "kind", "stage", "state", "done_by", "repeat"],
    throttle: ["key"],
    timer: ["purpose"],
    touch: ["kind"],
    user_link: ["kind", "hash", "created_by"],
    workspace: ["name", "timezone", "currency", "week_start", "locale", "oidc"],
  },
};
