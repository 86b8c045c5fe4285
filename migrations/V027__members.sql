-- Since when somebody works in a project, and what lists of people ask for: how much each has ranked there, and when
-- each was last heard of.
alter table project_member add column admitted_at timestamptz not null default now();
update project_member m
   set admitted_at = coalesce(
         (select max(e.at) from audit_event e
           where e.subject_kind = 'project' and e.subject_id = m.project_id::text
             and e.action = 'project.member-admitted' and e.detail ->> 'account' = m.account_id::text),
         -- invited into the project, which made the account
         a.created_at)
  from account a where a.id = m.account_id;
create index ranking_project_annotator on ranking (project_id, annotator_id);
create index audit_event_account on audit_event (account_id, at, id);
