package org.laurel.ngram;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.laurel.model.Safetensors;
import org.laurel.model.TensorData;
import org.laurel.preference.Comparison;
import org.laurel.preference.SparseBradleyTerry;
import org.laurel.preference.SparseBradleyTerry.Choice;
import org.laurel.preference.SparseBradleyTerry.Features;
import org.laurel.tokenizer.Message;

/**
 * Bradley-Terry on how completions are worded, on their length and on what they repeat: weak alone,
 * but it errs elsewhere than an encoder does, and it needs no more votes than a project has in its
 * first week. The same code scores while training and while serving.
 */
public final class NgramHead {
  /** Tensor of the weights, by place. */
  public static final String WEIGHTS = "ngrams.weight";

  /** Comparisons of one fit; with more it takes minutes and gains nothing that can be measured. */
  private static final int MOST = 20_000;

  /** Characters of one fit, whose features take some 30 bytes each. */
  private static final long MOST_CHARACTERS = 16_000_000;

  /** Of the sample: the same rankings give the same fit. */
  private static final long SEED = 1;

  private final float[] weights;

  private NgramHead(float[] weights) {
    this.weights = weights;
  }

  /**
   * The variance of the prior under which votes of groups left out are likeliest; ties say nothing
   * here.
   */
  public static double bestVariance(List<Judged> rankings) {
    List<Choice> choices = new ArrayList<>();
    List<Integer> groups = new ArrayList<>();
    for (Judged ranking : sample(rankings)) {
      List<Choice> own = choices(ranking);
      choices.addAll(own);
      own.forEach(choice -> groups.add(ranking.group()));
    }
    int[] groupOf = groups.stream().mapToInt(Integer::intValue).toArray();
    return SparseBradleyTerry.bestVariance(choices, groupOf, Ngrams.WIDTH);
  }

  /**
   * Fits it to the choices of these rankings.
   *
   * @param variance of the prior of each weight
   */
  public static NgramHead fit(List<Judged> rankings, double variance) {
    List<Choice> choices = new ArrayList<>();
    sample(rankings).forEach(ranking -> choices.addAll(choices(ranking)));
    double[] fitted = SparseBradleyTerry.fit(choices, Ngrams.WIDTH, variance);
    float[] weights = new float[fitted.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) fitted[i];
    }
    return new NgramHead(weights);
  }

  /** All of them, or random ones that hold as many comparisons and characters as one fit takes. */
  static List<Judged> sample(List<Judged> rankings) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rankings.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(SEED));
    long comparisons = 0;
    long characters = 0;
    int taken = 0;
    for (int place : order) {
      comparisons += rankings.get(place).comparisons().size();
      characters += rankings.get(place).characters();
      if (comparisons > MOST || characters > MOST_CHARACTERS) {
        break;
      }
      taken++;
    }
    return order.subList(0, taken).stream().sorted().map(rankings::get).toList();
  }

  private static List<Choice> choices(Judged ranking) {
    List<Features> all =
        ranking.completions().stream()
            .map(completion -> Ngrams.features(Ngrams.count(ranking.prompt(), completion)))
            .toList();
    List<Choice> choices = new ArrayList<>();
    for (Comparison<Integer> comparison : ranking.comparisons()) {
      if (!comparison.tie()) {
        choices.add(
            new Choice(
                all.get(comparison.chosen()), all.get(comparison.rejected()), ranking.certainty()));
      }
    }
    return choices;
  }

  /**
   * The head of a stored reward model; null where it has none.
   *
   * @throws org.laurel.model.ModelFormatException when it is of another shape
   */
  public static @Nullable NgramHead read(Safetensors stored) {
    if (!stored.names().contains(WEIGHTS)) {
      return null;
    }
    float[] weights = new float[Ngrams.WIDTH];
    stored.floats(WEIGHTS, weights.length).get(weights);
    return new NgramHead(weights);
  }

  /** As tensors by name. */
  public Map<String, TensorData> export() {
    return Map.of(WEIGHTS, TensorData.of(FloatBuffer.wrap(weights), weights.length));
  }

  /** The score of a completion. */
  public double score(List<Message> prompt, String completion) {
    Features features = Ngrams.features(Ngrams.count(prompt, completion));
    double sum = 0;
    for (int i = 0; i < features.indices().length; i++) {
      sum += (double) weights[features.indices()[i]] * features.values()[i];
    }
    return sum;
  }

  /** The scores of a ranking's completions, in order. */
  public double[] scores(Judged ranking) {
    return ranking.completions().stream()
        .mapToDouble(completion -> score(ranking.prompt(), completion))
        .toArray();
  }

  /** The same head with all scores times a factor. */
  public NgramHead times(double factor) {
    float[] scaled = Arrays.copyOf(weights, weights.length);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= (float) factor;
    }
    return new NgramHead(scaled);
  }
}
