package org.laurel.rewardmodel;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.laurel.artifact.Artifacts;
import org.laurel.model.ModelDirectory;
import org.laurel.serving.OpenModels;
import org.laurel.serving.PromptCompletion;
import org.laurel.serving.RewardScorer;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/**
 * Reward models that are asked for scores: opened when first needed, the last one used stays open.
 */
@ApplicationScoped
public class RewardScorers {
  private final OpenModels<OpenRewardModel> open;

  @Inject
  RewardScorers(Artifacts artifacts) {
    this.open = new OpenModels<>(1, hash -> open(artifacts, hash));
  }

  /** What is to be scored, as text. */
  public record Item(List<Message> prompt, String completion) {}

  /**
   * Scores in the order of the items; mean 0 and deviation 1 over the reference policy's
   * completions.
   */
  public float[] score(RewardModelVersion version, List<Item> items) {
    try (OpenModels<OpenRewardModel>.Lease lease = open.open(version.artifactHash)) {
      PromptEncoder encoder = lease.model().encoder();
      List<PromptCompletion> encoded =
          items.stream()
              .map(
                  item ->
                      new PromptCompletion(
                          encoder.prompt(item.prompt()), encoder.completion(item.completion())))
              .toList();
      return lease.model().scorer().score(encoded);
    }
  }

  @PreDestroy
  void close() {
    open.close();
  }

  private static OpenRewardModel open(Artifacts artifacts, String hash) {
    ModelDirectory directory = ModelDirectory.open(artifacts.directory(hash));
    try {
      PromptEncoder encoder = PromptEncoder.read(directory.path(), directory.config().eosTokenId());
      return new OpenRewardModel(RewardScorer.open(directory), encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokenizer of reward model " + hash, e);
    }
  }

  private record OpenRewardModel(RewardScorer scorer, PromptEncoder encoder)
      implements AutoCloseable {
    @Override
    public void close() {
      scorer.close();
    }
  }
}
