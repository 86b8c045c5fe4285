package org.laurel.judge;

/** A judge cannot be asked; the message says why in one sentence, without secrets. */
final class JudgeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  JudgeFailure(String message) {
    super(message);
  }
}
