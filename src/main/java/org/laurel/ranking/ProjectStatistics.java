package org.laurel.ranking;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Works out the {@link Statistics} of a project from what the database holds now. */
@ApplicationScoped
public class ProjectStatistics {

  private final EntityManager entityManager;
  private final Votes votes;

  ProjectStatistics(EntityManager entityManager, Votes votes) {
    this.entityManager = entityManager;
    this.votes = votes;
  }

  /** The figures as of now; those of a project without rankings are zeros and nulls. */
  @Transactional
  public Statistics of(UUID projectId) {
    Collection<List<Vote>> byTask = votes.byTask(projectId).values();
    List<Vote> all = byTask.stream().flatMap(List::stream).toList();
    return new Statistics(
        counts(projectId),
        Accord.of(byTask),
        Statistics.Time.of(all),
        Audits.position(byTask),
        Audits.length(byTask, votes.lengths(projectId)),
        Audits.consistency(byTask),
        annotators(projectId, byTask, all),
        Statistics.days(all));
  }

  private List<Statistics.AnnotatorRow> annotators(
      UUID projectId, Collection<List<Vote>> byTask, List<Vote> all) {
    Map<UUID, Accord> accords = Accord.byAnnotator(byTask);
    Map<UUID, List<Vote>> own = new LinkedHashMap<>();
    all.forEach(v -> own.computeIfAbsent(v.annotatorId(), a -> new ArrayList<>()).add(v));
    List<Statistics.AnnotatorRow> rows = new ArrayList<>();
    for (Tuple person : people(projectId)) {
      UUID id = person.get("id", UUID.class);
      List<Vote> given = own.getOrDefault(id, List.of());
      rows.add(
          new Statistics.AnnotatorRow(
              id,
              person.get("email", String.class),
              person.get("name", String.class),
              person.get("simulated", Boolean.class),
              given.size(),
              person.get("skips", Long.class),
              given.stream().filter(v -> v.groups() == null).count(),
              given.stream().filter(Vote::asShown).count(),
              Statistics.Time.of(given),
              accords.get(id)));
    }
    rows.sort(Comparator.comparingLong(Statistics.AnnotatorRow::rankings).reversed());
    return rows;
  }

  /** Everybody who ranked or skipped something here. */
  @SuppressWarnings("unchecked")
  private List<Tuple> people(UUID projectId) {
    return entityManager
        .createNativeQuery(
            """
            with skipped as (
              select k.annotator_id, count(*) as skips from task_skip k join task t on t.id = k.task_id
               where t.project_id = :project group by k.annotator_id)
            select a.id, a.email, a.name, a.simulated, coalesce(s.skips, 0) as skips
              from account a left join skipped s on s.annotator_id = a.id
             where s.annotator_id is not null
                or a.id in (select annotator_id from ranking where project_id = :project)
             order by a.email
            """,
            Tuple.class)
        .setParameter("project", projectId)
        .getResultList();
  }

  private Statistics.Counts counts(UUID projectId) {
    Tuple row =
        (Tuple)
            entityManager
                .createNativeQuery(
                    """
                    select
                      (select count(*) from prompt where project_id = :project and retired_at is null)
                        as prompts,
                      (select count(*) from completion c join prompt p on p.id = c.prompt_id
                        where p.project_id = :project) as completions,
                      (select count(*) from task where project_id = :project) as tasks,
                      (select count(*) from task where project_id = :project and closed_at is null)
                        as open_tasks,
                      (select count(*) from task_seat s join task t on t.id = s.task_id
                        where t.project_id = :project) as seats,
                      (select count(*) from task_seat s join task t on t.id = s.task_id
                        where t.project_id = :project and s.submitted_at is null
                          and s.lease_expires_at > now()) as leased,
                      (select count(*) from task_skip k join task t on t.id = k.task_id
                        where t.project_id = :project) as skips,
                      (select count(*) from ranking where project_id = :project) as rankings,
                      (select count(*) from ranking where project_id = :project
                        and annotator_id is null) as imported,
                      (select count(*) from ranking where project_id = :project and unrankable)
                        as unrankable,
                      (select count(*) from comparison where project_id = :project) as comparisons,
                      (select count(*) from comparison where project_id = :project and tie) as ties
                    """,
                    Tuple.class)
                .setParameter("project", projectId)
                .getSingleResult();
    return new Statistics.Counts(
        row.get("prompts", Long.class),
        row.get("completions", Long.class),
        row.get("tasks", Long.class),
        row.get("open_tasks", Long.class),
        row.get("seats", Long.class),
        row.get("leased", Long.class),
        row.get("skips", Long.class),
        row.get("rankings", Long.class),
        row.get("imported", Long.class),
        row.get("unrankable", Long.class),
        row.get("comparisons", Long.class),
        row.get("ties", Long.class));
  }
}
