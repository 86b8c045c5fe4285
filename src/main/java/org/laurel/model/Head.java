package org.laurel.model;

/** What a model's last layer says; Hugging Face's {@code architectures} entry. */
public enum Head {
  /** Logits over the vocabulary: a policy. */
  LANGUAGE_MODEL("LlamaForCausalLM"),
  /** One number a sequence, read at its last token by {@code score.weight}: a reward model. */
  REWARD("LlamaForSequenceClassification");

  private final String architecture;

  Head(String architecture) {
    this.architecture = architecture;
  }

  public String architecture() {
    return architecture;
  }
}
