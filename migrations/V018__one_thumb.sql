-- A person has one thumb on a text, up or down. Where imports left both, the newer one stays and the other is withdrawn.
update thumb older set withdrawn_at = now()
 where withdrawn_at is null
   and exists (select from thumb newer
                where newer.prompt_id = older.prompt_id and newer.content_hash = older.content_hash
                  and newer.author_id = older.author_id and newer.withdrawn_at is null
                  and (newer.created_at, newer.id) > (older.created_at, older.id));

drop index thumb_once;
create unique index thumb_once on thumb (prompt_id, content_hash, author_id) where withdrawn_at is null;
