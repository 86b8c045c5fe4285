-- What a file tells of a completion beside its text and who wrote it.
alter table completion add column metadata jsonb not null default '{}';
