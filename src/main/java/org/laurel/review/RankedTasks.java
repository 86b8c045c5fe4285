package org.laurel.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Shown;

/**
 * Tasks with rankings, a page at a time. Every list is read from an index, up to the rows shown:
 * there may be a hundred thousand.
 */
@ApplicationScoped
class RankedTasks {
  static final int PAGE = 20;

  /**
   * A task of the list.
   *
   * @param turns messages of the prompt
   * @param counted rankings that count; the next three are how many of these are so
   * @param agreement share of pairs judged alike; a dash below two orders
   * @param resolution single, unanimous, unresolved or adjudicated
   * @param at when the newest ranking came, or the newest by the person who is looked for
   */
  record Row(
      UUID id,
      String prompt,
      int turns,
      int counted,
      int fast,
      int flagged,
      int unrankable,
      int setAside,
      int returned,
      String agreement,
      String resolution,
      Instant at) {}

  /**
   * A page of rows.
   *
   * @param next the task after which the following page begins; null on the last
   */
  record Rows(List<Row> rows, @Nullable UUID next) {}

  /** Somebody who ranked in a project. */
  record Person(UUID id, String name) {}

  private static final String COLUMNS =
      """
      select k.task_id, p.text, jsonb_array_length(p.messages) as turns, k.counted, k.fast, k.flagged,
             k.unrankable, k.set_aside, k.returned, k.agreement, k.resolution, %s as at
        from %s join task t on t.id = k.task_id join prompt p on p.id = t.prompt_id
      """;

  private final EntityManager database;

  RankedTasks(EntityManager database) {
    this.database = database;
  }

  /**
   * @param after the task that the page before ended with; null for the first page
   */
  Rows find(Filter filter, @Nullable UUID after) {
    List<Row> found = rows(filter, after, PAGE + 1);
    return found.size() > PAGE
        ? new Rows(found.subList(0, PAGE), found.get(PAGE - 1).id())
        : new Rows(found, null);
  }

  /** The task that follows in the list. */
  Optional<UUID> following(Filter filter, UUID task) {
    return rows(filter, task, 1).stream().map(Row::id).findFirst();
  }

  @SuppressWarnings("unchecked")
  private List<Row> rows(Filter filter, @Nullable UUID after, int limit) {
    Query query =
        database
            .createNativeQuery(sql(filter, after != null), Tuple.class)
            .setParameter("project", filter.project())
            .setParameter("limit", limit);
    if (filter.annotator() != null) {
      query.setParameter("annotator", filter.annotator());
    }
    if (after != null) {
      query.setParameter("after", after);
    }
    List<Tuple> found = query.getResultList();
    return found.stream().map(RankedTasks::row).toList();
  }

  /** Each way to look for tasks follows an index of its own. */
  private static String sql(Filter filter, boolean goesOn) {
    boolean ofOne = filter.annotator() != null;
    String at = ofOne ? "r.submitted_at" : "k.latest";
    String from = ofOne ? "ranking r join ranked_task k on k.task_id = r.task_id" : "ranked_task k";
    String where =
        ofOne
            ? "r.project_id = :project and r.annotator_id = :annotator and "
                + filter.only().ofRanking
            : "k.project_id = :project and " + filter.only().ofTask;
    String key = filter.disputed() ? "k.agreement" : at;
    String id = ofOne && !filter.disputed() ? "r.task_id" : "k.task_id";
    String last =
        ofOne
            ? " from ranking r join ranked_task k on k.task_id = r.task_id"
                + " where r.task_id = :after and r.annotator_id = :annotator"
            : " from ranked_task k where k.task_id = :after";
    String way = filter.disputed() ? "" : " desc";
    StringBuilder sql = new StringBuilder(COLUMNS.formatted(at, from)).append(" where ");
    sql.append(where);
    if (filter.disputed()) {
      sql.append(" and k.agreement is not null");
    }
    if (goesOn) {
      sql.append(
          " and (%s, %s) %s (select %s, %s%s)"
              .formatted(key, id, filter.disputed() ? ">" : "<", key, id, last));
    }
    sql.append(" order by ").append(key).append(way).append(", ").append(id).append(way);
    return sql.append(" limit :limit").toString();
  }

  private static Row row(Tuple row) {
    Float agreement = row.get("agreement", Float.class);
    return new Row(
        row.get("task_id", UUID.class),
        row.get("text", String.class),
        row.get("turns", Integer.class),
        row.get("counted", Short.class),
        row.get("fast", Short.class),
        row.get("flagged", Short.class),
        row.get("unrankable", Short.class),
        row.get("set_aside", Short.class),
        row.get("returned", Short.class),
        Shown.share(agreement == null ? null : agreement.doubleValue()),
        row.get("resolution", String.class),
        row.get("at", Instant.class));
  }

  /** Everybody who ranked here, by name. */
  @SuppressWarnings("unchecked")
  List<Person> people(UUID project) {
    List<Tuple> rows =
        database
            .createNativeQuery(
                """
                select a.id, coalesce(nullif(a.name, ''), a.email) as name from account a
                 where exists (select 1 from ranking r
                                where r.project_id = :project and r.annotator_id = a.id)
                 order by 2, 1
                """,
                Tuple.class)
            .setParameter("project", project)
            .getResultList();
    return rows.stream()
        .map(row -> new Person(row.get("id", UUID.class), row.get("name", String.class)))
        .toList();
  }
}
