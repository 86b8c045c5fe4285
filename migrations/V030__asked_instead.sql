-- Somebody else was asked in place of a ranking that was set aside: the seat that was added to the task for that.
alter table ranking
  add column asked_instead smallint,
  add constraint ranking_asked_instead check (asked_instead is null or coalesce(withheld, '') = 'set-aside');
