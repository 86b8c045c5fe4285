package org.laurel.engine.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How far a policy has moved from a reference policy. */
public final class Divergence {
  private static final int ROWS_PER_BATCH = 16;

  private Divergence() {}

  /**
   * KL(policy || reference) of whole completions: at each token of a completion that the policy
   * drew, the sum over the vocabulary of pi (log pi - log ref), added up. Averaged over completions
   * it estimates the same as log pi(y) - log ref(y) with less variance, and is never negative.
   *
   * @param prompts token ids, each ending where its completion begins
   * @param completions token ids drawn from {@code policy} at temperature 1
   * @return nats a completion, in the given order
   */
  public static double[] kl(
      Decoder policy, Decoder reference, List<int[]> prompts, List<int[]> completions) {
    double[] kl = new double[prompts.size()];
    for (int start = 0; start < kl.length; start += ROWS_PER_BATCH) {
      int end = Math.min(kl.length, start + ROWS_PER_BATCH);
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        addBatch(
            policy,
            reference,
            prompts.subList(start, end),
            completions.subList(start, end),
            kl,
            start);
      }
    }
    return kl;
  }

  private static void addBatch(
      Decoder policy,
      Decoder reference,
      List<int[]> prompts,
      List<int[]> completions,
      double[] kl,
      int offset) {
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      rows.add(
          IntStream.concat(IntStream.of(prompts.get(i)), IntStream.of(completions.get(i)))
              .toArray());
    }
    TokenBatch batch = TokenBatch.rightPadded(rows, policy.config().padTokenId());
    List<Long> places = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      // The hidden state of the token before gives the distribution of a token.
      for (int t = prompts.get(i).length - 1; t < rows.get(i).length - 1; t++) {
        places.add((long) i * batch.width() + t);
        owners.add(offset + i);
      }
    }
    Tensor at = Device.tensor(places.stream().mapToLong(Long::longValue).toArray());
    Tensor logPolicy = logDistribution(policy, batch, at);
    Tensor logReference = logDistribution(reference, batch, at);
    float[] values = Device.floats(logPolicy.exp().mul(logPolicy.sub(logReference)).sum(-1));
    for (int i = 0; i < values.length; i++) {
      kl[owners.get(i)] += values[i];
    }
  }

  /** Log-probabilities of the next token at the given places, [places, vocabulary]. */
  private static Tensor logDistribution(Decoder model, TokenBatch batch, Tensor at) {
    Tensor hidden = model.hidden(batch).view(-1, model.config().hiddenSize());
    return torch.log_softmax(model.logits(hidden.index_select(0, at)), -1);
  }
}
