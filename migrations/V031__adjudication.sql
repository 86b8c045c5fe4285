-- A reviewer settles what people differ about: the order that counts for a task in place of theirs, which stay as they
-- are. What is given never changes; another one takes its place, or it is taken back.
create table adjudication (
  id              uuid primary key default gen_random_uuid(),
  task_id         uuid not null references task on delete cascade,
  version         integer not null check (version >= 1), -- of the task's, in the order in which they were given
  project_id      uuid not null references project on delete cascade,
  prompt_id       uuid not null references prompt on delete cascade,
  unrankable      boolean not null default false,
  strength        smallint check (strength between 1 and 4),
  reason          text,
  given_by        uuid references account,   -- null: an import
  source_given_by uuid,                      -- who gave it on the server that exported it
  given_at        timestamptz not null default now(),
  withdrawn_by    uuid references account,
  withdrawn_at    timestamptz,               -- null: it counts
  constraint adjudication_version unique (task_id, version),
  constraint adjudication_of_task unique (id, task_id),
  constraint adjudication_source check (source_given_by is null or given_by is null),
  constraint adjudication_withdrawn check (withdrawn_at is not null or withdrawn_by is null)
);
create unique index adjudication_in_force on adjudication (task_id) where withdrawn_at is null;
create index adjudication_project on adjudication (project_id, given_at, id);

-- The order, a row per completion: place 1 is best, ties share a place.
create table adjudication_place (
  adjudication_id uuid not null,
  task_id         uuid not null,
  completion_id   uuid not null,
  place           smallint not null check (place >= 1),
  primary key (adjudication_id, completion_id),
  foreign key (adjudication_id, task_id) references adjudication (id, task_id) on delete cascade,
  foreign key (task_id, completion_id) references task_completion (task_id, completion_id) on delete cascade
);
create trigger adjudication_place_frozen before update on adjudication_place
  for each row execute function refuse_change();

-- [[completionId, ...], ...] best first, as a ranking has it.
create function adjudicated_groups(given uuid) returns jsonb stable language sql as $$
  select coalesce(jsonb_agg(tied order by place), '[]')
    from (select place, jsonb_agg(completion_id order by completion_id) as tied
            from adjudication_place where adjudication_id = given group by place) groups
$$;

create function refuse_readjudging() returns trigger language plpgsql as $$
begin
  if old.withdrawn_at is not null
     or to_jsonb(new) - '{withdrawn_at,withdrawn_by}'::text[] <> to_jsonb(old) - '{withdrawn_at,withdrawn_by}'::text[] then
    raise exception 'an adjudication is withdrawn once, and otherwise never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger adjudication_frozen before update on adjudication
  for each row execute function refuse_readjudging();

-- At the end of the transaction, when its places are there: every completion of the task has one, or none does.
create function require_adjudicated() returns trigger language plpgsql as $$
declare
  placed bigint := (select count(*) from adjudication_place where adjudication_id = new.id);
begin
  if placed <> (case when new.unrankable then 0
                     else (select count(*) from task_completion where task_id = new.task_id) end) then
    raise exception 'an adjudication places every completion of its task, or none' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger adjudication_complete after insert on adjudication
  deferrable initially deferred for each row execute function require_adjudicated();

-- The adjudicated order counts in place of people's. The halves are views of their own: of each the newest rows are found
-- by an index.
create view people_comparison as
select r.id as ranking_id, r.project_id, r.prompt_id, r.task_id, r.annotator_id, r.submitted_at,
       a.completion_id as chosen_id, b.completion_id as rejected_id, a.place = b.place as tie,
       a.place as chosen_place, b.place as rejected_place, null::uuid as adjudication_id
  from ranking r
  join ranking_place a on a.ranking_id = r.id
  join ranking_place b on b.ranking_id = r.id
 where not r.unrankable and r.withheld is null
   and not exists (select 1 from adjudication d where d.task_id = r.task_id and d.withdrawn_at is null)
   and (a.place < b.place or (a.place = b.place and a.completion_id < b.completion_id));
create view adjudicated_comparison as
select null::uuid as ranking_id, d.project_id, d.prompt_id, d.task_id, null::uuid as annotator_id, d.given_at as submitted_at,
       a.completion_id as chosen_id, b.completion_id as rejected_id, a.place = b.place as tie,
       a.place as chosen_place, b.place as rejected_place, d.id as adjudication_id
  from adjudication d
  join adjudication_place a on a.adjudication_id = d.id
  join adjudication_place b on b.adjudication_id = d.id
 where d.withdrawn_at is null
   and (a.place < b.place or (a.place = b.place and a.completion_id < b.completion_id));
create or replace view comparison as
select * from people_comparison union all select * from adjudicated_comparison;

create table dataset_snapshot_adjudication (
  snapshot_id     uuid not null references dataset_snapshot on delete cascade,
  adjudication_id uuid not null references adjudication,
  primary key (snapshot_id, adjudication_id)
);
create trigger dataset_snapshot_adjudication_frozen before update on dataset_snapshot_adjudication
  for each row execute function refuse_change();

-- A judge is held against the adjudicated order where there is one.
alter table judge_verdict
  add column adjudication_id uuid references adjudication on delete cascade,
  drop constraint judge_verdict_check1,
  add constraint judge_verdict_held_against
    check (num_nonnulls(ranking_id, adjudication_id) = case when chosen_id is null then 0 else 1 end);
create or replace view ai_vote as
select v.id, j.project_id, v.judging_id, v.prompt_id, v.task_id,
       case v.outcome when 'first' then v.first_id else v.second_id end as chosen_id,
       case v.outcome when 'first' then v.second_id else v.first_id end as rejected_id,
       1 / (1 + exp(- j.scale * case j.basis when 'logprobs' then abs(v.margin) else 1 end)) as probability,
       v.first_id, v.second_id, v.forward, v.backward, v.margin, v.created_at,
       j.judge, j.policy_id, j.endpoint, j.model, j.rubric_version
  from judge_verdict v join judging j on j.id = v.judging_id
 where v.chosen_id is null and v.outcome in ('first', 'second') and j.approved_at is not null
   and (j.basis = 'answers' or v.margin is not null);

-- How far it is settled what counts for a task.
alter table ranked_task add column adjudicated boolean not null default false;
alter table ranked_task add column resolution text not null generated always as (case
    when adjudicated then 'adjudicated'
    when counted < 2 then 'single'
    when unrankable = counted or (unrankable = 0 and agreement = 1) then 'unanimous'
    else 'unresolved' end) stored; -- people differ, and nobody has settled it
create index ranked_task_unresolved on ranked_task (project_id, latest, task_id) where resolution = 'unresolved';
create index ranked_task_adjudicated on ranked_task (project_id, latest, task_id) where resolution = 'adjudicated';

create or replace function refresh_ranked_task(task uuid) returns void language plpgsql as $$
declare
  found ranked_task;
begin
  select r.task_id, r.project_id, count(*) filter (where r.withheld is null) as counted,
         count(*) filter (where r.withheld is null and r.fast) as fast,
         count(*) filter (where r.withheld is null and r.flagged) as flagged,
         count(*) filter (where r.withheld is null and r.unrankable) as unrankable, null as agreement,
         count(*) filter (where r.withheld = 'set-aside') as set_aside,
         count(*) filter (where r.withheld = 'returned') as returned, max(r.submitted_at) as latest,
         exists (select 1 from adjudication d where d.task_id = task and d.withdrawn_at is null) as adjudicated, null as resolution
    into found
    from ranking r where r.task_id = task group by r.task_id, r.project_id;
  if found.task_id is null then
    return; -- nobody has ranked it
  end if;
  if found.counted - found.unrankable > 1 then
    with verdict as (
      select r.id, a.completion_id as one, b.completion_id as other, sign(b.place - a.place) as says
        from ranking r
        join ranking_place a on a.ranking_id = r.id
        join ranking_place b on b.ranking_id = r.id and b.completion_id > a.completion_id
       where r.task_id = task and r.withheld is null and not r.unrankable)
    select avg(1 - abs(x.says - y.says) / 2) into found.agreement
      from verdict x join verdict y on y.one = x.one and y.other = x.other and y.id > x.id;
  end if;
  insert into ranked_task as k (task_id, project_id, counted, fast, flagged, unrankable, agreement, set_aside, returned,
                                latest, adjudicated)
  values (found.task_id, found.project_id, found.counted, found.fast, found.flagged, found.unrankable, found.agreement,
          found.set_aside, found.returned, found.latest, found.adjudicated)
  on conflict (task_id) do update
     set counted = excluded.counted, fast = excluded.fast, flagged = excluded.flagged,
         unrankable = excluded.unrankable, agreement = excluded.agreement, set_aside = excluded.set_aside,
         returned = excluded.returned, latest = excluded.latest, adjudicated = excluded.adjudicated;
end $$;
create constraint trigger adjudication_changed after insert or update on adjudication
  deferrable initially deferred for each row execute function ranking_came_in();

create or replace function audited_project(kind text, subject text) returns uuid language sql stable as $$
  select case kind
    when 'project' then subject::uuid
    when 'prompt' then (select project_id from prompt where id = subject::uuid)
    when 'task' then (select project_id from task where id = subject::uuid)
    when 'ranking' then (select project_id from ranking where id = subject::uuid)
    when 'sampling' then (select project_id from sampling where id = subject::uuid)
    when 'evaluation' then (select project_id from sampling where id = subject::uuid)
    when 'judging' then (select project_id from judging where id = subject::uuid)
    when 'round' then (select project_id from round where id = subject::uuid)
    when 'policy' then (select project_id from policy_version where id = subject::uuid)
  end
$$;
