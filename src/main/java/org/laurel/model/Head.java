package org.laurel.model;

/** What a model's last layer says. */
public enum Head {
  /** Logits over the vocabulary: a policy. */
  LANGUAGE_MODEL,
  /** One number a sequence, read at its last token by {@code score.weight}: a reward model. */
  REWARD,
  /** Both on one trunk, in training alone: a policy that also values its states. */
  POLICY_AND_VALUE
}
