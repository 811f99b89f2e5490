import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** Generated from the migrated database by `npm run db:types`; do not edit. */
export type Json<T> = ColumnType<T, string, string>;
export type Timestamp = ColumnType<Date, Date | string, Date | string>;
/** Names that this schema does not use today stay known to the generator. */
export type { Generated, GeneratedAlways };

export interface DB {
  api_key: {
    workspace_id: string;
    id: string;
    hash: Buffer;
    name: string;
    scopes: Generated<string[]>;
    user_id: string | null;
    created_at: Timestamp;
    revoked_at: Timestamp | null;
  };
  app_user: {
    workspace_id: string;
    id: string;
    email: string;
    name: string;
    role: string;
    password_hash: string | null;
    active: Generated<boolean>;
    created_at: Timestamp;
  };
  company: {
    workspace_id: string;
    id: string;
    name: string;
    name_key: string;
    domain: string | null;
    created_at: Timestamp;
  };
  config_version: {
    workspace_id: string;
    number: number;
    body: Json<unknown>;
    note: string | null;
    published_by: string | null;
    published_at: Timestamp;
  };
  contact: {
    workspace_id: string;
    id: string;
    lead_id: string;
    company_id: string | null;
    opportunity_id: string | null;
    role: string;
    created_at: Timestamp;
  };
  fact: {
    workspace_id: string;
    lead_id: string;
    number: number;
    ordinal: number;
    input_id: string;
    at: Timestamp;
    type: string;
    actor: string;
    stage: string | null;
    data: Json<unknown>;
  };
  house_flag: {
    key: string;
    value: Json<unknown>;
    set_at: Timestamp;
  };
  idempotency: {
    workspace_id: string;
    key: string;
    request_hash: string;
    status: number;
    answer: Json<unknown>;
    created_at: Timestamp;
  };
  identity: {
    workspace_id: string;
    kind: string;
    value: string;
    lead_id: string;
  };
  import: {
    workspace_id: string;
    id: string;
    state: string;
    file_name: string;
    file_path: string;
    map: Json<unknown>;
    options: Json<unknown>;
    plan: Json<unknown> | null;
    counts: Json<unknown> | null;
    reason: string | null;
    error_file: string | null;
    created_at: Timestamp;
    updated_at: Timestamp;
    finished_at: Timestamp | null;
  };
  import_chunk: {
    workspace_id: string;
    import_id: string;
    first_row: number;
    end_row: number;
    created: number;
    updated: number;
    skipped: number;
    rejected: number;
    rejections: Json<unknown> | null;
  };
  intake: {
    workspace_id: string;
    id: string;
    received_at: Timestamp;
    kind: string;
    state: string;
    lead_id: string | null;
    number: number | null;
    config: number;
    release: number;
    actor: string;
    payload: Json<unknown>;
    context: Json<unknown> | null;
    hash: number | null;
    reason: string | null;
  };
  lead: {
    workspace_id: string;
    id: string;
    number: number;
    version: number;
    email: string | null;
    phone: string | null;
    external_id: string | null;
    first_name: string | null;
    last_name: string | null;
    company: string | null;
    company_id: string | null;
    job_title: string | null;
    country: string | null;
    city: string | null;
    website: string | null;
    source: string | null;
    campaign: string | null;
    stage: string;
    status: string;
    heat: string;
    score: number;
    fit: number;
    engagement: number;
    bant: number;
    quality: number;
    freshness: number;
    ledger: number[];
    scored_with: number;
    scored_at: Timestamp;
    owner_id: string | null;
    team: string | null;
    resting: boolean;
    tags: string[];
    fields: Json<unknown>;
    bant_answers: Json<unknown>;
    state: Json<unknown>;
    import_id: string | null;
    captured_at: Timestamp;
    stage_at: Timestamp;
    created_at: Timestamp;
    updated_at: Timestamp;
  };
  lead_value: {
    workspace_id: string;
    field: string;
    lead_id: string;
    text: string | null;
    number: number | null;
    time: Timestamp | null;
  };
  opportunity: {
    workspace_id: string;
    id: string;
    lead_id: string;
    company_id: string | null;
    name: string;
    stage: string;
    amount: number | null;
    currency: string | null;
    owner_id: string | null;
    close_date: string | null;
    next_meeting: Timestamp | null;
    form: Json<unknown>;
    won_at: Timestamp | null;
    lost_at: Timestamp | null;
    lost_reason: string | null;
    stage_at: Timestamp;
    created_at: Timestamp;
    updated_at: Timestamp;
  };
  pool: {
    workspace_id: string;
    id: string;
    members: string;
    dealt: number;
    since: Timestamp;
  };
  rescore_chunk: {
    workspace_id: string;
    config: number;
    from_id: string;
    to_id: string;
    at: Timestamp;
    release: number;
    lead_ids: string[];
    numbers: number[];
    scores_from: number[];
    scores_to: number[];
  };
  rescore_run: {
    workspace_id: string;
    config: number;
    state: string;
    cursor: string | null;
    leads: number;
    started_at: Timestamp;
    finished_at: Timestamp | null;
  };
  schema_migration: {
    version: number;
    name: string;
    checksum: string;
    applied_at: Generated<Timestamp>;
    baton_version: string;
  };
  search_entry: {
    workspace_id: string;
    type: string;
    id: string;
    title: string;
    detail: string;
    text: string;
  };
  signal: {
    workspace_id: string;
    lead_id: string;
    facet: string;
    first_at: Timestamp;
    last_at: Timestamp;
    total: number;
    days: number[];
  };
  source: {
    workspace_id: string;
    key: string;
    first_seen: Timestamp;
  };
  task: {
    workspace_id: string;
    id: string;
    lead_id: string;
    key: string;
    kind: string;
    title: string;
    stage: string;
    pass: number;
    state: string;
    owner_id: string | null;
    process_config: number;
    due_at: Timestamp;
    created_at: Timestamp;
    done_at: Timestamp | null;
    done_by: string | null;
    result: string | null;
    form: Json<unknown> | null;
  };
  timer: {
    workspace_id: string;
    lead_id: string;
    purpose: string;
    due_at: Timestamp;
  };
  touch: {
    workspace_id: string;
    lead_id: string;
    received_at: Timestamp;
    number: number;
    ordinal: number;
    at: Timestamp;
    claimed_at: Timestamp | null;
    kind: string;
    config: number;
    release: number;
    hash: number | null;
    props: Json<unknown> | null;
    key: string | null;
  };
  touch_inbox: {
    workspace_id: string;
    id: string;
    received_at: Timestamp;
    size: number;
    item: string;
  };
  touch_key: {
    workspace_id: string;
    key: string;
    received_at: Timestamp;
  };
  workspace: {
    workspace_id: string;
    name: string;
    timezone: Generated<string>;
    currency: Generated<string>;
    config_number: Generated<number>;
    created_at: Timestamp;
  };
}
