package org.laurel.engine.dpo;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.sft.SftExample;
import org.laurel.model.TensorData;

/**
 * Log probabilities of all sequences under the reference policy, computed once: no second network
 * is kept while training.
 */
final class References {

  private final Map<SftExample, Integer> places = new IdentityHashMap<>();
  private final List<SftExample> sequences = new ArrayList<>();
  private float[] logprobs = {};

  References(List<? extends Judgment> judgments) {
    for (Judgment judgment : judgments) {
      judgment.sequences().forEach(this::add);
      judgment.unrelated().forEach(this::add);
    }
  }

  private void add(SftExample sequence) {
    if (places.putIfAbsent(sequence, sequences.size()) == null) {
      sequences.add(sequence);
    }
  }

  void compute(Decoder reference, Packing packing) {
    double[] sums = new double[sequences.size()];
    try (Ranks<Decoder> ranks = Ranks.readers(reference, reference.parameters().count())) {
      ranks.each(
          SequenceBatch.pack(sequences, packing, reference.config().padTokenId()),
          (rank, batch) -> batch.addLogprobs(rank, sums));
    }
    logprobs = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      logprobs[i] = (float) sums[i];
    }
  }

  /** Log ratios, [sequence], from the policy's log probabilities of the same sequences. */
  double[] ratios(List<SftExample> of, double[] policy) {
    double[] ratios = new double[policy.length];
    for (int i = 0; i < ratios.length; i++) {
      Integer place = places.get(of.get(i));
      if (place == null) {
        throw new IllegalArgumentException("a sequence that the reference has not seen");
      }
      ratios[i] = policy[i] - logprobs[place];
    }
    return ratios;
  }

  TensorData state() {
    return TensorData.of(FloatBuffer.wrap(logprobs), logprobs.length);
  }

  void restore(TensorData state) {
    if (!state.hasShape(sequences.size())) {
      throw new IllegalArgumentException("a checkpoint of other judgments");
    }
    logprobs = new float[sequences.size()];
    state.floats().get(logprobs);
  }
}
