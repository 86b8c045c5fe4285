-- Never written: no version was archived, and every reward model starts from a policy or an encoder.
alter table policy_version drop column archived_at;
alter table reward_model_version drop column archived_at, drop column parent_id;
