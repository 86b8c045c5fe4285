package org.laurel.ranking;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Works out the {@link Statistics} of a project from what the database holds now. */
@ApplicationScoped
public class ProjectStatistics {

  private final EntityManager entityManager;
  private final KnownFigures known;

  ProjectStatistics(EntityManager entityManager, KnownFigures known) {
    this.entityManager = entityManager;
    this.known = known;
  }

  /** The figures as of now; those of a project without rankings are zeros and nulls. */
  @Transactional
  public Statistics of(UUID projectId) {
    VoteFigures figures = known.of(projectId);
    return new Statistics(
        counts(projectId),
        figures.agreement(),
        figures.time(),
        figures.position(),
        figures.length(),
        figures.consistency(),
        annotators(projectId, figures.people()),
        figures.days());
  }

  private List<Statistics.AnnotatorRow> annotators(
      UUID projectId, Map<UUID, VoteFigures.Person> votes) {
    List<Statistics.AnnotatorRow> rows = new ArrayList<>();
    for (Tuple person : people(projectId)) {
      UUID id = person.get("id", UUID.class);
      VoteFigures.Person own = votes.getOrDefault(id, VoteFigures.Person.NONE);
      rows.add(
          new Statistics.AnnotatorRow(
              id,
              person.get("email", String.class),
              person.get("name", String.class),
              person.get("simulated", Boolean.class),
              own.rankings(),
              person.get("skips", Long.class),
              own.unrankable(),
              own.asShown(),
              own.time(),
              own.agreement()));
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
