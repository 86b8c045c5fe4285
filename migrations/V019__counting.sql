-- What the first page and a project's page count: prompts in use, and rankings by person.
create index prompt_in_use on prompt (project_id, id) where retired_at is null;
create index ranking_person on ranking (project_id, annotator_id, submitted_at);
drop index ranking_annotator; -- rankings are asked for within a project
