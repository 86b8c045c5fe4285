-- The same judgment of the same texts is imported once into a project.
alter table task add column import_hash bytea check (octet_length(import_hash) = 32);
alter table task add constraint task_import unique (project_id, import_hash);
