package org.laurel.demonstration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.UUID;

/** How many demonstrations a project has, and wants. */
@ApplicationScoped
public class WrittenFigures {

  /**
   * Of those that count, but for {@code setAside}.
   *
   * @param perPrompt how many a prompt is to have; 0 if none are to be written
   * @param written here
   * @param people who wrote them
   * @param promptsLeft prompts that have fewer than they are to have
   * @param flagged written ones whose writer found something wrong with the prompt
   */
  public record DemonstrationCounts(
      int perPrompt,
      long written,
      long people,
      long imported,
      long setAside,
      long flagged,
      long promptsLeft) {

    /** Whether there is anything to tell. */
    public boolean any() {
      return perPrompt > 0 || written + imported + setAside > 0;
    }
  }

  private static final String COUNTS =
      """
      with wanted as (
        select coalesce(cast(settings ->> 'demonstrationsPerPrompt' as integer), 0) as per_prompt
          from project where id = :project),
      here as (
        select d.prompt_id, d.origin, d.author_id, d.flags, d.withheld_at
          from demonstration d join prompt p on p.id = d.prompt_id
         where p.project_id = :project and p.retired_at is null and d.replaced_at is null),
      full_up as (
        select prompt_id from here where withheld_at is null group by prompt_id
        having count(*) >= (select per_prompt from wanted))
      select (select per_prompt from wanted) as per_prompt,
             (select count(*) from here where origin = 'written' and withheld_at is null) as written,
             (select count(distinct author_id) from here
               where origin = 'written' and withheld_at is null) as people,
             (select count(*) from here where origin = 'import' and withheld_at is null) as imported,
             (select count(*) from here where withheld_at is not null) as set_aside,
             (select count(*) from here where cardinality(flags) > 0 and withheld_at is null) as flagged,
             case when (select per_prompt from wanted) = 0 then 0
                  else (select count(*) from prompt p
                         where p.project_id = :project and p.retired_at is null)
                       - (select count(*) from full_up) end as prompts_left
      """;

  private final EntityManager entityManager;

  WrittenFigures(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  public DemonstrationCounts of(UUID projectId) {
    Tuple row =
        (Tuple)
            entityManager
                .createNativeQuery(COUNTS, Tuple.class)
                .setParameter("project", projectId)
                .getSingleResult();
    return new DemonstrationCounts(
        row.get("per_prompt", Integer.class),
        row.get("written", Long.class),
        row.get("people", Long.class),
        row.get("imported", Long.class),
        row.get("set_aside", Long.class),
        row.get("flagged", Long.class),
        row.get("prompts_left", Long.class));
  }
}
