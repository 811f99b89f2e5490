-- What the health check answered, a row for each day in UTC, kept by the server itself.

create table health_day (
  workspace_id uuid not null,
  day date not null,
  -- How mature the process was, from 1 to 5; null when nothing could be judged.
  level integer,
  -- The state of each question that was asked: yes, partly, no or unknown.
  answers jsonb not null,
  primary key (workspace_id, day)
);
