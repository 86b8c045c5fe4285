package org.laurel.instant;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.laurel.engine.run.Conversations;
import org.laurel.engine.run.HeldOut;
import org.laurel.instant.Readings.Reading;
import org.laurel.preference.DenseBradleyTerry;
import org.laurel.task.Leases;

/**
 * Writes beside the open tasks of projects that hand out uncertain ones first how little the votes
 * so far say about them. The tasks of as many prompts as are handed out in their turn are left
 * alone. The hash that chooses these, of what the user said first, also chooses what judges a
 * reward model, so that its figures are of a fair sample and not of hard cases only. Left alone are
 * also tasks that compare two policies.
 */
@ApplicationScoped
class OpenTasks {
  /** A random sample is nearly as good to choose from as all of them, and read in seconds. */
  private static final int LOOKED_AT = 400;

  /** A difference that is worth writing down. */
  private static final double CHANGE = 0.01;

  private final EntityManager database;
  private final Readings readings;
  private final Map<UUID, Judged> last = new ConcurrentHashMap<>();

  OpenTasks(EntityManager database, Readings readings) {
    this.database = database;
    this.readings = readings;
  }

  private record Open(UUID id, List<UUID> completions) {}

  private record Judged(DenseBradleyTerry by, List<Open> tasks) {}

  /** Projects whose setting asks for it and in which a task is open. */
  List<UUID> wanted() {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                database
                    .createNativeQuery(
                        """
                        select p.id from project p
                         where p.archived_at is null
                           and cast(p.settings ->> 'uncertainFirst' as boolean)
                           and exists (select 1 from task t
                                        where t.project_id = p.id and t.closed_at is null)
                        """,
                        UUID.class)
                    .getResultList()
                    .stream()
                    .map(UUID.class::cast)
                    .toList());
  }

  /** Does nothing where neither the posterior nor the tasks have changed since the last time. */
  void judge(UUID project, DenseBradleyTerry posterior, BooleanSupplier goOn) throws IOException {
    List<Open> tasks = QuarkusTransaction.requiringNew().call(() -> open(project));
    Judged now = new Judged(posterior, tasks);
    if (now.equals(last.get(project))) {
      return;
    }
    Map<UUID, Reading> read =
        readings.of(
            tasks.stream().flatMap(task -> task.completions.stream()).toList(), count -> {}, goOn);
    Map<UUID, Double> uncertainties = new LinkedHashMap<>();
    for (Open task : tasks) {
      List<Reading> completions =
          task.completions.stream().map(read::get).filter(Objects::nonNull).toList();
      if (completions.size() == task.completions.size()) {
        uncertainties.put(task.id, InstantFit.uncertainty(completions, posterior));
      }
    }
    QuarkusTransaction.requiringNew().run(() -> write(uncertainties));
    last.put(project, now);
  }

  /** Task ids are random, so that the first of them are a random sample. */
  private List<Open> open(UUID project) throws IOException {
    List<?> rows =
        database
            .createNativeQuery(
                """
                select t.id, p.messages::text,
                       (select array_agg(c.completion_id order by c.completion_id)
                          from task_completion c where c.task_id = t.id) as completions
                  from task t join prompt p on p.id = t.prompt_id
                 where t.project_id = :project and t.closed_at is null
                   and t.origin <> 'evaluation'
                 order by t.id limit :n
                """,
                Object[].class)
            .setParameter("project", project)
            .setParameter("n", LOOKED_AT)
            .getResultList();
    List<Open> tasks = new ArrayList<>();
    for (Object row : rows) {
      Object[] task = (Object[]) row;
      String opening = Conversations.opening(Readings.messages((String) task[1]));
      if (!HeldOut.contains(opening, Leases.SHARE_IN_TURN)) {
        tasks.add(new Open((UUID) task[0], List.of((UUID[]) task[2])));
      }
    }
    return tasks;
  }

  /** Passes over tasks that somebody else is just changing; they are judged again soon. */
  private void write(Map<UUID, Double> uncertainties) {
    database
        .createNativeQuery(
            """
            with changed as (
              select t.id, given.uncertainty
                from unnest(:tasks, :uncertainties) as given (id, uncertainty)
                join task t on t.id = given.id
               where t.closed_at is null
                 and (t.uncertainty is null or abs(t.uncertainty - given.uncertainty) > :change)
               order by t.id for no key update of t skip locked)
            update task set uncertainty = changed.uncertainty
              from changed where task.id = changed.id
            """)
        .setParameter("tasks", uncertainties.keySet().toArray(UUID[]::new))
        .setParameter("uncertainties", uncertainties.values().toArray(Double[]::new))
        .setParameter("change", CHANGE)
        .executeUpdate();
  }
}
