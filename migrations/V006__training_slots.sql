-- How many trainings a machine runs at once is held by the database: each has a slot, and a slot has one running run.
alter table run add machine text;
alter table run add slot smallint check (slot >= 1);
alter table run add deaths integer not null default 0;       -- processes in a row that died without getting further
alter table run add attempt_step bigint not null default 0;  -- how far it was when its newest process started
alter table run add constraint run_running_slot check (status <> 'running' or (machine is not null and slot is not null));
create unique index run_slot on run (machine, slot) where status = 'running';

-- The order in which figures became known, for those who follow a run live. A resumed run repeats some steps.
alter table run_metric add sequence bigint generated always as identity;
create index run_metric_sequence on run_metric (run_id, sequence);
