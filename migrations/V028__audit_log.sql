-- The audit is read newest first: all of it, or what one person did (V027), one kind of deed, or one project's.
alter table audit_event add column project_id uuid; -- in which it was done; null outside projects

-- The project of a subject, as the table of its kind says.
create function audited_project(kind text, subject text) returns uuid language sql stable as $$
  select case kind
    when 'project' then subject::uuid
    when 'prompt' then (select project_id from prompt where id = subject::uuid)
    when 'ranking' then (select project_id from ranking where id = subject::uuid)
    when 'sampling' then (select project_id from sampling where id = subject::uuid)
    when 'evaluation' then (select project_id from sampling where id = subject::uuid)
    when 'judging' then (select project_id from judging where id = subject::uuid)
    when 'round' then (select project_id from round where id = subject::uuid)
    when 'policy' then (select project_id from policy_version where id = subject::uuid)
  end
$$;
update audit_event e set project_id = s.project_id
  from (select 'project' as kind, id, id as project_id from project
        union all select 'prompt', id, project_id from prompt
        union all select 'ranking', id, project_id from ranking
        union all select 'sampling', id, project_id from sampling
        union all select 'evaluation', id, project_id from sampling
        union all select 'judging', id, project_id from judging
        union all select 'round', id, project_id from round
        union all select 'policy', id, project_id from policy_version) s
 where s.kind = e.subject_kind and s.id::text = e.subject_id;

create index audit_event_at on audit_event (at, id);
create index audit_event_action on audit_event (action, at, id);
create index audit_event_project on audit_event (project_id, at, id) where project_id is not null;
