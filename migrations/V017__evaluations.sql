-- Two policies compared blind: a sampling with a baseline lets both answer a prompt once, and opens a task of the two.
alter table sampling add column baseline_id uuid references policy_version;
alter table sampling add constraint sampling_of_two check (baseline_id <> policy_id);
create index task_evaluation on task (sampling_id) where origin = 'evaluation';
