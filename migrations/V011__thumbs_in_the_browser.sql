-- Thumbs that people give in the browser can be taken back. A row still says for good what somebody thought; only that it
-- was withdrawn is added, once, so that snapshots hold what they held.
alter table thumb add column origin text not null default 'import' check (origin in ('import', 'playground'));
alter table thumb add column policy_id uuid references policy_version; -- that wrote the text, where known
alter table thumb add column withdrawn_at timestamptz;

alter table thumb drop constraint thumb_once;
create unique index thumb_once on thumb (prompt_id, content_hash, up, author_id) where withdrawn_at is null;

create function refuse_thumb_change() returns trigger language plpgsql as $$
begin
  if old.withdrawn_at is not null or to_jsonb(new) - 'withdrawn_at' <> to_jsonb(old) - 'withdrawn_at' then
    raise exception 'thumb rows never change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
drop trigger thumb_frozen on thumb;
create trigger thumb_frozen before update on thumb
  for each row execute function refuse_thumb_change();
