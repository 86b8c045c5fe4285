-- How little the votes so far say about a task's answers: 0 if the instant fit is sure of every pair, 1 if of none.
-- Null where nobody asked. Where the project wants it, mostly the most uncertain task is handed out.
alter table task add column uncertainty real check (uncertainty between 0 and 1);
create index task_uncertain on task (project_id, priority desc, uncertainty desc nulls last, created_at, id)
  where closed_at is null;
create index task_unjudged on task (project_id, priority desc, (uncertainty is not null), created_at, id)
  where closed_at is null;
