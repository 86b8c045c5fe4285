package org.laurel.judge;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is to judge, and what; everything may be left out.
 *
 * @param judge policy (one that Laurel serves; the default) or endpoint (the one that the server's
 *     operator has set)
 * @param policy a version's id or name; the served one if absent
 * @param model what the endpoint calls the model; LAUREL_JUDGE_MODEL if absent
 * @param prompts vote on so many prompts, each with its newest completions, whether people still
 *     rank them or not; on all open tasks if absent; on none with 0, which only calibrates
 * @param pairsPerTask most pairs of a task's completions
 * @param calibrationPairs most pairs, which people have ranked, to be calibrated on
 * @param seed chooses the pairs
 */
public record JudgingRequest(
    @Nullable @Pattern(regexp = "policy|endpoint", message = "is policy or endpoint") String judge,
    @Nullable String policy,
    @Nullable @Size(min = 1, max = 200) String model,
    @Nullable @Min(0) @Max(100_000) Integer prompts,
    @Nullable @Min(1) @Max(36) Integer pairsPerTask,
    @Nullable @Min(20) @Max(5000) Integer calibrationPairs,
    @Nullable Integer seed) {
  private static final int PAIRS_PER_TASK = 6;
  private static final int CALIBRATION_PAIRS = 200;

  boolean byEndpoint() {
    return Judging.ENDPOINT.equals(judge);
  }

  /** With the defaults filled in, as they are stored. */
  Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (prompts != null) {
      parameters.put("prompts", prompts);
    }
    parameters.put("pairsPerTask", pairsPerTask == null ? PAIRS_PER_TASK : pairsPerTask);
    parameters.put(
        "calibrationPairs", calibrationPairs == null ? CALIBRATION_PAIRS : calibrationPairs);
    parameters.put("seed", seed == null ? 1 : seed);
    return parameters;
  }
}
