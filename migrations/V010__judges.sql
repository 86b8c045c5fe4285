-- Votes by language models (RLAIF). A judge is no account: it can neither sign in nor hold a seat, so nothing that it
-- says can be in ranking, ranking_place or the view comparison, and every figure over these is of people alone.

-- What a judge is asked. The highest version is in force; a judging names the one that it used.
create table rubric_version (
  project_id uuid not null references project on delete cascade,
  version    integer not null check (version >= 1),
  text       text not null,
  created_by uuid references account,
  created_at timestamptz not null default now(),
  primary key (project_id, version)
);

-- One judge at work in a project: first on pairs that people have ranked, to be calibrated, then on pairs to vote on.
create table judging (
  id               uuid primary key default gen_random_uuid(),
  project_id       uuid not null references project on delete cascade,
  judge            text not null check (judge in ('policy', 'endpoint')),
  policy_id        uuid references policy_version,
  endpoint         text,                    -- the address asked; never a key
  model            text not null,           -- the policy's name, or what the endpoint calls its model
  rubric_version   integer not null,
  parameters       jsonb not null,          -- prompts?, pairsPerTask, calibrationPairs, seed
  status           text not null default 'queued' check (status in ('queued', 'running', 'finished', 'failed', 'cancelled')),
  phase            text not null default 'waiting' check (phase in ('waiting', 'calibrating', 'judging', 'over')),
  done             bigint not null default 0, -- pairs
  total            bigint not null default 0,
  error            text,
  cancel_requested boolean not null default false,
  calibration      jsonb,                   -- the figures; null until the pairs of people are judged
  basis            text check (basis in ('logprobs', 'answers')), -- what the scale is of
  scale            double precision,        -- times a margin gives log odds
  created_by       uuid references account,
  created_at       timestamptz not null default now(),
  started_at       timestamptz,
  finished_at      timestamptz,
  approved_by      uuid references account, -- an administrator has seen the calibration and lets the votes be used
  approved_at      timestamptz,
  foreign key (project_id, rubric_version) references rubric_version (project_id, version),
  constraint judging_of_policy check ((judge = 'policy') = (policy_id is not null)),
  constraint judging_of_endpoint check ((judge = 'endpoint') = (endpoint is not null)),
  constraint judging_scale check ((scale is null) = (basis is null)),
  constraint judging_approved check (approved_at is null or (finished_at is not null and coalesce(scale, 0) > 0))
);
create index judging_project on judging (project_id, id);
create index judging_waiting on judging (created_at) where status in ('queued', 'running');

-- What a judge said of a pair, asked in both orders. Rows never change.
create table judge_verdict (
  id         uuid primary key default gen_random_uuid(),
  judging_id uuid not null references judging on delete cascade,
  prompt_id  uuid not null references prompt on delete cascade,
  task_id    uuid not null,
  first_id   uuid not null,
  second_id  uuid not null,
  ranking_id uuid references ranking on delete cascade, -- the people's ranking it is held against; null: a vote
  chosen_id  uuid,                          -- what that ranking chose
  forward    jsonb not null,                -- {said, logprobs?: {A, B}}: the first shown as A
  backward   jsonb not null,                -- the second shown as A
  margin     double precision,              -- mean of both orders, log odds in favour of the first; null without log-probabilities
  outcome    text not null check (outcome in ('first', 'second', 'tie', 'unreadable')), -- tie: the orders disagree
  created_at timestamptz not null default now(),
  constraint judge_verdict_once unique (judging_id, task_id, first_id, second_id),
  check (first_id < second_id),
  check ((ranking_id is null) = (chosen_id is null)),
  foreign key (task_id, first_id) references task_completion (task_id, completion_id) on delete cascade,
  foreign key (task_id, second_id) references task_completion (task_id, completion_id) on delete cascade
);
create trigger judge_verdict_frozen before update on judge_verdict
  for each row execute function refuse_change();

-- The votes of judges that may be learned from: decided alike in both orders, calibrated, approved.
create view ai_vote as
select v.id, j.project_id, v.judging_id, v.prompt_id, v.task_id,
       case v.outcome when 'first' then v.first_id else v.second_id end as chosen_id,
       case v.outcome when 'first' then v.second_id else v.first_id end as rejected_id,
       1 / (1 + exp(- j.scale * case j.basis when 'logprobs' then abs(v.margin) else 1 end)) as probability,
       v.first_id, v.second_id, v.forward, v.backward, v.margin, v.created_at,
       j.judge, j.policy_id, j.endpoint, j.model, j.rubric_version
  from judge_verdict v join judging j on j.id = v.judging_id
 where v.ranking_id is null and v.outcome in ('first', 'second') and j.approved_at is not null
   and (j.basis = 'answers' or v.margin is not null);

create table dataset_snapshot_ai_vote (
  snapshot_id uuid not null references dataset_snapshot on delete cascade,
  verdict_id  uuid not null references judge_verdict,
  probability double precision not null check (probability between 0.5 and 1), -- as calibrated when it was frozen
  primary key (snapshot_id, verdict_id)
);
create trigger dataset_snapshot_ai_vote_frozen before update on dataset_snapshot_ai_vote
  for each row execute function refuse_change();
