package org.laurel.modelexport;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.ngram.NgramHead;
import org.laurel.rewardmodel.RewardModelVersion;

/** The card of a reward model. */
final class RewardModelCard {
  private RewardModelCard() {}

  /** The rankings that it learned from. */
  record Data(String hash, long rows, @Nullable Long seed) {}

  /**
   * @param line of the policy that its backbone began as; empty for an encoder
   */
  static String of(
      RewardModelVersion model,
      Path folder,
      @Nullable Data data,
      List<Ancestor> line,
      Terms terms) {
    boolean encoder = EncoderDirectory.isEncoder(folder);
    RewardScale scale =
        encoder
            ? EncoderDirectory.open(folder).rewardScale()
            : ModelDirectory.open(folder).rewardScale();
    ModelCard card =
        new ModelCard()
            .head(
                "text-classification",
                List.of("laurel", "reward-model", encoder ? "bert" : family(folder)),
                terms,
                encoder ? terms.base() : line.isEmpty() ? null : line.get(line.size() - 1).hub())
            .title(model.name)
            .paragraph(
                "A reward model: it scores an answer to a prompt by how people would rank it,"
                    + " fitted by Laurel to rankings (Bradley-Terry).")
            .paragraph(
                encoder
                    ? "It is the encoder %s, wholly fine-tuned, which reads conversation and answer as a pair of texts (`[CLS] Human: ... [SEP] answer [SEP]`)."
                        .formatted(ModelCard.escaped(model.backbone))
                    : "It is a %s decoder that reads conversation and answer in the chat template, with the end token last, and scores at that token."
                        .formatted(family(folder)))
            .paragraph(
                "It knows what these people preferred in these answers, no more. A policy that is"
                    + " optimised against it long enough finds what it likes and people do not.");
    if (encoder && hasNgrams(folder)) {
      card.paragraph(
          "`onnx/model.onnx`, and `model.safetensors` read by transformers, give the encoder's part"
              + " of the score alone: the part of the wording (`ngrams.*`) is Laurel's own.");
    }
    if (data != null) {
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("snapshot, SHA-256", data.hash());
      about.put("rankings", data.rows());
      if (data.seed() != null) {
        about.put("seed", data.seed());
      }
      card.table("Data", about);
    }
    if (!line.isEmpty()) {
      card.line(line);
    }
    return card.table("Hyperparameters", model.hyperparameters)
        .table("Measured on rankings that it did not learn from", model.metrics)
        .section("Use")
        .paragraph(
            """
            ```python
            from transformers import AutoModelForSequenceClassification

            model = AutoModelForSequenceClassification.from_pretrained(".")
            score = (model(**inputs).logits[:, 0] - (%s)) / %s
            ```

            Only differences between answers to the same prompt mean anything. With mean and\
             deviation taken off, as above, the policy it was fitted for has mean 0 and deviation 1.\
             Both numbers are `reward_mean` and `reward_std` of `config.json`."""
                .formatted(scale.mean(), scale.standardDeviation()))
        .terms(terms)
        .markdown();
  }

  private static String family(Path folder) {
    return ModelDirectory.open(folder).config().modelType();
  }

  private static boolean hasNgrams(Path folder) {
    return EncoderDirectory.open(folder).weights().names().contains(NgramHead.WEIGHTS);
  }
}
