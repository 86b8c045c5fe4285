package org.laurel.engine.reward;

import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Parameters;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.nn.TokenBatch;

/** A decoder with a score head, read at each sequence's last token. */
record DecoderNetwork(Decoder decoder) implements RewardNetwork {

  @Override
  public Parameters parameters() {
    return decoder.parameters();
  }

  @Override
  public DecoderNetwork replica() {
    return new DecoderNetwork(decoder.replica());
  }

  @Override
  public Precision precision() {
    return decoder.precision();
  }

  @Override
  public void precision(Precision precision) {
    decoder.precision(precision);
  }

  @Override
  public Precision precision(PrecisionChoice choice) {
    return Precision.of(choice, decoder.config());
  }

  @Override
  public Tensor scores(TokenBatch batch) {
    return decoder.scores(batch);
  }

  @Override
  public int padToken() {
    return decoder.config().padTokenId();
  }

  @Override
  public Packing packing(int longest, int maxTokens, int[] lengths) {
    return Packing.of(longest, maxTokens);
  }

  @Override
  public double rateShare(String name) {
    return 1;
  }

  @Override
  public void scale(double factor) {
    decoder.parameters().scale(Decoder.SCORE, factor);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
