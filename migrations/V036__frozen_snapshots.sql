-- The rows of every kind of snapshot never change, as those of rankings do not already.
create trigger dataset_snapshot_prompt_frozen before update on dataset_snapshot_prompt
  for each row execute function refuse_change();
create trigger dataset_snapshot_demonstration_frozen before update on dataset_snapshot_demonstration
  for each row execute function refuse_change();
create trigger dataset_snapshot_thumb_frozen before update on dataset_snapshot_thumb
  for each row execute function refuse_change();

-- The beginning of ranking_person, which finds the same.
drop index ranking_project_annotator;
