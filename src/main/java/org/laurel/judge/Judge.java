package org.laurel.judge;

/** A language model that is asked which of two answers is better. Thread-safe. */
interface Judge extends AutoCloseable {

  /**
   * @param question as {@link Rubric#question} writes it
   * @return unreadable where the model says neither letter, or cannot read so long a question
   * @throws JudgeFailure if it cannot be asked
   */
  Answer ask(String question) throws JudgeFailure, InterruptedException;

  @Override
  void close();
}
