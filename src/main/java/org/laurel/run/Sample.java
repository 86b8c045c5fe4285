package org.laurel.run;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the policy wrote for one of a few fixed prompts at a step of its training. */
public record Sample(
    long step, int ordinal, String prompt, String completion, @Nullable Double score) {

  /** All of a run's, in the order of the steps. */
  public static List<Sample> of(UUID run) {
    List<?> rows =
        Run.getEntityManager()
            .createNativeQuery(
                "select step, ordinal, prompt, completion, score from run_sample"
                    + " where run_id = :run order by step, ordinal",
                Object[].class)
            .setParameter("run", run)
            .getResultList();
    return rows.stream()
        .map(row -> (Object[]) row)
        .map(
            c ->
                new Sample(
                    (Long) c[0], (Integer) c[1], (String) c[2], (String) c[3], (Double) c[4]))
        .toList();
  }
}
