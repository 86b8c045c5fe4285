package org.laurel.overview;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.Tuple;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Cursor;

/** A project's prompts, a page at a time, with what became of each. */
@ApplicationScoped
class PromptTable {
  static final int PAGE = 10;

  /** One prompt; {@code seats} are the rankings wanted of it, {@code ranked} those given. */
  record Row(
      UUID id,
      String text,
      @Nullable String language,
      long completions,
      long seats,
      long ranked,
      int turns) {

    public boolean complete() {
      return seats > 0 && ranked >= seats;
    }
  }

  /**
   * A page of rows.
   *
   * @param next what to ask for the page after this one, null on the last
   * @param total prompts that match
   */
  record Rows(List<Row> rows, @Nullable UUID next, long total) {}

  private final EntityManager entityManager;

  PromptTable(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /**
   * Prompts in order of their ids.
   *
   * @param search part of the text, in any case; empty for all
   * @param after id of the last prompt of the page before
   */
  @SuppressWarnings("unchecked")
  Rows find(UUID projectId, String search, @Nullable UUID after) {
    String pattern = "%" + search.replaceAll("([\\\\%_])", "\\\\$1") + "%";
    List<Tuple> found =
        entityManager
            .createNativeQuery(
                """
                select p.id, p.text, p.language, jsonb_array_length(p.messages) as turns,
                  (select count(*) from completion c where c.prompt_id = p.id) as completions,
                  (select count(*) from task_seat s join task t on t.id = s.task_id
                    where t.prompt_id = p.id and (not s.checking or s.submitted_at is not null))
                    - (select coalesce(sum(k.set_aside), 0)
                    from ranked_task k join task t on t.id = k.task_id
                    where t.prompt_id = p.id) as seats,
                  (select coalesce(sum(k.counted), 0) from ranked_task k join task t on t.id = k.task_id
                    where t.prompt_id = p.id) as ranked
                  from prompt p
                 where p.project_id = :project and p.retired_at is null and p.text ilike :pattern
                   and p.id > :after
                 order by p.id limit :limit
                """,
                Tuple.class)
            .setParameter("project", projectId)
            .setParameter("pattern", pattern)
            .setParameter("after", after == null ? Cursor.START : after)
            .setParameter("limit", PAGE + 1)
            .getResultList();
    List<Row> rows =
        found.stream()
            .limit(PAGE)
            .map(
                row ->
                    new Row(
                        row.get("id", UUID.class),
                        row.get("text", String.class),
                        row.get("language", String.class),
                        row.get("completions", Long.class),
                        row.get("seats", Long.class),
                        row.get("ranked", Long.class),
                        row.get("turns", Integer.class)))
            .toList();
    UUID next = found.size() > PAGE ? rows.get(PAGE - 1).id() : null;
    return new Rows(rows, next, total(projectId, search, pattern));
  }

  private long total(UUID projectId, String search, String pattern) {
    String all = "select count(*) from prompt where project_id = :project and retired_at is null";
    Query count =
        search.isEmpty()
            ? entityManager.createNativeQuery(all) // no text has to be read
            : entityManager
                .createNativeQuery(all + " and text ilike :pattern")
                .setParameter("pattern", pattern);
    return ((Number) count.setParameter("project", projectId).getSingleResult()).longValue();
  }
}
