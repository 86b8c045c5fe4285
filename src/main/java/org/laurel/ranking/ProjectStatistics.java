package org.laurel.ranking;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Works out the {@link Statistics} of a project from what the database holds now. */
@ApplicationScoped
public class ProjectStatistics {

  private final EntityManager entityManager;
  private final KnownFigures known;
  private final CheckedRankings checks;

  ProjectStatistics(EntityManager entityManager, KnownFigures known, CheckedRankings checks) {
    this.entityManager = entityManager;
    this.known = known;
    this.checks = checks;
  }

  /**
   * Statistics that nobody has to wait for.
   *
   * @param statistics counts as of now, and the other figures, which differ between rankings, of as
   *     many as were worked through
   * @param rankings how many these are; 0 if none were since the server started
   * @param current whether nothing has come in since
   */
  public record Latest(Statistics statistics, long rankings, boolean current) {}

  /** The figures as of now; those of a project without rankings are zeros and nulls. */
  public Statistics of(UUID projectId) {
    return of(projectId, known.of(projectId));
  }

  /** As {@link #of}, where there are many rankings with the figures worked out last. */
  public Latest latest(UUID projectId) {
    KnownFigures.State now = known.state(projectId);
    if (now.rankings() <= KnownFigures.AT_ONCE) {
      return current(projectId);
    }
    KnownFigures.Known last = known.last(projectId);
    return new Latest(of(projectId, last), last.state().rankings(), last.state().equals(now));
  }

  /** As {@link #of}. */
  public Latest current(UUID projectId) {
    KnownFigures.Known figures = known.of(projectId);
    return new Latest(of(projectId, figures), figures.state().rankings(), true);
  }

  private Statistics of(UUID projectId, KnownFigures.Known known) {
    VoteFigures figures = known.figures();
    return QuarkusTransaction.joiningExisting()
        .call(
            () ->
                new Statistics(
                    counts(projectId, known),
                    figures.agreement(),
                    figures.time(),
                    figures.position(),
                    figures.length(),
                    figures.consistency(),
                    annotators(projectId, figures.people()),
                    figures.days(),
                    figures.models()));
  }

  private List<Statistics.AnnotatorRow> annotators(
      UUID projectId, Map<UUID, VoteFigures.Person> votes) {
    Map<UUID, List<CheckedRanking>> checked =
        checks.of(projectId).stream().collect(Collectors.groupingBy(CheckedRanking::annotatorId));
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
              person.get("rankings", Long.class),
              person.get("skips", Long.class),
              own.unrankable(),
              own.asShown(),
              own.time(),
              own.agreement(),
              own.adjudicated(),
              checked.containsKey(id) ? CheckFigures.of(checked.get(id)) : null));
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
               where t.project_id = :project group by k.annotator_id),
            ranked as (
              select annotator_id, count(*) filter (where withheld is null) as rankings from ranking
               where project_id = :project and annotator_id is not null group by annotator_id)
            select a.id, a.email, a.name, a.simulated, coalesce(s.skips, 0) as skips,
                   coalesce(r.rankings, 0) as rankings
              from account a
              left join skipped s on s.annotator_id = a.id
              left join ranked r on r.annotator_id = a.id
             where s.annotator_id is not null or r.annotator_id is not null
             order by a.email
            """,
            Tuple.class)
        .setParameter("project", projectId)
        .getResultList();
  }

  private Statistics.Counts counts(UUID projectId, KnownFigures.Known known) {
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
                        where t.project_id = :project and t.closed_at is null
                          and s.submitted_at is null and not s.checking) as free_seats,
                      (select count(*) from task_seat s join task t on t.id = s.task_id
                        where t.project_id = :project and s.submitted_at is null
                          and s.lease_expires_at > now()) as leased,
                      (select count(*) from task_skip k join task t on t.id = k.task_id
                        where t.project_id = :project) as skips,
                      (select count(*) from ranking where project_id = :project
                        and withheld is null) as rankings,
                      (select count(*) from ranking where project_id = :project
                        and withheld is null and annotator_id is null) as imported,
                      (select count(*) from ranking where project_id = :project
                        and withheld is null and unrankable) as unrankable,
                      (select count(*) from ranking where project_id = :project
                        and withheld = 'returned' and annotator_id is not null) as returned,
                      (select count(*) from ranking where project_id = :project
                        and withheld is not null) as withheld
                    """,
                    Tuple.class)
                .setParameter("project", projectId)
                .getSingleResult();
    long returned = row.get("returned", Long.class);
    return new Statistics.Counts(
        row.get("prompts", Long.class),
        row.get("completions", Long.class),
        row.get("tasks", Long.class),
        row.get("open_tasks", Long.class),
        row.get("rankings", Long.class) + row.get("free_seats", Long.class) + returned,
        row.get("leased", Long.class),
        row.get("skips", Long.class),
        row.get("rankings", Long.class),
        row.get("imported", Long.class),
        row.get("unrankable", Long.class),
        known.comparisons(),
        known.ties(),
        returned,
        row.get("withheld", Long.class) - returned);
  }
}
