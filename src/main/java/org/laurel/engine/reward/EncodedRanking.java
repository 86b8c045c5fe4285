package org.laurel.engine.reward;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.run.Conversations;
import org.laurel.preference.Comparison;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PairEncoder;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A ranking as the reward model reads it.
 *
 * @param inputs token ids of prompt and completion, one for each completion
 * @param lengths tokens of each completion, end token included
 * @param comparisons all pairs, indices into {@code inputs}
 * @param annotator who ranked; null if unknown
 * @param strength of the preference; null if not asked
 * @param prompt what was read, as text
 * @param completions likewise, all of them whole
 * @param certainty probability that the choices are as given, a soft label; 1 for people's
 */
@SuppressWarnings("ArrayRecordComponent") // only ever read
public record EncodedRanking(
    List<int[]> inputs,
    int[] lengths,
    List<Comparison<Integer>> comparisons,
    @Nullable String annotator,
    @Nullable Integer strength,
    List<Message> prompt,
    List<String> completions,
    double certainty) {

  /** A ranking by people. */
  public EncodedRanking(
      List<int[]> inputs,
      int[] lengths,
      List<Comparison<Integer>> comparisons,
      @Nullable String annotator,
      @Nullable Integer strength,
      List<Message> prompt,
      List<String> completions) {
    this(inputs, lengths, comparisons, annotator, strength, prompt, completions, 1);
  }

  /** Encodes a row. */
  public static EncodedRanking of(RankingRow row, PromptEncoder encoder, int end, int maxTokens) {
    int[] prompt = encoder.prompt(row.prompt());
    return of(
        row, encoder::completion, answer -> RewardModel.input(prompt, answer, end, maxTokens));
  }

  /** Encodes a row as pairs of prompt and completion, for an encoder. */
  static EncodedRanking of(RankingRow row, PairEncoder encoder, int maxTokens) {
    int[] prompt = encoder.prompt(row.prompt());
    return of(row, encoder::completion, answer -> encoder.pair(prompt, answer, maxTokens));
  }

  /**
   * @param tokens of a completion
   * @param input of prompt and completion, from the latter's tokens
   */
  private static EncodedRanking of(
      RankingRow row, Function<String, int[]> tokens, UnaryOperator<int[]> input) {
    List<int[]> completions = row.completions().stream().map(tokens).toList();
    return new EncodedRanking(
        completions.stream().map(input).toList(),
        completions.stream().mapToInt(completion -> completion.length).toArray(),
        row.ranking().comparisons(),
        row.annotator(),
        row.strength(),
        row.prompt(),
        row.completions(),
        row.certainty());
  }

  /** A number that rankings share whose conversations begin alike. */
  int group() {
    return Conversations.opening(prompt).hashCode();
  }

  /** Tokens of all inputs. */
  int tokens() {
    return inputs.stream().mapToInt(input -> input.length).sum();
  }

  /** Tokens of the longest input. */
  int width() {
    return inputs.stream().mapToInt(input -> input.length).max().orElse(0);
  }

  /** Each comparison with the difference that these scores of the completions make. */
  List<JudgedPair> judge(double[] scores) {
    return comparisons.stream()
        .map(
            c ->
                new JudgedPair(
                    scores[c.chosen()] - scores[c.rejected()],
                    c.tie(),
                    lengths[c.chosen()] - lengths[c.rejected()],
                    annotator,
                    strength))
        .toList();
  }
}
