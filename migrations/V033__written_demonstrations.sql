-- Demonstrations that annotators write here, beside those that are imported. What one says never changes, since snapshots
-- name it by id: who changes his own puts another row in its place.
alter table demonstration
  add column origin             text not null default 'import' check (origin in ('import', 'written')),
  add column source_author_id   uuid,       -- who wrote an imported one, by the id on the server that exported it
  add column writer_id          uuid generated always as
    (case origin when 'written' then author_id else source_author_id end) stored,
  add column seat               smallint,   -- from which it was written; null for an import
  add column version            integer not null default 1 check (version >= 1),
  add column flags              text[] not null default '{}', -- what its writer found wrong with the prompt
  add column guidelines_version integer,
  add column elapsed_ms         bigint check (elapsed_ms >= 0),
  add column replaced_at        timestamptz, -- its writer put the next version in its place
  add column withheld_note      text,       -- why it was set aside, so that it counts nowhere
  add column withheld_by        uuid references account, -- null: an import
  add column withheld_at        timestamptz,
  add constraint demonstration_written check ((origin = 'written') = (seat is not null)
    and (origin = 'import' or author_id is not null)),
  add constraint demonstration_withheld check ((withheld_note is null) = (withheld_at is null)
    and (withheld_at is not null or withheld_by is null));

-- two people may write the same; of one it counts once
alter table demonstration drop constraint demonstration_content;
create unique index demonstration_once on demonstration
  (prompt_id, content_hash, origin, coalesce(writer_id, '00000000-0000-0000-0000-000000000000'))
  where replaced_at is null;
create unique index demonstration_in_force on demonstration (prompt_id, author_id)
  where origin = 'written' and replaced_at is null;
create index demonstration_author on demonstration (author_id) where origin = 'written';

-- One row per person who writes, or wrote, a demonstration of a prompt. Whoever sits down takes the lowest number that is
-- free, so that two who are after the last one want the same row. Other than a task's, which are made with it, seats are
-- made when somebody sits down: a project says later how many it wants, and may change its mind.
create table demonstration_seat (
  prompt_id        uuid not null references prompt on delete cascade,
  seat             smallint not null check (seat >= 1),
  annotator_id     uuid not null references account,
  leased_at        timestamptz not null,
  lease_expires_at timestamptz,             -- null once it is written
  submitted_at     timestamptz,
  primary key (prompt_id, seat),
  constraint demonstration_seat_once_per_annotator unique (prompt_id, annotator_id),
  check ((submitted_at is null) = (lease_expires_at is not null))
);
create index demonstration_seat_annotator on demonstration_seat (annotator_id);
create index demonstration_seat_expiry on demonstration_seat (lease_expires_at) where submitted_at is null;
create trigger demonstration_seat_submitted before update on demonstration_seat
  for each row when (old.submitted_at is not null) execute function refuse_unseating();

alter table demonstration add constraint demonstration_seat_written
  foreign key (prompt_id, seat) references demonstration_seat (prompt_id, seat) on delete cascade;

-- Unsent work. It stays its writer's, whoever takes the seat meanwhile: a text of an hour is not to be lost with a lease.
create table demonstration_draft (
  prompt_id    uuid not null references prompt on delete cascade,
  annotator_id uuid not null references account,
  work         jsonb not null,
  saved_at     timestamptz not null,
  primary key (prompt_id, annotator_id)
);
create index demonstration_draft_annotator on demonstration_draft (annotator_id);

create table demonstration_skip (
  prompt_id    uuid not null references prompt on delete cascade,
  annotator_id uuid not null references account,
  reason       text not null,
  at           timestamptz not null default now(),
  primary key (prompt_id, annotator_id)
);
create index demonstration_skip_annotator on demonstration_skip (annotator_id);

create function refuse_demonstration_change() returns trigger language plpgsql as $$
declare
  state constant text[] := array['replaced_at', 'withheld_note', 'withheld_by', 'withheld_at', 'writer_id'];
begin
  if old.replaced_at is not null or to_jsonb(new) - state <> to_jsonb(old) - state then
    raise exception 'demonstration rows never change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger demonstration_frozen before update on demonstration
  for each row execute function refuse_demonstration_change();
