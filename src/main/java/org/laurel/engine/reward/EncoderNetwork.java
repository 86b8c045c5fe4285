package org.laurel.engine.reward;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.nn.Encoder;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Parameters;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.ngram.NgramHead;
import org.laurel.tokenizer.Message;

/** An encoder with a score head over its first token, and beside it perhaps one over n-grams. */
final class EncoderNetwork implements RewardNetwork {

  private final Encoder encoder;
  private final double layerDecay;
  private final double headRate;
  private @Nullable NgramHead ngrams;

  /**
   * @param layerDecay the learning rate of each layer is that of the one above it times this
   * @param headRate the head learns with this many times the last layer's rate
   * @param ngrams added to the encoder's score; null for none
   */
  EncoderNetwork(Encoder encoder, double layerDecay, double headRate, @Nullable NgramHead ngrams) {
    this.encoder = encoder;
    this.layerDecay = layerDecay;
    this.headRate = headRate;
    this.ngrams = ngrams;
  }

  Encoder encoder() {
    return encoder;
  }

  @Nullable NgramHead ngrams() {
    return ngrams;
  }

  /** From now on the score is the encoder's times {@code share}, plus that of the n-grams. */
  void blend(double share, NgramHead with) {
    scale(share);
    ngrams = with;
  }

  @Override
  public Parameters parameters() {
    return encoder.parameters();
  }

  @Override
  public EncoderNetwork replica() {
    return new EncoderNetwork(encoder.replica(), layerDecay, headRate, ngrams);
  }

  @Override
  public Precision precision() {
    return encoder.precision();
  }

  @Override
  public void precision(Precision precision) {
    encoder.precision(precision);
  }

  @Override
  public Precision precision(PrecisionChoice choice) {
    return Precision.of(choice, encoder.config().hiddenSize(), encoder.config().intermediateSize());
  }

  @Override
  public Tensor scores(TokenBatch batch) {
    return encoder.scores(batch);
  }

  @Override
  public double extra(List<Message> prompt, String completion) {
    return ngrams == null ? 0 : ngrams.score(prompt, completion);
  }

  @Override
  public int padToken() {
    return encoder.config().padTokenId();
  }

  /**
   * As wide as these inputs are long, since attention costs by the width of a row, and as many rows
   * as it takes: an encoder's batches are large, and a row more or less is no cost.
   */
  @Override
  public Packing packing(int longest, int maxTokens, int[] lengths) {
    return Packing.of(Arrays.stream(lengths).max().orElse(1), maxTokens).fitting(lengths);
  }

  @Override
  public double rateShare(String name) {
    if (name.equals(Encoder.WORDS)) {
      return 0;
    }
    int depth = encoder.depth(name);
    return depth == 0 ? headRate : Math.pow(layerDecay, depth - 1);
  }

  @Override
  public void scale(double factor) {
    encoder.parameters().scale(Encoder.SCORE, factor);
    encoder.parameters().scale(Encoder.SCORE_BIAS, factor);
    ngrams = ngrams == null ? null : ngrams.times(factor);
  }

  @Override
  public void close() {
    encoder.close();
  }
}
