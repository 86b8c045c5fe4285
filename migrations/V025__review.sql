-- A reviewer may keep a ranking from counting: set it aside, or send it back to who gave it. Its versions stay.
alter table ranking
  add column withheld      text check (withheld in ('set-aside', 'returned')), -- null: it counts
  add column withheld_note text,            -- why it was set aside; what was written to the annotator
  add column withheld_by   uuid references account, -- null: an import
  add column withheld_at   timestamptz,
  add column returns       smallint not null default 0, -- how often it was sent back
  add column fast          boolean not null default false, -- sent by a person faster than anybody reads
  add column flagged       boolean not null default false, -- some answer has a flag
  add constraint ranking_withheld check ((withheld is null) = (withheld_note is null)
    and (withheld is null) = (withheld_at is null) and (withheld is not null or withheld_by is null));
create index ranking_returned on ranking (project_id, annotator_id, withheld_at, task_id) where withheld = 'returned';
create index ranking_withheld on ranking (project_id) where withheld is not null;
create index ranking_fast on ranking (project_id, annotator_id, submitted_at, task_id) where fast;

create or replace view comparison as
select r.id as ranking_id, r.project_id, r.prompt_id, r.task_id, r.annotator_id, r.submitted_at,
       a.completion_id as chosen_id, b.completion_id as rejected_id, a.place = b.place as tie,
       a.place as chosen_place, b.place as rejected_place
  from ranking r
  join ranking_place a on a.ranking_id = r.id
  join ranking_place b on b.ranking_id = r.id
 where not r.unrankable and r.withheld is null
   and (a.place < b.place or (a.place = b.place and a.completion_id < b.completion_id));

-- Under three seconds, or over four times what people read silently: 238 words a minute (Brysbaert 2019), of six
-- characters each.
create function faster_than_reading(elapsed_ms bigint, shown uuid[]) returns boolean stable language sql as $$
  select elapsed_ms < greatest(3000, 10 * (select coalesce(sum(char_length(text)), 0) from completion where id = any (shown)))
$$;

-- A version that comes in is the one in force.
create function mark_ranking() returns trigger language plpgsql as $$
declare
  now_fast boolean := coalesce(faster_than_reading(new.elapsed_ms, new.display_order), false);
  now_flagged boolean := new.flags <> '{}';
begin
  update ranking set fast = now_fast and annotator_id is not null, flagged = now_flagged
   where id = new.ranking_id
     and (fast <> (now_fast and annotator_id is not null) or flagged <> now_flagged);
  return null;
end $$;
create trigger ranking_version_marks after insert on ranking_version
  for each row execute function mark_ranking();
update ranking r set fast = m.fast, flagged = m.flagged
  from (select o.id, o.annotator_id is not null
                     and coalesce(faster_than_reading(v.elapsed_ms, v.display_order), false) as fast,
               v.flags <> '{}' as flagged
          from ranking o join ranking_version v on v.ranking_id = o.id and v.version = o.version
         where v.flags <> '{}' or (v.elapsed_ms is not null and o.annotator_id is not null)) m
 where m.id = r.id and (m.fast or m.flagged);

-- What the rankings of a task look like together, so that a list of a hundred thousand is read by an index.
create table ranked_task (
  task_id    uuid primary key references task on delete cascade,
  project_id uuid not null references project on delete cascade,
  counted    smallint not null,             -- rankings that count, unrankable ones too; the next four are of them
  fast       smallint not null,
  flagged    smallint not null,
  unrankable smallint not null,
  agreement  real check (agreement between 0 and 1), -- share of pairs judged alike, a tie against a choice half; null without two orders
  set_aside  smallint not null,
  returned   smallint not null,
  latest     timestamptz not null           -- when the newest ranking was first submitted
);
create index ranked_task_latest on ranked_task (project_id, latest, task_id);
create index ranked_task_agreement on ranked_task (project_id, agreement, task_id) where agreement is not null;
create index ranked_task_fast on ranked_task (project_id, latest, task_id) where fast > 0;
create index ranked_task_flagged on ranked_task (project_id, latest, task_id) where flagged > 0;
create index ranked_task_unrankable on ranked_task (project_id, latest, task_id) where unrankable > 0;
create index ranked_task_set_aside on ranked_task (project_id, latest, task_id) where set_aside > 0;
create index ranked_task_returned on ranked_task (project_id, latest, task_id) where returned > 0;

create function refresh_ranked_task(task uuid) returns void language plpgsql as $$
declare
  found ranked_task;
begin
  select r.task_id, r.project_id, count(*) filter (where r.withheld is null),
         count(*) filter (where r.withheld is null and r.fast),
         count(*) filter (where r.withheld is null and r.flagged),
         count(*) filter (where r.withheld is null and r.unrankable), null,
         count(*) filter (where r.withheld = 'set-aside'), count(*) filter (where r.withheld = 'returned'),
         max(r.submitted_at)
    into found
    from ranking r where r.task_id = task group by r.task_id, r.project_id;
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
  insert into ranked_task as k values (found.*)
  on conflict (task_id) do update
     set counted = excluded.counted, fast = excluded.fast, flagged = excluded.flagged,
         unrankable = excluded.unrankable, agreement = excluded.agreement, set_aside = excluded.set_aside,
         returned = excluded.returned, latest = excluded.latest;
end $$;
select refresh_ranked_task(task_id) from (select distinct task_id from ranking) ranked;

-- At the end of the transaction, when the ranking's places are there.
create function ranking_came_in() returns trigger language plpgsql as $$
begin
  perform refresh_ranked_task(new.task_id);
  return null;
end $$;
create constraint trigger ranking_new after insert on ranking
  deferrable initially deferred for each row execute function ranking_came_in();
create constraint trigger ranking_changed after update on ranking
  deferrable initially deferred for each row
  when ((old.version, old.unrankable, old.withheld, old.fast, old.flagged)
        is distinct from (new.version, new.unrankable, new.withheld, new.fast, new.flagged))
  execute function ranking_came_in();
