-- Prompts that a sampling left without a task: too long for the policy, or always answered alike.
alter table sampling add column passed_over bigint not null default 0;
alter table sampling add column seats smallint not null default 1 check (seats between 1 and 20);
alter table sampling add column priority integer not null default 0;
create index sampling_project on sampling (project_id, id);
create index sampling_waiting on sampling (created_at) where status in ('queued', 'running');

-- Handing out the next task looks at open ones only, however many are done.
create index task_open on task (project_id, priority desc, created_at, id) where closed_at is null;
