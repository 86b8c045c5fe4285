-- What a ranking was on the server that exported it: so that a file brings each ranking once however often it is
-- imported, and who voted can still be told apart.
alter table ranking add column source_id uuid;
alter table ranking add column source_annotator_id uuid;
alter table ranking add constraint ranking_source unique (project_id, source_id);
alter table ranking add constraint ranking_source_annotator
  check (source_annotator_id is null or annotator_id is null);
-- The name of the policy that wrote an imported completion there.
alter table completion add column source_policy text check (source_policy is null or policy_id is null);
-- How uncertain the task was when it was handed out for that; null where it came in its turn.
alter table task_seat add column uncertainty real check (uncertainty between 0 and 1);

-- Whose an imported thumb was there, and who wrote the text. One thumb a person goes by that.
alter table thumb add column source_author_id uuid;
alter table thumb add column source_policy text check (source_policy is null or policy_id is null);
drop index thumb_once;
create unique index thumb_once on thumb (prompt_id, content_hash, coalesce(source_author_id, author_id))
  where withdrawn_at is null;
