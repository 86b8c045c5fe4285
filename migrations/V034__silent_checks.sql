-- A task whose right order a reviewer gave may be a silent check: it is handed to annotators among the others, to each
-- once, beyond the seats that it wants. Whether somebody passed is worked out from what is stored, never kept.
create table silent_check (
  task_id    uuid primary key references task on delete cascade,
  project_id uuid not null references project on delete cascade,
  marked_by  uuid references account,       -- null: an import
  marked_at  timestamptz not null default now() -- rankings first sent after that are judged
);
create index silent_check_project on silent_check (project_id, task_id);

-- At the end of the transaction: a check has an order in force that tells answers apart.
create function require_right_order() returns trigger language plpgsql as $$
begin
  if exists (select 1 from silent_check c where c.task_id = new.task_id)
     and not exists (select 1 from adjudication d join adjudication_place p on p.adjudication_id = d.id
                      where d.task_id = new.task_id and d.withdrawn_at is null and p.place > 1) then
    raise exception 'a silent check has a right order' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger silent_check_has_order after insert or update on silent_check
  deferrable initially deferred for each row execute function require_right_order();
create constraint trigger adjudication_of_check after update on adjudication
  deferrable initially deferred for each row execute function require_right_order();

-- A seat beyond those that the task wants, for somebody who is checked. Its keys are those of other seats: nobody sits
-- in a check twice.
alter table task_seat
  add column checking boolean not null default false,
  drop constraint task_seat_seat_check,
  add constraint task_seat_number check (seat >= 1);

-- When a reviewer let somebody go on who failed checks: what was failed before counts no more.
create table check_readmission (
  project_id uuid not null references project on delete cascade,
  account_id uuid not null references account on delete cascade,
  by_account uuid references account,
  at         timestamptz not null default now(),
  primary key (project_id, account_id)
);

-- What checks add to the tasks that somebody has ahead: all that may yet come, so that the number goes down by one with
-- each ranking and tells no check apart. Once there are no other tasks no check comes, but those in hand stay.
create function checks_ahead(of_project uuid, person uuid, others bigint) returns bigint stable language sql as $$
  select count(*)
    from silent_check c
    join task t on t.id = c.task_id
    join project p on p.id = c.project_id
    left join task_seat mine on mine.task_id = c.task_id and mine.annotator_id = person
   where c.project_id = of_project
     and mine.submitted_at is null
     and not exists (select 1 from task_skip k where k.task_id = c.task_id and k.annotator_id = person)
     and (others > 0 and coalesce(cast(p.settings ->> 'checkShare' as double precision), 0.05) > 0 or mine.checking)
     and not (t.closed_at is null -- one of the others
              and exists (select 1 from task_seat s where s.task_id = c.task_id and s.submitted_at is null
                             and (s.annotator_id = person
                                  or not s.checking and (s.annotator_id is null or s.lease_expires_at <= now()))))
$$;
