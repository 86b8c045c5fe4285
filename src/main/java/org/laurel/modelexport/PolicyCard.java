package org.laurel.modelexport;

import java.util.List;
import java.util.Locale;
import org.laurel.model.ModelConfig;
import org.laurel.policy.PolicyVersion;

/** The card of a trained policy. */
final class PolicyCard {
  private PolicyCard() {}

  /**
   * @param line the policy first
   */
  static String of(PolicyVersion policy, ModelConfig config, List<Ancestor> line, Terms terms) {
    Ancestor origin = line.get(line.size() - 1);
    String family = config.architecture().family().modelType();
    String parent = line.size() > 1 ? " from " + ModelCard.escaped(line.get(1).name()) : "";
    return new ModelCard()
        .head("text-generation", List.of("laurel", family, policy.kind), terms, origin.hub())
        .title(policy.name)
        .paragraph(
            "A %s decoder (%d layers, width %d, context %d, %s weights), %s%s."
                .formatted(
                    family,
                    config.numLayers(),
                    config.hiddenSize(),
                    config.maxPositionEmbeddings(),
                    weights(policy, config),
                    method(policy.kind),
                    parent))
        .paragraph("Whether its answers are true or safe was not measured.")
        .line(line)
        .table("Hyperparameters", policy.hyperparameters)
        .table("Measured at the end of its training", policy.metrics)
        .section("Use")
        .paragraph(
            """
            ```python
            from transformers import AutoModelForCausalLM, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained(".")
            model = AutoModelForCausalLM.from_pretrained(".")
            ids = tokenizer.apply_chat_template(
                [{"role": "user", "content": "Hello?"}], add_generation_prompt=True, return_tensors="pt")
            print(tokenizer.decode(model.generate(ids, max_new_tokens=64)[0]))
            ```

            `onnx/model.onnx` holds the same weights for ONNX Runtime and transformers.js. Weights are\
             float32.""")
        .terms(terms)
        .markdown();
  }

  private static String weights(PolicyVersion policy, ModelConfig config) {
    long count = policy.parameterCount == null ? config.parameterCount() : policy.parameterCount;
    return String.format(Locale.ROOT, "%.1f million", count / 1e6);
  }

  private static String method(String kind) {
    return switch (kind) {
      case "starter" -> "the policy that Laurel begins with";
      case "import" -> "imported into Laurel";
      case "sft" -> "made by Laurel's supervised fine-tuning on demonstrations";
      case "rejection" -> "made by Laurel's fine-tuning on the best of its own answers";
      case "dpo" -> "made by Laurel's direct preference optimisation (arXiv 2305.18290)";
      case "ipo" -> "made by Laurel's identity preference optimisation (arXiv 2310.12036)";
      case "kto" -> "made by Laurel's Kahneman-Tversky optimisation (arXiv 2402.01306)";
      case "ppo" -> "made by Laurel's PPO (arXiv 1707.06347) against a reward model";
      default -> "made by Laurel with " + ModelCard.escaped(kind);
    };
  }
}
