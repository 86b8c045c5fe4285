package org.laurel.engine.sft;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.run.Conversations;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.Refusals;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunJournal;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.Split;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A run of kind {@code sft}: from {@code data/demonstrations.jsonl}, rows {@code {prompt,
 * completion}}, and a policy to a better policy.
 */
public final class SftRun {
  /** Share of prompts that are held out: all of a prompt's demonstrations or none. */
  static final double HELD_OUT = 0.05;

  private SftRun() {}

  /**
   * Trains from the newest checkpoint, or from the beginning, to the artifact.
   *
   * @throws IOException if the directory cannot be read or written
   * @throws IllegalArgumentException naming the row or hyperparameter that is wrong
   */
  public static void run(RunDirectory directory, RunListener listener) throws IOException {
    RunRequest request = directory.request();
    ModelDirectory start = ModelDirectory.open(request.policy());
    SftHyperparameters hyperparameters =
        Hyperparameters.read(
            request.overrides(),
            SftHyperparameters.DEFAULT,
            start.config().parameterCount(),
            Hyperparameters.Rates.of(request.kind()));
    Demonstrations data = Demonstrations.read(directory, start, hyperparameters.maxLength());
    try (Decoder policy = Decoder.load(start, hyperparameters.lowRank(), request.seed());
        SftTrainer trainer =
            new SftTrainer(
                policy, data.training(), data.heldOut(), hyperparameters, request.seed())) {
      Map<String, Double> figures = new LinkedHashMap<>(trainer.train(directory, listener));
      figures.put("training_examples", (double) data.training().size());
      figures.put("held_out_examples", (double) data.heldOut().size());
      figures.put("dropped_examples", (double) data.dropped());
      directory.publishArtifact(
          artifact ->
              ModelDirectory.writePolicy(artifact, policy.config(), policy.export(), start.path()));
      try (RunJournal journal = RunJournal.open(directory, listener, trainer.steps())) {
        journal.finished(trainer.totalSteps(), figures);
      }
    }
  }

  /**
   * @param opening what the user said first
   */
  private record Demonstration(String opening, SftExample example) {}

  /**
   * @param dropped demonstrations whose prompt alone fills the model, or is refused by its chat
   *     template
   */
  private record Demonstrations(List<SftExample> training, List<SftExample> heldOut, int dropped) {

    static Demonstrations read(RunDirectory directory, ModelDirectory model, int maxLength)
        throws IOException {
      PromptEncoder encoder = PromptEncoder.read(model.path(), model.config().eosTokenId());
      int longest = Math.min(maxLength, model.config().maxPositionEmbeddings());
      List<Demonstration> fitting = new ArrayList<>();
      Refusals refusals = new Refusals();
      int rows = 0;
      for (JsonNode row : directory.rows("demonstrations")) {
        rows++;
        try {
          demonstration(row, encoder, longest, rows).ifPresent(fitting::add);
        } catch (ChatTemplate.Refusal refusal) {
          refusals.add(refusal);
        }
      }
      refusals.leave(fitting.size());
      Split<Demonstration> split = Split.of(fitting, Demonstration::opening, HELD_OUT);
      return new Demonstrations(
          examples(split.training()), examples(split.heldOut()), rows - fitting.size());
    }

    private static List<SftExample> examples(List<Demonstration> demonstrations) {
      return demonstrations.stream().map(Demonstration::example).toList();
    }

    private static Optional<Demonstration> demonstration(
        JsonNode row, PromptEncoder encoder, int longest, int number) {
      try {
        if (!row.path("completion").isTextual()) {
          throw new IllegalArgumentException("completion is not a text");
        }
        List<Message> prompt = Conversations.parse(row.path("prompt"));
        return SftExample.completion(
                encoder.prompt(prompt),
                encoder.completion(row.path("completion").asText()),
                longest)
            .map(example -> new Demonstration(Conversations.opening(prompt), example));
      } catch (ChatTemplate.Refusal refusal) {
        throw refusal;
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "demonstrations.jsonl, row " + number + ": " + e.getMessage(), e);
      }
    }
  }
}
