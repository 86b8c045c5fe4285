package org.laurel.starter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.sft.SftExample;
import org.laurel.engine.sft.SftHyperparameters;
import org.laurel.engine.sft.SftTrainer;
import org.laurel.model.ModelDirectory;
import org.laurel.model.TensorData;
import org.laurel.onnx.OnnxExport;

/**
 * Makes the policy that Laurel ships with: vocabulary, pretraining, supervised fine-tuning on
 * completions, and fine-tuning with readers' notes ({@link Note}).
 */
public final class StarterPolicy {

  private static final int REPORT_EVERY = 100;
  private static final int HELD_OUT = 500;

  private final Recipe recipe;
  private final Consumer<String> log;

  /**
   * @param log receives lines of progress for people
   */
  public StarterPolicy(Recipe recipe, Consumer<String> log) {
    this.recipe = recipe;
    this.log = log;
  }

  /** Makes the policy and writes it as a model directory with its graph. */
  public ModelDirectory make(Path directory, long seed) throws IOException {
    Corpus corpus = new Corpus();
    log.accept("learning a vocabulary from " + recipe.vocabularyExamples() + " examples");
    Chat chat =
        Chat.learn(
            corpus.examples(seed).limit(recipe.vocabularyExamples()),
            recipe.vocabularySize(),
            recipe.maxLength(),
            directory);
    try (Decoder decoder = Decoder.random(recipe.config(chat.vocabularySize()), seed)) {
      log.accept(
          String.format(Locale.ROOT, "pretraining %,d weights", decoder.parameters().count()));
      train(
          decoder,
          corpus.examples(seed + 1).limit(recipe.examples()).map(chat::whole).toList(),
          corpus.examples(seed + 2).limit(HELD_OUT).map(chat::whole).toList(),
          recipe.pretraining(),
          seed);
      log.accept("fine-tuning on completions");
      train(
          decoder,
          corpus.examples(seed + 3).limit(recipe.demonstrations()).map(chat::answer).toList(),
          corpus.examples(seed + 4).limit(HELD_OUT).map(chat::answer).toList(),
          recipe.fineTuning(),
          seed);
      log.accept("learning what readers note about answers");
      train(
          decoder,
          noted(corpus.examples(seed + 5).limit(recipe.notedExamples()), chat),
          noted(corpus.examples(seed + 6).limit(HELD_OUT), chat),
          recipe.noting(),
          seed);
      ModelDirectory written =
          ModelDirectory.writePolicy(
              directory, decoder.config(), halved(decoder.parameters().export()), directory);
      OnnxExport.write(written);
      return written;
    }
  }

  /** Every second example counts its note alone, since a word is lost among the others. */
  private static List<SftExample> noted(Stream<Example> examples, Chat chat) {
    List<SftExample> noted = new ArrayList<>();
    examples.forEach(example -> noted.add(chat.noted(example, noted.size() % 2 == 0)));
    return noted;
  }

  /** bfloat16 halves the file; what it rounds off is far below what a step of training changes. */
  private static Map<String, TensorData> halved(Map<String, TensorData> weights) {
    Map<String, TensorData> halved = new LinkedHashMap<>();
    weights.forEach((name, weight) -> halved.put(name, weight.toBfloat16()));
    return halved;
  }

  private void train(
      Decoder decoder,
      List<SftExample> examples,
      List<SftExample> heldOut,
      SftHyperparameters hyperparameters,
      long seed) {
    try (SftTrainer trainer = new SftTrainer(decoder, examples, heldOut, hyperparameters, seed)) {
      double loss = 0;
      double tokensPerSecond = 0;
      for (int step = 1; step <= trainer.totalSteps(); step++) {
        var metrics = trainer.step();
        loss += metrics.getOrDefault("loss/train", Double.NaN);
        tokensPerSecond += metrics.getOrDefault("tokens_per_second", 0.0);
        if (step % REPORT_EVERY == 0) {
          report(step, trainer.totalSteps(), loss, tokensPerSecond);
          loss = 0;
          tokensPerSecond = 0;
        }
      }
      log.accept(
          String.format(
              Locale.ROOT,
              "loss on held-out examples %.4f nats a token",
              trainer.heldOutLoss().orElse(Double.NaN)));
    }
  }

  private void report(int step, int total, double loss, double tokensPerSecond) {
    log.accept(
        String.format(
            Locale.ROOT,
            "step %d of %d  loss %.4f  %.0f tokens/s",
            step,
            total,
            loss / REPORT_EVERY,
            tokensPerSecond / REPORT_EVERY));
  }
}
