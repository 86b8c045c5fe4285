package org.laurel.sampling;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.laurel.serving.SamplingParameters;
import org.laurel.web.Problem;

/**
 * What to sample; everything may be left out.
 *
 * @param policy a version's id or name; the served one if absent
 * @param perPrompt different completions of a prompt, the project's number if absent
 * @param maxNewTokens longest completion in tokens
 * @param seed the same seed, policy and parameters give the same completions
 * @param prompts at most so many prompts, all that lack completions by this policy if absent
 * @param overlap how many people are to rank each task, the project's number if absent
 * @param priority tasks of a higher priority are handed out first
 * @param bestOf draws several for each completion and keeps the best; one is drawn if absent
 */
public record SamplingRequest(
    @Nullable String policy,
    @Nullable @Min(2) @Max(9) Integer perPrompt,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable @Min(1) @Max(4096) Integer maxNewTokens,
    @Nullable Long seed,
    @Nullable @Min(1) Integer prompts,
    @Nullable @Min(1) @Max(20) Integer overlap,
    @Nullable @Min(-1000) @Max(1000) Integer priority,
    @Nullable @Valid Best bestOf) {

  /**
   * How a completion is chosen.
   *
   * @param n completions drawn for each that is kept
   * @param rewardModel that chooses, by id or name; the newest of the project if absent
   */
  public record Best(@NotNull @Min(2) @Max(64) Integer n, @Nullable String rewardModel) {}

  static final int DEFAULT_NEW_TOKENS = 128;

  /** The request that leaves everything to the defaults. */
  static SamplingRequest standard() {
    return new SamplingRequest(
        null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /**
   * All parameters with the defaults filled in, as they are stored.
   *
   * @param perProject completions of a prompt that the project wants
   * @throws Problem 422 if the policy cannot be asked so
   */
  public Map<String, Object> parameters(int perProject) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("perPrompt", perPrompt == null ? perProject : perPrompt);
    parameters.put("temperature", temperature == null ? 1.0 : temperature);
    parameters.put("topP", topP == null ? 1.0 : topP);
    parameters.put("topK", topK == null ? 0 : topK);
    parameters.put("minP", minP == null ? 0.0 : minP);
    parameters.put("maxNewTokens", maxNewTokens == null ? DEFAULT_NEW_TOKENS : maxNewTokens);
    parameters.put("seed", seed == null ? 0L : seed);
    if (prompts != null) {
      parameters.put("prompts", prompts);
    }
    try {
      SamplingParameters drawn = drawn(parameters, Set.of(), 0);
      if (drawn.temperature() == 0 && number(parameters, "perPrompt").intValue() > 1) {
        throw new IllegalArgumentException(
            "temperature 0 gives the same completion each time, and nothing to choose from");
      }
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(String.valueOf(e.getMessage()));
    }
    return parameters;
  }

  /** How the policy is asked, from stored parameters. */
  static SamplingParameters drawn(
      Map<String, Object> parameters, Set<Integer> stopTokens, long seed) {
    return new SamplingParameters(
        number(parameters, "temperature").doubleValue(),
        number(parameters, "topK").intValue(),
        number(parameters, "topP").doubleValue(),
        number(parameters, "minP").doubleValue(),
        number(parameters, "maxNewTokens").intValue(),
        stopTokens,
        seed);
  }

  static Number number(Map<String, Object> parameters, String name) {
    if (parameters.get(name) instanceof Number number) {
      return number;
    }
    throw new IllegalStateException("the sampling has no " + name + ": " + parameters);
  }
}
