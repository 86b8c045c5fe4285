package org.laurel.engine.reward;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.laurel.engine.nn.Encoder;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Ranks;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.RewardScale;
import org.laurel.ngram.NgramHead;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PairEncoder;

/** A trained reward model on an encoder: judges texts, whoever wrote them by whatever tokens. */
public final class EncoderRewardModel implements AutoCloseable {
  private final PairEncoder texts;
  private final EncoderNetwork network;
  private final Ranks<RewardNetwork> readers;
  private final RewardScale scale;
  private final int maxTokens;

  private EncoderRewardModel(
      PairEncoder texts, EncoderNetwork network, RewardScale scale, int maxTokens) {
    this.texts = texts;
    this.network = network;
    this.readers = RewardNetwork.readers(network);
    this.scale = scale;
    this.maxTokens = maxTokens;
  }

  /** A conversation and what somebody answered. */
  public record Answer(List<Message> prompt, String completion) {}

  /**
   * @throws IOException if its tokenizer cannot be read
   * @throws IllegalArgumentException if the directory holds no reward model
   */
  public static EncoderRewardModel load(EncoderDirectory directory) throws IOException {
    if (!directory.isReward()) {
      throw new IllegalArgumentException(directory.path() + " holds no reward model");
    }
    PairEncoder texts = PairEncoder.read(directory.tokenizerJson());
    Encoder encoder = Encoder.load(directory, texts.separator(), 0);
    NgramHead ngrams = NgramHead.read(directory.weights());
    return new EncoderRewardModel(
        texts,
        new EncoderNetwork(encoder, 1, 1, ngrams),
        directory.rewardScale(),
        directory.maxTokens());
  }

  /** As stored with the model. */
  public RewardScale scale() {
    return scale;
  }

  /** Sets the type of the large products. */
  public void precision(Precision precision) {
    network.precision(precision);
  }

  /** Scores as the head gives them, in order, whatever batches they are computed in. */
  public double[] scores(List<Answer> answers, int microBatchTokens) {
    List<int[]> inputs = new ArrayList<>();
    for (Answer answer : answers) {
      inputs.add(
          texts.pair(
              texts.prompt(answer.prompt()), texts.completion(answer.completion()), maxTokens));
    }
    double[] scores = RewardModel.scores(readers, inputs, microBatchTokens);
    for (int i = 0; i < scores.length; i++) {
      scores[i] += network.extra(answers.get(i).prompt(), answers.get(i).completion());
    }
    return scores;
  }

  @Override
  public void close() {
    readers.close();
    network.close();
  }
}
