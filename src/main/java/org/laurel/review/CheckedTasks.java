package org.laurel.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.laurel.ranking.CheckedRanking;
import org.laurel.ranking.CheckedRankings;

/** The silent checks of a project, those that most people fail first. */
@ApplicationScoped
class CheckedTasks {
  private static final String MARKED =
      """
      select c.task_id, p.text, a.email, c.marked_at
        from silent_check c
        join task t on t.id = c.task_id
        join prompt p on p.id = t.prompt_id
        left join account a on a.id = c.marked_by
       where c.project_id = :project
       order by c.marked_at desc, c.task_id
      """;

  private final EntityManager database;
  private final CheckedRankings rankings;

  CheckedTasks(EntityManager database, CheckedRankings rankings) {
    this.database = database;
    this.rankings = rankings;
  }

  @SuppressWarnings("unchecked")
  List<CheckedTask> of(UUID project) {
    Map<UUID, List<CheckedRanking>> byTask =
        rankings.of(project).stream().collect(Collectors.groupingBy(CheckedRanking::taskId));
    List<Tuple> rows =
        database
            .createNativeQuery(MARKED, Tuple.class)
            .setParameter("project", project)
            .getResultList();
    return rows.stream()
        .map(row -> checked(row, byTask.getOrDefault(row.get("task_id", UUID.class), List.of())))
        .sorted(Comparator.comparingDouble(CheckedTask::failing).reversed())
        .toList();
  }

  /** One of them; empty if the task is no check. */
  Optional<CheckedTask> of(UUID project, UUID task) {
    return SilentCheck.of(task).isEmpty()
        ? Optional.empty()
        : of(project).stream().filter(check -> check.taskId().equals(task)).findFirst();
  }

  private static CheckedTask checked(Tuple row, List<CheckedRanking> rankings) {
    return new CheckedTask(
        row.get("task_id", UUID.class),
        row.get("text", String.class),
        row.get("email", String.class),
        row.get("marked_at", Instant.class),
        rankings.size(),
        (int) rankings.stream().filter(ranking -> ranking.score().passed()).count());
  }
}
