-- Whether somebody else is asked if its annotator skips a ranking that was sent back, and who withheld an imported one
-- on the server that exported it.
alter table ranking
  add column ask_if_skipped boolean not null default true,
  add column source_withheld_by uuid,
  add constraint ranking_source_withheld
    check (source_withheld_by is null or (withheld is not null and withheld_by is null));
