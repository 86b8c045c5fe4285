package org.laurel.serving;

/** Hears each token as it is drawn, on the thread that asked for the generation. */
@FunctionalInterface
public interface TokenListener {
  /**
   * @param row index of the prompt in the request
   * @return whether to go on with this row; {@code false} ends it after this token
   */
  boolean token(int row, int token, float logprob);
}
