-- A run makes one version. Where it was registered twice, the later version stays, but no longer as the run's.
update policy_version later set run_id = null
 where exists (select from policy_version earlier
                where earlier.run_id = later.run_id and (earlier.created_at, earlier.id) < (later.created_at, later.id));
update reward_model_version later set run_id = null
 where exists (select from reward_model_version earlier
                where earlier.run_id = later.run_id and (earlier.created_at, earlier.id) < (later.created_at, later.id));
alter table policy_version add constraint policy_version_of_run unique (run_id);
alter table reward_model_version add constraint reward_model_version_of_run unique (run_id);
