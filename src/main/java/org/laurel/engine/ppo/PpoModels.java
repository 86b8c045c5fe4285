package org.laurel.engine.ppo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.run.RunRequest;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.ModelDirectory;

/**
 * The networks of a PPO run.
 *
 * @param policy is trained
 * @param reference stays as it is
 * @param critic is trained; its network is {@code policy} where they share a trunk
 * @param rewardModel stays as it is
 */
record PpoModels(Decoder policy, Decoder reference, Critic critic, Judge rewardModel)
    implements AutoCloseable {

  /**
   * Loads what the run asks for.
   *
   * @throws IllegalArgumentException if there is no reward model, or it has another tokenizer
   */
  static PpoModels load(RunRequest request, PpoHyperparameters h) throws IOException {
    ModelDirectory start = ModelDirectory.open(request.policy());
    Path judge = request.rewardModel();
    if (judge == null) {
      throw new IllegalArgumentException("run.json names no rewardModel");
    }
    boolean texts = EncoderDirectory.isEncoder(judge);
    if (!texts) {
      requireSameTokenizer(start, ModelDirectory.open(judge));
    }
    Judge rewardModel = Judge.open(judge);
    if (h.separateValueNetwork()) {
      Decoder policy = Decoder.load(start, h.lowRank(), request.seed());
      Decoder reference =
          policy.hasAdapters() ? policy.withoutAdapters() : Decoder.loadFrozen(start);
      Critic critic =
          rewardModel instanceof Judge.OfTokens tokens
              ? new Critic(tokens.model().decoder().copy(), true)
              : new Critic(withZeroHead(start), false);
      return new PpoModels(policy, named(request, reference), critic, rewardModel);
    }
    Decoder policy = withZeroHead(start);
    Decoder reference = named(request, Decoder.loadFrozen(start));
    return new PpoModels(policy, reference, new Critic(policy, false), rewardModel);
  }

  /** The policy's weights; says 0 of every state until it has learnt better. */
  private static Decoder withZeroHead(ModelDirectory start) {
    Decoder model = Decoder.loadWithValueHead(start, 0);
    model.parameters().fill(Decoder.SCORE, i -> 0);
    return model;
  }

  /** The reference that the run names; else the policy before training. */
  private static Decoder named(RunRequest request, Decoder start) {
    if (request.reference() == null) {
      return start;
    }
    start.close();
    return Decoder.loadFrozen(ModelDirectory.open(request.reference()));
  }

  static void requireSameTokenizer(ModelDirectory policy, ModelDirectory judge) throws IOException {
    if (Files.mismatch(policy.tokenizerJson(), judge.tokenizerJson()) != -1) {
      throw new IllegalArgumentException(
          "the reward model reads other tokens than the policy writes; train one on this policy");
    }
  }

  @Override
  public void close() {
    if (critic.network() != policy) {
      critic.network().close();
    }
    policy.close();
    reference.close();
    rewardModel.close();
  }
}
