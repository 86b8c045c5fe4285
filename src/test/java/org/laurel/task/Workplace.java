package org.laurel.task;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.laurel.sampling.Completion;

/** Makes projects with tasks and people for tests, each test its own. */
@ApplicationScoped
public class Workplace {

  private final EntityManager entityManager;

  Workplace(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** A project with the given settings. */
  public UUID project(String settings) {
    UUID id = UUID.randomUUID();
    run(
        "insert into project (id, name, settings) values (?1, ?2, cast(?3 as jsonb))",
        id,
        "project " + id,
        settings);
    return id;
  }

  /** An account that may work everywhere. */
  public UUID annotator() {
    UUID id = UUID.randomUUID();
    run(
        "insert into account (id, email, role) values (?1, ?2, 'annotator')",
        id,
        id + "@example.org");
    return id;
  }

  /** Tasks with the given completions, each of a prompt of its own. */
  public List<UUID> tasks(UUID project, int count, int seats, String... completions) {
    List<UUID> tasks = new ArrayList<>();
    int before =
        ((Number) one("select count(*) from prompt where project_id = ?1", project)).intValue();
    for (int i = before; i < before + count; i++) {
      String text = "What is " + i + " plus " + i + "?";
      tasks.add(
          QuarkusTransaction.requiringNew()
              .call(
                  () -> {
                    UUID prompt = prompt(project, text);
                    List<Completion> texts = new ArrayList<>();
                    for (String completion : completions) {
                      Completion one = Completion.imported(prompt, completion);
                      one.persist();
                      texts.add(one);
                    }
                    return Task.open(project, prompt, null, Task.Origin.IMPORT, 0, texts, seats);
                  }));
    }
    return tasks;
  }

  /**
   * So many rankings by one person of tasks with the same two completions, beside a task that
   * nobody has.
   */
  public void rankings(UUID project, UUID annotator, int count, long elapsedMs) {
    run(
        """
        with many as (
          insert into task (project_id, prompt_id, closed_at)
          select t.project_id, t.prompt_id, now()
            from task t, generate_series(1, cast(?3 as integer)) where t.id = ?1
          returning id, project_id, prompt_id),
        seats as (
          insert into task_seat (task_id, seat, annotator_id, submitted_at)
          select id, 1, cast(?2 as uuid), now() from many returning task_id),
        rankings as (
          insert into ranking (id, task_id, seat, project_id, prompt_id, annotator_id)
          select id, id, 1, project_id, prompt_id, cast(?2 as uuid) from many returning id)
        insert into ranking_version (ranking_id, version, groups, display_order, elapsed_ms)
        select r.id, 1, jsonb_build_array(jsonb_build_array(c.ids[1]), jsonb_build_array(c.ids[2])),
               c.ids, cast(?4 as bigint)
          from rankings r,
               (select array_agg(completion_id) as ids from task_completion where task_id = ?1) c
        """,
        tasks(project, 1, 1, "yes", "no").get(0),
        annotator,
        count,
        elapsedMs);
  }

  /** Makes a task a silent check, whose right order is that of its completions' ids. */
  public void check(UUID task) {
    run(
        """
        with given as (
          insert into adjudication (task_id, version, project_id, prompt_id)
          select id, 1, project_id, prompt_id from task where id = ?1 returning id, task_id),
        placed as (
          insert into adjudication_place (adjudication_id, task_id, completion_id, place)
          select g.id, g.task_id, c.completion_id, row_number() over (order by c.completion_id)
            from given g join task_completion c on c.task_id = g.task_id)
        insert into silent_check (task_id, project_id) select id, project_id from task where id = ?1
        """,
        task);
  }

  /** Gives somebody a silent check, beyond the seats that the task wants; the lease has run out. */
  public void beginCheck(UUID task, UUID annotator) {
    run(
        "insert into task_seat (task_id, seat, annotator_id, checking, lease_expires_at)"
            + " select ?1, max(seat) + 1, cast(?2 as uuid), true, now() - interval '1 minute'"
            + " from task_seat where task_id = ?1",
        task,
        annotator);
  }

  /** Prompts without tasks: the text and a number. */
  public List<UUID> prompts(UUID project, int count, String text) {
    List<UUID> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String numbered = text + i;
      prompts.add(QuarkusTransaction.requiringNew().call(() -> prompt(project, numbered)));
    }
    return prompts;
  }

  private UUID prompt(UUID project, String text) {
    UUID id = UUID.randomUUID();
    execute(
        "insert into prompt (id, project_id, messages, text, content_hash) values (?1, ?2,"
            + " jsonb_build_array(jsonb_build_object('role', 'user', 'content', ?3)), ?3, ?4)",
        id,
        project,
        text,
        DigestUtils.sha256(text));
    return id;
  }

  /** Lets every lease of a task run out. */
  public void expire(UUID task) {
    run(
        "update task_seat set lease_expires_at = now() - interval '1 second'"
            + " where task_id = ?1 and lease_expires_at is not null",
        task);
  }

  /** A task's completions by their ids. */
  @SuppressWarnings("unchecked")
  public List<UUID> completions(UUID task) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                entityManager
                    .createNativeQuery(
                        "select completion_id from task_completion where task_id = ?1"
                            + " order by completion_id",
                        UUID.class)
                    .setParameter(1, task)
                    .getResultList());
  }

  /** The only column of all rows. */
  public List<?> all(String sql, Object... parameters) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              var query = entityManager.createNativeQuery(sql);
              for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
              }
              return query.getResultList();
            });
  }

  /** The only column of the only row. */
  public Object one(String sql, Object... parameters) {
    List<?> rows = all(sql, parameters);
    if (rows.size() != 1) {
      throw new IllegalStateException(rows.size() + " rows of " + sql);
    }
    return rows.get(0);
  }

  /** Runs a statement in a transaction of its own. */
  public void run(String sql, Object... parameters) {
    QuarkusTransaction.requiringNew().run(() -> execute(sql, parameters));
  }

  private void execute(String sql, Object... parameters) {
    var query = entityManager.createNativeQuery(sql);
    for (int i = 0; i < parameters.length; i++) {
      query.setParameter(i + 1, parameters[i]);
    }
    query.executeUpdate();
  }
}
