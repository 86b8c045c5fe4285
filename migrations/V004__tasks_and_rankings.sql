create table sampling (
  id          uuid primary key default gen_random_uuid(),
  project_id  uuid not null references project on delete cascade,
  policy_id   uuid not null references policy_version,
  parameters  jsonb not null,               -- perPrompt, temperature, topP, topK, minP, maxNewTokens, seed
  status      text not null default 'queued' check (status in ('queued', 'running', 'finished', 'failed', 'cancelled')),
  done        bigint not null default 0,
  total       bigint not null default 0,
  error       text,
  cancel_requested boolean not null default false,
  created_by  uuid references account,
  created_at  timestamptz not null default now(),
  started_at  timestamptz,
  finished_at timestamptz,
  heartbeat_at timestamptz
);

create table completion (
  id                uuid primary key default gen_random_uuid(), -- random, so that its order tells an annotator nothing
  prompt_id         uuid not null references prompt on delete cascade,
  text              text not null,
  origin            text not null check (origin in ('sampled', 'import')),
  policy_id         uuid references policy_version,
  sampling_id       uuid references sampling,
  parameters        jsonb not null default '{}',
  seed              bigint,
  logprob           double precision,       -- sum over the completion's tokens, nats
  prompt_tokens     integer,
  completion_tokens integer,
  finish_reason     text check (finish_reason in ('stop', 'length')),
  created_at        timestamptz not null default now(),
  check (origin <> 'sampled' or (policy_id is not null and seed is not null and finish_reason is not null))
);
create index completion_prompt on completion (prompt_id);
create index completion_sampling on completion (sampling_id);

-- A set of completions of one prompt, to be ranked by as many people as it has seats.
create table task (
  id          uuid primary key default gen_random_uuid(),
  project_id  uuid not null references project on delete cascade,
  prompt_id   uuid not null references prompt on delete cascade,
  sampling_id uuid references sampling,
  origin      text not null default 'sampling' check (origin in ('sampling', 'import', 'evaluation')),
  priority    integer not null default 0,
  created_at  timestamptz not null default now(),
  closed_at   timestamptz                   -- no more leases
);
create index task_project on task (project_id, priority desc, created_at, id);
create index task_prompt on task (prompt_id);

create table task_completion (
  task_id       uuid not null references task on delete cascade,
  completion_id uuid not null references completion on delete cascade,
  primary key (task_id, completion_id)
);
create index task_completion_completion on task_completion (completion_id);

-- One row per ranking that a task wants (its overlap). A lease is a seat with somebody in it; a ranking
-- belongs to a seat. So a task can never have more rankings than seats, and nobody holds two seats of one task,
-- whatever the concurrency.
create table task_seat (
  task_id          uuid not null references task on delete cascade,
  seat             smallint not null check (seat between 1 and 20),
  annotator_id     uuid references account,
  display_order    uuid[],                  -- the completions as this annotator sees them, first to last
  leased_at        timestamptz,
  lease_expires_at timestamptz,
  submitted_at     timestamptz,
  draft            jsonb,                   -- the annotator's unsent work
  draft_saved_at   timestamptz,
  primary key (task_id, seat),
  constraint task_seat_once_per_annotator unique (task_id, annotator_id),
  check (lease_expires_at is null or annotator_id is not null)
);
create index task_seat_free on task_seat (task_id) where submitted_at is null;
create index task_seat_annotator on task_seat (annotator_id) where annotator_id is not null;

create table task_skip (
  task_id      uuid not null references task on delete cascade,
  annotator_id uuid not null references account,
  reason       text not null,
  at           timestamptz not null default now(),
  primary key (task_id, annotator_id)
);

create table ranking (
  id                 uuid primary key default gen_random_uuid(),
  task_id            uuid not null,
  seat               smallint not null,
  project_id         uuid not null references project on delete cascade,
  prompt_id          uuid not null references prompt on delete cascade,
  annotator_id       uuid references account, -- null: imported
  version            integer not null default 1,
  unrankable         boolean not null default false, -- "none of these can be ranked" is a real answer
  guidelines_version integer,
  submitted_at       timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  constraint ranking_seat unique (task_id, seat),
  foreign key (task_id, seat) references task_seat (task_id, seat) on delete cascade
);
create index ranking_project on ranking (project_id, submitted_at, id);
create index ranking_annotator on ranking (annotator_id, submitted_at);

-- What was submitted, each time it was submitted. Rows never change; ranking.version names the one in force.
create table ranking_version (
  ranking_id    uuid not null references ranking on delete cascade,
  version       integer not null check (version >= 1),
  groups        jsonb not null,             -- [[completionId, ...], ...] best first; a group is a tie
  display_order uuid[] not null,
  ratings       jsonb not null default '{}', -- completionId -> 1..7
  flags         jsonb not null default '{}', -- completionId -> [flag, ...]
  strength      smallint check (strength between 1 and 4),
  rationale     text,
  elapsed_ms    bigint check (elapsed_ms >= 0),
  unrankable    boolean not null default false,
  author_id     uuid references account,
  created_at    timestamptz not null default now(),
  primary key (ranking_id, version)
);

-- The ranking in force, a row per completion: place 1 is best, ties share a place.
create table ranking_place (
  ranking_id    uuid not null references ranking on delete cascade,
  task_id       uuid not null,
  completion_id uuid not null,
  place         smallint not null check (place >= 1),
  primary key (ranking_id, completion_id),
  foreign key (task_id, completion_id) references task_completion (task_id, completion_id) on delete cascade
);

-- A>B>C gives three: every pair of a ranking's completions, the better one as chosen. Ties give a row with tie = true.
create view comparison as
select r.id as ranking_id, r.project_id, r.prompt_id, r.task_id, r.annotator_id, r.submitted_at,
       a.completion_id as chosen_id, b.completion_id as rejected_id, a.place = b.place as tie,
       a.place as chosen_place, b.place as rejected_place
  from ranking r
  join ranking_place a on a.ranking_id = r.id
  join ranking_place b on b.ranking_id = r.id
 where not r.unrankable
   and (a.place < b.place or (a.place = b.place and a.completion_id < b.completion_id));

create table dataset_snapshot_ranking (
  snapshot_id uuid not null references dataset_snapshot on delete cascade,
  ranking_id  uuid not null,
  version     integer not null,
  primary key (snapshot_id, ranking_id),
  foreign key (ranking_id, version) references ranking_version (ranking_id, version)
);

create table dataset_snapshot_prompt (
  snapshot_id uuid not null references dataset_snapshot on delete cascade,
  prompt_id   uuid not null references prompt,
  primary key (snapshot_id, prompt_id)
);

create table dataset_snapshot_demonstration (
  snapshot_id      uuid not null references dataset_snapshot on delete cascade,
  demonstration_id uuid not null references demonstration,
  primary key (snapshot_id, demonstration_id)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows never change', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger dataset_snapshot_frozen before update on dataset_snapshot
  for each row execute function refuse_change();
create trigger dataset_snapshot_ranking_frozen before update on dataset_snapshot_ranking
  for each row execute function refuse_change();
create trigger ranking_version_frozen before update on ranking_version
  for each row execute function refuse_change();
