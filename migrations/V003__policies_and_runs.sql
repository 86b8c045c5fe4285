-- What trains and what comes of it. Every version names its parent, the data, the run and the artifact's hash.

-- A frozen choice of rankings, prompts or demonstrations. Rows never change after they are written.
create table dataset_snapshot (
  id           uuid primary key default gen_random_uuid(),
  project_id   uuid not null references project,
  kind         text not null check (kind in ('preference', 'prompt', 'demonstration')),
  selection    jsonb not null default '{}', -- the filter it was made with
  row_count    bigint not null check (row_count >= 0),
  content_hash bytea not null check (octet_length(content_hash) = 32), -- SHA-256 of the rows as written for training
  created_by   uuid references account,
  created_at   timestamptz not null default now()
);
create index dataset_snapshot_project on dataset_snapshot (project_id, created_at);

create table round (
  id            uuid primary key default gen_random_uuid(),
  project_id    uuid not null references project,
  number        integer not null check (number >= 1),
  seed          bigint not null,
  configuration jsonb not null,
  status        text not null default 'queued' check (status in ('queued', 'running', 'finished', 'failed', 'cancelled')),
  error         text,
  created_by    uuid references account,
  created_at    timestamptz not null default now(),
  started_at    timestamptz,
  finished_at   timestamptz,
  constraint round_number unique (project_id, number)
);

create table policy_version (
  id              uuid primary key default gen_random_uuid(),
  name            text not null,
  kind            text not null check (kind in ('starter', 'import', 'sft', 'ppo', 'dpo', 'best-of-n')),
  project_id      uuid references project,  -- null: the starter or an import, used by every project
  parent_id       uuid references policy_version,
  run_id          uuid,
  snapshot_id     uuid references dataset_snapshot,
  hyperparameters jsonb not null default '{}',
  metrics         jsonb not null default '{}',
  parameter_count bigint,
  artifact_hash   text not null,            -- SHA-256 over the artifact's files; names its folder
  artifact_bytes  bigint not null,
  created_at      timestamptz not null default now(),
  archived_at     timestamptz,
  constraint policy_version_name unique (name)
);

create table reward_model_version (
  id              uuid primary key default gen_random_uuid(),
  name            text not null,
  backbone        text not null,            -- 'policy' or an encoder's name
  project_id      uuid references project,
  policy_id       uuid references policy_version, -- the policy its backbone was initialised from
  parent_id       uuid references reward_model_version,
  run_id          uuid,
  snapshot_id     uuid references dataset_snapshot,
  hyperparameters jsonb not null default '{}',
  metrics         jsonb not null default '{}',
  artifact_hash   text not null,
  artifact_bytes  bigint not null,
  created_at      timestamptz not null default now(),
  archived_at     timestamptz,
  constraint reward_model_version_name unique (name)
);

-- Which version is served: the newest row wins, and the older ones say who promoted what and when.
create table promotion (
  id          bigint generated always as identity primary key,
  policy_id   uuid not null references policy_version,
  promoted_by uuid references account,
  promoted_at timestamptz not null default now()
);

create table run (
  id               uuid primary key default gen_random_uuid(),
  project_id       uuid references project,
  round_id         uuid references round,
  ordinal          integer not null default 1,  -- place among the round's steps
  kind             text not null check (kind in ('sft', 'reward', 'ppo', 'dpo')),
  status           text not null default 'queued' check (status in ('queued', 'running', 'finished', 'failed', 'cancelled')),
  hyperparameters  jsonb not null default '{}',
  seed             bigint not null,
  policy_id        uuid references policy_version,       -- what it starts from
  reward_model_id  uuid references reward_model_version, -- what it optimises against
  snapshot_id      uuid references dataset_snapshot,
  attempt          integer not null default 0,
  process_id       bigint,
  process_start    timestamptz,             -- tells a live process from a reused process id
  heartbeat_at     timestamptz,
  step             bigint not null default 0,
  total_steps      bigint,
  error            text,
  metrics          jsonb not null default '{}', -- the final figures
  created_by       uuid references account,
  created_at       timestamptz not null default now(),
  started_at       timestamptz,
  finished_at      timestamptz,
  cancel_requested boolean not null default false,
  constraint run_ordinal unique (round_id, ordinal)
);
create index run_status on run (status, created_at);
alter table policy_version add constraint policy_version_run foreign key (run_id) references run;
alter table reward_model_version add constraint reward_model_version_run foreign key (run_id) references run;

create table run_metric (
  run_id uuid not null references run on delete cascade,
  key    text not null,
  step   bigint not null,
  value  double precision not null,
  at     timestamptz not null default now(),
  primary key (run_id, key, step)
);

-- Completions of a few fixed prompts, kept as the policy changes, for people who would rather read than look at curves.
create table run_sample (
  run_id     uuid not null references run on delete cascade,
  step       bigint not null,
  ordinal    integer not null,
  prompt     text not null,
  completion text not null,
  score      double precision,
  primary key (run_id, step, ordinal)
);
