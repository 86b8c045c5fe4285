-- A seat with a ranking is its annotator's for good, whatever a request beside the ranking's believes.
create function refuse_unseating() returns trigger language plpgsql as $$
begin
  if new.submitted_at is null or new.annotator_id is distinct from old.annotator_id then
    raise exception 'a submitted seat stays submitted' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
-- seats that lost it to such a request get it back
update task_seat s set submitted_at = r.submitted_at, lease_expires_at = null, annotator_id = r.annotator_id,
       display_order = v.display_order, draft = null
  from ranking r join ranking_version v on v.ranking_id = r.id and v.version = r.version
 where r.task_id = s.task_id and r.seat = s.seat and s.submitted_at is null
   and not exists (select from task_seat o
                    where o.task_id = s.task_id and o.annotator_id = r.annotator_id and o.seat <> s.seat);
create trigger task_seat_submitted before update on task_seat
  for each row when (old.submitted_at is not null) execute function refuse_unseating();
