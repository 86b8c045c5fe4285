package org.laurel.sampling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.onnx.WeightPrecision;
import org.laurel.policy.ServedPolicy;
import org.laurel.serving.Generation;
import org.laurel.serving.SamplingParameters;
import org.laurel.tokenizer.Message;

/**
 * Draws different completions of one prompt. What comes out depends on the policy, the parameters,
 * the seed and the prompt alone: not on which prompts are sampled beside it, nor on restarts.
 */
record PromptSampler(
    ServedPolicy policy, Map<String, Object> parameters, UUID samplingId, @Nullable BestOf bestOf)
    implements Drawing {

  /** A policy that answers alike so often has nothing to choose from. */
  private static final int ATTEMPTS = 4;

  /**
   * Asks until there are enough different texts; a text that is blank, or differs from another only
   * in the space around it, does not count.
   *
   * @return as many as wanted, fewer if the policy repeats itself
   * @throws IllegalArgumentException if the prompt does not fit the policy
   */
  @Override
  public List<Completion> draw(UUID promptId, List<Message> messages) throws InterruptedException {
    int wanted = SamplingRequest.number(parameters, "perPrompt").intValue();
    int[] prompt = policy.prompt(messages);
    long seed = seed(promptId);
    Map<String, Completion> different = new LinkedHashMap<>();
    for (int attempt = 0; attempt < ATTEMPTS && different.size() < wanted; attempt++) {
      List<int[]> rows = new ArrayList<>();
      // a few more than missing when the first attempt showed repetition
      int missing = wanted - different.size();
      int each = bestOf == null ? 1 : bestOf.n();
      for (int i = 0; i < (attempt == 0 ? missing : 2 * missing) * each; i++) {
        rows.add(prompt);
      }
      SamplingParameters drawn =
          SamplingRequest.drawn(parameters, policy.stopTokens(), seed + attempt);
      for (Completion completion :
          kept(messages, completions(promptId, prompt.length, rows, drawn))) {
        if (!completion.text.isBlank() && different.size() < wanted) {
          different.putIfAbsent(completion.text.strip(), completion);
        }
      }
    }
    return List.copyOf(different.values());
  }

  /** What the policy says first, drawn with a seed that is {@code shift} above the prompt's. */
  Completion first(UUID promptId, List<Message> messages, long shift) throws InterruptedException {
    int[] prompt = policy.prompt(messages);
    SamplingParameters drawn =
        SamplingRequest.drawn(parameters, policy.stopTokens(), seed(promptId) + shift);
    return completions(promptId, prompt.length, List.of(prompt), drawn).get(0);
  }

  private long seed(UUID promptId) {
    return SamplingRequest.number(parameters, "seed").longValue() ^ mixed(promptId);
  }

  private List<Completion> completions(
      UUID promptId, int promptTokens, List<int[]> rows, SamplingParameters drawn)
      throws InterruptedException {
    return policy.session().generate(rows, drawn).stream()
        .map(generation -> completion(promptId, promptTokens, generation))
        .toList();
  }

  private List<Completion> kept(List<Message> messages, List<Completion> drawn) {
    return bestOf == null ? drawn : bestOf.choose(messages, drawn);
  }

  private Completion completion(UUID promptId, int promptTokens, Generation generation) {
    return Completion.sampled(
        promptId,
        samplingId,
        policy.version().id,
        provenance(),
        promptTokens,
        policy.text(generation).replace((char) 0, (char) 0xFFFD), // PostgreSQL keeps no NUL
        generation);
  }

  /** The parameters, and the weights' precision where it is not the one they were trained in. */
  private Map<String, Object> provenance() {
    WeightPrecision precision = policy.session().precision();
    if (precision == WeightPrecision.FLOAT32) {
      return parameters;
    }
    Map<String, Object> provenance = new LinkedHashMap<>(parameters);
    provenance.put("precision", precision.key());
    return provenance;
  }

  /** Spreads the id's bits (the finaliser of MurmurHash3), so that near ids draw unlike rows. */
  private static long mixed(UUID id) {
    long bits = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
    bits = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
    bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return bits ^ (bits >>> 33);
  }
}
