package org.laurel.engine.reward;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.laurel.model.RewardScale;
import org.laurel.tokenizer.Message;

/** A network to be trained, what turns rankings into its inputs, and how it is written down. */
interface RewardBackbone extends AutoCloseable {
  RewardNetwork network();

  /** Most tokens that it can read. */
  int context();

  /**
   * Sees to it that a prompt can be encoded.
   *
   * @throws org.laurel.tokenizer.ChatTemplate.Refusal when it cannot
   */
  default void check(List<Message> prompt) {}

  /**
   * @param maxTokens longest input; a longer prompt loses its beginning
   */
  EncodedRanking encode(RankingRow row, int maxTokens);

  /** Finds where to begin, before anything is trained. */
  default void begin(List<EncodedRanking> training) {}

  /**
   * What is still to be learnt once the network is trained and at its best state.
   *
   * @param figures how well the network predicts held-out rankings
   * @return the same of what there is now
   */
  default Map<String, Double> refine(
      RewardTrainer trainer, List<EncodedRanking> training, Map<String, Double> figures) {
    return figures;
  }

  /** Writes the reward model into an empty directory. */
  void write(Path artifact, RewardScale scale, int maxTokens) throws IOException;

  @Override
  default void close() {
    network().close();
  }
}
