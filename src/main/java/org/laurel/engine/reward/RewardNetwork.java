package org.laurel.engine.reward;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Packing;
import org.laurel.engine.nn.Parameters;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.tokenizer.Message;

/** A network that gives a sequence of tokens one number, as far as training it needs to know. */
interface RewardNetwork extends AutoCloseable {
  Parameters parameters();

  /** The same network in the same memory, with gradients of its own. */
  RewardNetwork replica();

  /** To score side by side. */
  static Ranks<RewardNetwork> readers(RewardNetwork network) {
    return Ranks.readers(network, network.parameters().count());
  }

  /** To train side by side. */
  static Ranks<RewardNetwork> ranks(RewardNetwork network) {
    return Ranks.of(network, RewardNetwork::replica, one -> List.of(one.parameters()));
  }

  Precision precision();

  void precision(Precision precision);

  /** The asked-for precision; the faster one here where that is left open. */
  Precision precision(PrecisionChoice choice);

  /** The score of each sequence, float32 [sequences], with gradient. */
  Tensor scores(TokenBatch batch);

  int padToken();

  /**
   * How sequences that are trained on together lie in rows.
   *
   * @param longest tokens of the longest of the whole training
   * @param maxTokens of a batch, padding included
   */
  Packing packing(int longest, int maxTokens, int[] lengths);

  /** Share of the learning rate that a weight learns with. */
  double rateShare(String name);

  /** Multiplies every score from now on. */
  void scale(double factor);

  /** What is added to {@link #scores} for an answer's wording; takes no part in training. */
  default double extra(List<Message> prompt, String completion) {
    return 0;
  }

  @Override
  void close();
}
