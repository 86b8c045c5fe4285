package org.laurel.round;

import jakarta.persistence.EntityManager;
import java.util.UUID;
import org.laurel.dataset.VotesOf;

/**
 * What a project has to learn from.
 *
 * @param rankings that count, without those that said "cannot be ranked"; of a task that a reviewer
 *     has settled their order alone
 * @param comparisons pairs that these give, ties left out
 * @param annotators people who ranked
 * @param prompts not retired
 * @param aiVotes of judges that an administrator has approved: comparisons, beside people's
 */
public record Counts(
    long rankings,
    long comparisons,
    long annotators,
    long prompts,
    long demonstrations,
    long thumbsUp,
    long thumbsDown,
    long aiVotes) {

  /** Whether no step has anything to learn from. */
  public boolean nothing() {
    return comparisons + aiVotes == 0 && demonstrations == 0 && thumbsUp + thumbsDown == 0;
  }

  /** What a step that learns from preferences has. */
  long rankings(VotesOf votes) {
    return (votes.people() ? rankings : 0) + (votes.ai() ? aiVotes : 0);
  }

  /** Pairs of answers of which one is better. */
  long comparisons(VotesOf votes) {
    return (votes.people() ? comparisons : 0) + (votes.ai() ? aiVotes : 0);
  }

  static Counts of(EntityManager database, UUID project) {
    Object[] row =
        (Object[])
            database
                .createNativeQuery(
                    """
                    select (select count(*) from ranking r where project_id = :p and not unrankable
                              and withheld is null
                              and not exists (select 1 from adjudication d
                                               where d.task_id = r.task_id and d.withdrawn_at is null))
                           + (select count(*) from adjudication where project_id = :p
                               and not unrankable and withdrawn_at is null),
                           (select count(*) from comparison where project_id = :p and not tie),
                           (select count(distinct annotator_id) from ranking where project_id = :p
                              and withheld is null),
                           (select count(*) from prompt where project_id = :p and retired_at is null),
                           (select count(*) from demonstration d join prompt p on p.id = d.prompt_id
                             where p.project_id = :p and p.retired_at is null
                               and d.replaced_at is null and d.withheld_at is null),
                           (select count(*) from thumb t join prompt p on p.id = t.prompt_id
                             where p.project_id = :p and p.retired_at is null and t.withdrawn_at is null and t.up),
                           (select count(*) from thumb t join prompt p on p.id = t.prompt_id
                             where p.project_id = :p and p.retired_at is null and t.withdrawn_at is null and not t.up),
                           (select count(*) from ai_vote where project_id = :p)
                    """,
                    Object[].class)
                .setParameter("p", project)
                .getSingleResult();
    return new Counts(
        (Long) row[0],
        (Long) row[1],
        (Long) row[2],
        (Long) row[3],
        (Long) row[4],
        (Long) row[5],
        (Long) row[6],
        (Long) row[7]);
  }
}
