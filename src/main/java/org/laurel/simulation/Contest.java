package org.laurel.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Divergence;
import org.laurel.model.ModelDirectory;
import org.laurel.preference.WinRate;
import org.laurel.serving.FinishReason;
import org.laurel.serving.Generation;
import org.laurel.serving.PolicySession;
import org.laurel.serving.SamplingParameters;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/** Two policies answer the same prompts, and a gold preference reads the answers. */
public final class Contest {

  /** Most tokens of a completion; the starter's answers have about forty. */
  public static final int MAX_NEW_TOKENS = 192;

  private final GoldPreference gold;
  private final List<List<Message>> prompts;
  private final long seed;

  public Contest(GoldPreference gold, List<List<Message>> prompts, long seed) {
    this.gold = gold;
    this.prompts = List.copyOf(prompts);
    this.seed = seed;
  }

  /**
   * Samples both policies at temperature 1, the second from another seed, and compares.
   *
   * @throws IllegalArgumentException if the policies do not share a tokenizer
   */
  public Evaluation run(ModelDirectory policy, ModelDirectory against)
      throws IOException, InterruptedException {
    PromptEncoder encoder = PromptEncoder.read(policy.path(), policy.config().eosTokenId());
    PromptEncoder other = PromptEncoder.read(against.path(), against.config().eosTokenId());
    List<int[]> encoded = prompts.stream().map(encoder::prompt).toList();
    for (int i = 0; i < encoded.size(); i++) {
      if (!Arrays.equals(encoded.get(i), other.prompt(prompts.get(i)))) {
        throw new IllegalArgumentException(
            policy.path() + " and " + against.path() + " do not share a tokenizer");
      }
    }
    List<Generation> mine = sample(policy, encoded, seed);
    // Equal seeds would give two equal policies equal answers, and half a win for every tie.
    List<Generation> theirs = sample(against, encoded, seed ^ 0x5DEECE66DL);
    return compare(
        answers(encoder, mine),
        answers(encoder, theirs),
        mine,
        theirs,
        kl(policy, against, encoded, mine));
  }

  private static List<Generation> sample(ModelDirectory policy, List<int[]> prompts, long seed)
      throws InterruptedException {
    try (PolicySession session = PolicySession.open(policy, PolicySession.Limits.standard())) {
      return session.generate(
          prompts,
          new SamplingParameters(
              1, 0, 1, 0, MAX_NEW_TOKENS, Set.of(policy.config().eosTokenId()), seed));
    }
  }

  private static List<String> answers(PromptEncoder encoder, List<Generation> generations) {
    return generations.stream()
        .map(generation -> encoder.tokenizer().decode(generation.text()))
        .toList();
  }

  private static double kl(
      ModelDirectory policy,
      ModelDirectory reference,
      List<int[]> prompts,
      List<Generation> generations) {
    try (Decoder moved = Decoder.load(policy);
        Decoder fixed = Decoder.load(reference)) {
      double[] kl =
          Divergence.kl(
              moved, fixed, prompts, generations.stream().map(Generation::tokens).toList());
      return Arrays.stream(kl).average().orElse(0);
    }
  }

  private Evaluation compare(
      List<String> mine,
      List<String> theirs,
      List<Generation> myGenerations,
      List<Generation> theirGenerations,
      double kl) {
    List<Double> myScores = new ArrayList<>();
    List<Double> theirScores = new ArrayList<>();
    long wins = 0;
    long ties = 0;
    for (int i = 0; i < prompts.size(); i++) {
      String question = PromptFile.question(prompts.get(i));
      double a = gold.score(question, mine.get(i));
      double b = gold.score(question, theirs.get(i));
      myScores.add(a);
      theirScores.add(b);
      wins += a > b ? 1 : 0;
      ties += a == b ? 1 : 0;
    }
    return Evaluation.of(
        gold.name(),
        new WinRate(wins, ties, prompts.size() - wins - ties),
        kl,
        completions(myScores, myGenerations),
        completions(theirScores, theirGenerations));
  }

  private static Evaluation.Completions completions(
      List<Double> scores, List<Generation> generations) {
    return new Evaluation.Completions(
        scores.stream().mapToDouble(Double::doubleValue).average().orElse(0),
        generations.stream().mapToInt(g -> g.tokens().length).average().orElse(0),
        generations.stream()
            .mapToInt(g -> g.finishReason() == FinishReason.STOP ? 1 : 0)
            .average()
            .orElse(0));
  }
}
