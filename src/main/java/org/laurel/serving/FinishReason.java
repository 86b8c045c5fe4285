package org.laurel.serving;

/** Why a generation ended. */
public enum FinishReason {
  /** A stop token was drawn; it is the last token of the generation. */
  STOP,
  /** The most new tokens, or {@link PolicySession#longestRow}, were used up. */
  LENGTH,
  /** The listener or the caller ended it. */
  CANCELLED
}
