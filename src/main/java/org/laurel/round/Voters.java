package org.laurel.round;

import jakarta.persistence.EntityManager;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.laurel.dataset.VotesOf;
import org.laurel.engine.reward.MarginScale;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.InvalidHyperparameter;

/**
 * Those whose votes a reward model learns from.
 *
 * @param ids as the rows of a training name them: of people who ranked in the project, here or
 *     where an import comes from, and {@code judge-ID} of approved judgings
 * @param strengths whether any of them said how strong a preference is
 */
record Voters(Set<String> ids, boolean strengths) {

  /** Those of a project. */
  static Voters of(EntityManager database, UUID project, VotesOf votes) {
    Set<String> ids = new HashSet<>();
    if (votes.people()) {
      ids.addAll(
          strings(
              database,
              project,
              "select distinct cast(coalesce(annotator_id, source_annotator_id) as text)"
                  + " from ranking where project_id = :p"
                  + " and coalesce(annotator_id, source_annotator_id) is not null"));
    }
    if (votes.ai()) {
      ids.addAll(
          strings(
              database,
              project,
              "select distinct 'judge-' || judging_id from ai_vote where project_id = :p"));
    }
    return new Voters(ids, votes.people() && strengths(database, project));
  }

  private static Set<String> strings(EntityManager database, UUID project, String query) {
    return new HashSet<>(
        database.createNativeQuery(query, String.class).setParameter("p", project).getResultList());
  }

  private static boolean strengths(EntityManager database, UUID project) {
    return (boolean)
        database
            .createNativeQuery(
                "select exists (select 1 from ranking r join ranking_version v"
                    + " on v.ranking_id = r.id and v.version = r.version"
                    + " where r.project_id = :p and v.strength is not null)"
                    + " or exists (select 1 from adjudication where project_id = :p"
                    + " and withdrawn_at is null and strength is not null)",
                Boolean.class)
            .setParameter("p", project)
            .getSingleResult();
  }

  /**
   * @throws InvalidHyperparameter naming the setting that none of the votes would feel
   */
  void check(RewardHyperparameters settings) {
    Set<String> unknown = new TreeSet<>(settings.annotatorAccuracy().keySet());
    unknown.removeAll(ids);
    if (!unknown.isEmpty()) {
      throw new InvalidHyperparameter(
          "annotatorAccuracy",
          "names '%s', whose votes are not among those to learn from"
              .formatted(unknown.iterator().next()));
    }
    if (settings.margins() != MarginScale.NONE && !strengths) {
      throw new InvalidHyperparameter(
          "margins", "needs strengths of preference, which no ranking to learn from has");
    }
  }
}
