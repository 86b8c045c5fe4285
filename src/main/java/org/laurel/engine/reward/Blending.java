package org.laurel.engine.reward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.ngram.Judged;
import org.laurel.ngram.NgramHead;

/**
 * How an encoder's score and that of its n-grams are added, and what that is worth.
 *
 * @param figures {@link RewardMetrics} of held-out comparisons, each half blended by the weights of
 *     the other; with them the accuracies of both scores alone
 */
record Blending(Blend blend, Map<String, Double> figures) {

  /**
   * Without held-out choices, by what both make of rankings that they learnt from.
   *
   * @param encoder what the encoder makes of these rankings, ranking after ranking
   */
  static Blending unjudged(
      List<JudgedPair> encoder, List<EncodedRanking> rankings, NgramHead ngrams) {
    List<JudgedPair> words =
        rankings.stream()
            .flatMap(
                ranking ->
                    ranking
                        .judge(
                            ranking.completions().stream()
                                .mapToDouble(text -> ngrams.score(ranking.prompt(), text))
                                .toArray())
                        .stream())
            .toList();
    return new Blending(Blend.even(differences(encoder), differences(words)), Map.of());
  }

  private static double[] differences(List<JudgedPair> pairs) {
    return pairs.stream().mapToDouble(JudgedPair::difference).toArray();
  }

  /**
   * @param encoder what the encoder makes of the held-out comparisons, ranking after ranking
   * @param heldOut the same rankings
   * @param read the same rankings, as the n-grams see them
   */
  static Blending of(
      List<JudgedPair> encoder, List<EncodedRanking> heldOut, List<Judged> read, NgramHead ngrams) {
    List<JudgedPair> words = new ArrayList<>();
    List<Integer> halves = new ArrayList<>();
    for (int i = 0; i < heldOut.size(); i++) {
      List<JudgedPair> judged = heldOut.get(i).judge(ngrams.scores(read.get(i)));
      words.addAll(judged);
      int half = Math.floorMod(read.get(i).group(), 2);
      judged.forEach(pair -> halves.add(half));
    }
    List<Integer> choices = new ArrayList<>();
    for (int i = 0; i < encoder.size(); i++) {
      if (!encoder.get(i).tie()) {
        choices.add(i);
      }
    }
    double[] first = choices.stream().mapToDouble(i -> encoder.get(i).difference()).toArray();
    double[] second = choices.stream().mapToDouble(i -> words.get(i).difference()).toArray();
    double[] crossed =
        Blend.crossed(first, second, choices.stream().mapToInt(halves::get).toArray());
    List<JudgedPair> blended = new ArrayList<>();
    List<JudgedPair> encoderAlone = new ArrayList<>();
    List<JudgedPair> wordsAlone = new ArrayList<>();
    for (int i = 0; i < crossed.length; i++) {
      JudgedPair pair = encoder.get(choices.get(i));
      blended.add(pair.with(crossed[i]));
      encoderAlone.add(pair);
      wordsAlone.add(words.get(choices.get(i)));
    }
    Blend fitted = Blend.fit(first, second);
    // where neither says anything the encoder stays as it is
    Blend blend = fitted.first() + fitted.second() > 0 ? fitted : new Blend(1, 0);
    Map<String, Double> figures = new LinkedHashMap<>(RewardMetrics.of(blended));
    if (!blended.isEmpty()) {
      figures.put("ties", (double) encoder.size() - blended.size());
      figures.put("accuracy/encoder", RewardMetrics.accuracy(encoderAlone));
      figures.put("accuracy/ngrams", RewardMetrics.accuracy(wordsAlone));
    }
    return new Blending(blend, figures);
  }
}
