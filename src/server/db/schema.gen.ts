/** What a row of each table is once it has been read. Generated from the migrated database by `npm run db:types`; do not edit. */

/** JSON, parsed: unknown but not null, so that whether a column may be null is not lost. */
export type Json = NonNullable<unknown>;

export type Tables = {
  api_key: {
    workspace_id: string;
    id: string;
    hash: Buffer;
    name: string;
    scopes: string[];
    user_id: string | null;
    created_at: Date;
    revoked_at: Date | null;
  };
  app_user: {
    workspace_id: string;
    id: string;
    email: string;
    name: string;
    role: string;
    password_hash: string | null;
    active: boolean;
    created_at: Date;
  };
  company: {
    workspace_id: string;
    id: string;
    name: string;
    name_key: string;
    domain: string | null;
    created_at: Date;
  };
  config_version: {
    workspace_id: string;
    number: number;
    body: Json;
    note: string | null;
    published_by: string | null;
    published_at: Date;
  };
  contact: {
    workspace_id: string;
    id: string;
    lead_id: string;
    company_id: string | null;
    opportunity_id: string | null;
    role: string;
    created_at: Date;
  };
  fact: {
    workspace_id: string;
    lead_id: string;
    number: number;
    ordinal: number;
    input_id: string;
    at: Date;
    type: string;
    actor: string;
    stage: string | null;
    data: Json;
  };
  house_flag: {
    key: string;
    value: Json;
    set_at: Date;
  };
  idempotency: {
    workspace_id: string;
    key: string;
    request_hash: string;
    status: number;
    answer: Json;
    created_at: Date;
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
    map: Json;
    options: Json;
    plan: Json | null;
    counts: Json | null;
    reason: string | null;
    error_file: string | null;
    created_at: Date;
    updated_at: Date;
    finished_at: Date | null;
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
    rejections: Json | null;
  };
  intake: {
    workspace_id: string;
    id: string;
    received_at: Date;
    kind: string;
    state: string;
    lead_id: string | null;
    number: number | null;
    config: number;
    release: number;
    actor: string;
    payload: Json;
    context: Json | null;
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
    scored_at: Date;
    owner_id: string | null;
    team: string | null;
    resting: boolean;
    tags: string[];
    fields: Json;
    bant_answers: Json;
    state: Json;
    import_id: string | null;
    captured_at: Date;
    stage_at: Date;
    created_at: Date;
    updated_at: Date;
  };
  lead_value: {
    workspace_id: string;
    field: string;
    lead_id: string;
    text: string | null;
    number: number | null;
    time: Date | null;
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
    next_meeting: Date | null;
    form: Json;
    won_at: Date | null;
    lost_at: Date | null;
    lost_reason: string | null;
    stage_at: Date;
    created_at: Date;
    updated_at: Date;
  };
  pool: {
    workspace_id: string;
    id: string;
    members: string;
    dealt: number;
    since: Date;
  };
  rescore_chunk: {
    workspace_id: string;
    config: number;
    from_id: string;
    to_id: string;
    at: Date;
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
    started_at: Date;
    finished_at: Date | null;
  };
  schema_migration: {
    version: number;
    name: string;
    checksum: string;
    applied_at: Date;
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
    first_at: Date;
    last_at: Date;
    total: number;
    days: number[];
  };
  source: {
    workspace_id: string;
    key: string;
    first_seen: Date;
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
    due_at: Date;
    created_at: Date;
    done_at: Date | null;
    done_by: string | null;
    result: string | null;
    form: Json | null;
  };
  timer: {
    workspace_id: string;
    lead_id: string;
    purpose: string;
    due_at: Date;
  };
  touch: {
    workspace_id: string;
    lead_id: string;
    received_at: Date;
    number: number;
    ordinal: number;
    at: Date;
    claimed_at: Date | null;
    kind: string;
    config: number;
    release: number;
    hash: number | null;
    props: Json | null;
    key: string | null;
  };
  touch_inbox: {
    workspace_id: string;
    id: string;
    received_at: Date;
    size: number;
    item: string;
  };
  touch_key: {
    workspace_id: string;
    key: string;
    received_at: Date;
  };
  workspace: {
    workspace_id: string;
    name: string;
    timezone: string;
    currency: string;
    config_number: number;
    created_at: Date;
  };
};
