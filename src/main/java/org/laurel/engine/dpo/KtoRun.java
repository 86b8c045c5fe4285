package org.laurel.engine.dpo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.laurel.engine.run.Conversations;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.Refusals;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.Seeds;
import org.laurel.engine.run.Split;
import org.laurel.engine.sft.SftExample;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A run of kind {@code kto}: from {@code data/thumbs.jsonl}, rows {@code {prompt, completion,
 * label: true for a thumb up}}, and a policy to a better policy.
 */
public final class KtoRun {

  private KtoRun() {}

  /**
   * Trains from the newest checkpoint, or from the beginning, to the artifact.
   *
   * @throws IOException if the directory cannot be read or written
   * @throws IllegalArgumentException naming the row or hyperparameter that is wrong
   */
  public static void run(RunDirectory directory, RunListener listener) throws IOException {
    RunRequest request = directory.request();
    ModelDirectory start = ModelDirectory.open(request.policy());
    KtoHyperparameters h =
        Hyperparameters.read(
            request.overrides(), KtoHyperparameters.defaults(), start.config().parameterCount());
    PromptEncoder encoder = PromptEncoder.read(start.path(), start.config().eosTokenId());
    int longest = Math.min(h.maxTokens(), start.config().maxPositionEmbeddings());
    List<Thumb> thumbs = new ArrayList<>();
    Refusals refusals = new Refusals();
    int number = 0;
    for (JsonNode row : directory.rows("thumbs")) {
      number++;
      try {
        thumbs.add(thumb(row, encoder, number));
      } catch (ChatTemplate.Refusal refusal) {
        refusals.add(refusal);
      }
    }
    refusals.leave(thumbs.size());
    Split<Thumb> split = Split.of(thumbs, Thumb::opening, h.heldOutFraction());
    Judgments<Thumbed> judgments = new Judgments<>(refusals.count());
    add(judgments, split.training(), false, longest, request.seed());
    add(judgments, split.heldOut(), true, longest, request.seed());
    ThumbObjective objective = new ThumbObjective(h.beta(), h.goodWeight(), h.badWeight());
    PreferenceRun.train(directory, listener, objective, judgments, h.schedule());
  }

  @SuppressWarnings("ArrayRecordComponent") // only ever read
  private record Thumb(int[] prompt, int[] completion, boolean up, String opening) {}

  private static Thumb thumb(JsonNode row, PromptEncoder encoder, int number) {
    try {
      if (!row.path("completion").isTextual() || !row.path("label").isBoolean()) {
        throw new IllegalArgumentException(
            "completion is not a text, or label neither true nor false");
      }
      List<Message> prompt = Conversations.parse(row.path("prompt"));
      return new Thumb(
          encoder.prompt(prompt),
          encoder.completion(row.get("completion").asText()),
          row.get("label").asBoolean(),
          Conversations.opening(prompt));
    } catch (ChatTemplate.Refusal refusal) {
      throw refusal;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("thumbs.jsonl, row " + number + ": " + e.getMessage(), e);
    }
  }

  /** Each with the completion of another prompt, the next one in a random order. */
  private static void add(
      Judgments<Thumbed> judgments, List<Thumb> thumbs, boolean held, int longest, long seed) {
    int[] order = Seeds.shuffled(thumbs.size(), Seeds.of(seed, "mismatched", held ? 1 : 0));
    for (int i = 0; i < order.length; i++) {
      Thumb own = thumbs.get(order[i]);
      Thumb other = own;
      for (int next = 1;
          next < order.length && Arrays.equals(other.prompt(), own.prompt());
          next++) {
        other = thumbs.get(order[(i + next) % order.length]);
      }
      Optional<SftExample> sequence =
          SftExample.completion(own.prompt(), own.completion(), longest);
      Optional<SftExample> mismatched =
          SftExample.completion(own.prompt(), other.completion(), longest);
      judgments.add(sequence.flatMap(s -> mismatched.map(m -> new Thumbed(s, m, own.up()))), held);
    }
  }
}
