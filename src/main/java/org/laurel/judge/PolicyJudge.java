package org.laurel.judge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.laurel.policy.ServedPolicy;

/**
 * A policy that Laurel serves itself. It need not say anything: the probabilities of the two
 * letters as its next token are read off directly.
 */
final class PolicyJudge implements Judge {
  private final ServedPolicy policy;
  private final int[] letters;
  private final int lettersOfA;

  /**
   * @param policy closed with the judge
   * @throws JudgeFailure if its tokenizer has no token for a letter
   */
  PolicyJudge(ServedPolicy policy) throws JudgeFailure {
    this.policy = policy;
    int[] a = tokens("A");
    int[] b = tokens("B");
    this.lettersOfA = a.length;
    this.letters = Stream.of(a, b).flatMapToInt(Arrays::stream).toArray();
  }

  @Override
  public Answer ask(String question) throws InterruptedException {
    int[] prompt = policy.prompt(question);
    if (prompt.length >= policy.contextLength()) {
      return Answer.unreadable(
          "the question has %d tokens; the policy reads %d"
              .formatted(prompt.length, policy.contextLength() - 1));
    }
    float[] logprobs = policy.session().nextLogprobs(List.of(prompt), letters).get(0);
    return Answer.of(
        new Answer.Logprobs(
            together(logprobs, 0, lettersOfA), together(logprobs, lettersOfA, logprobs.length)));
  }

  /** The letter at the beginning of a reply, or after a space: whichever is a single token. */
  private int[] tokens(String letter) throws JudgeFailure {
    List<Integer> found = new ArrayList<>();
    for (String written : List.of(letter, " " + letter)) {
      int[] ids = policy.encoder().tokenizer().encode(written);
      if (ids.length == 1 && !found.contains(ids[0])) {
        found.add(ids[0]);
      }
    }
    if (found.isEmpty()) {
      throw new JudgeFailure(
          "the tokenizer of %s has no token for the letter %s"
              .formatted(policy.version().name, letter));
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Logarithm of the sum of the probabilities from index {@code from} up to {@code to}. */
  private static double together(float[] logprobs, int from, int to) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      most = Math.max(most, logprobs[i]);
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.exp(logprobs[i] - most);
    }
    return most + Math.log(sum);
  }

  @Override
  public void close() {
    policy.close();
  }
}
