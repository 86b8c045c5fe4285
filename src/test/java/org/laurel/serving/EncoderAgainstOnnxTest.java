package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.nn.Encoder;
import org.laurel.engine.nn.TokenBatch;
import org.laurel.engine.reward.EncoderRewardModel;
import org.laurel.engine.reward.RewardMetrics;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;
import org.laurel.ngram.Judged;
import org.laurel.ngram.NgramHead;
import org.laurel.onnx.MiniLm;
import org.laurel.preference.Comparison;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PairEncoder;

/**
 * all-MiniLM-L6-v2 with a random head, trained by libtorch and served by ONNX Runtime; its own
 * published graph is the independent witness of what the encoder computes.
 */
class EncoderAgainstOnnxTest {
  private static final List<EncoderScorer.Item> ITEMS =
      List.of(
          item("What is the capital of France?", "Paris, of course."),
          item("Spell [SEP] and [CLS]", "I [SEP] will not be fooled."),
          item("long ".repeat(600), "The prompt loses its beginning, the answer nothing."),
          item("hi", ""),
          item("one token", "yes"),
          item("two tokens", "oh yes"),
          item("longer than the model reads", "on and on ".repeat(90)));

  @TempDir static Path home;
  private static EncoderDirectory base;
  private static EncoderDirectory reward;

  private static EncoderScorer.Item item(String prompt, String completion) {
    return new EncoderScorer.Item(
        List.of(
            new Message("user", "Hello."),
            new Message("assistant", "Hello!"),
            new Message("user", prompt)),
        completion);
  }

  @BeforeAll
  static void write() throws IOException {
    base = MiniLm.in(home);
    PairEncoder texts = PairEncoder.read(base.tokenizerJson());
    try (Encoder encoder = Encoder.withPoolingLayer(base, texts.separator(), 7)) {
      Random random = new Random(1);
      for (String name : List.of("bert.pooler.dense.weight", "bert.pooler.dense.bias")) {
        FloatBuffer pooler = encoder.parameters().buffer(name);
        encoder.parameters().fill(name, i -> pooler.get(i) + (float) (0.1 * random.nextGaussian()));
      }
      encoder.parameters().fill(Encoder.SCORE_BIAS, i -> 0.3f);
      Map<String, TensorData> weights = encoder.parameters().export();
      List<Judged> votes =
          List.of(
              new Judged(
                  ITEMS.get(0).prompt(),
                  List.of("Paris, of course.", "I will not say.", "on and on and on"),
                  List.of(new Comparison<>(0, 1, false), new Comparison<>(2, 1, false)),
                  1,
                  1));
      weights.putAll(NgramHead.fit(votes, 3).export());
      reward =
          EncoderDirectory.writeReward(
              home.resolve("reward"),
              encoder.config(),
              new RewardScale(0.25, 0.5),
              weights,
              200,
              base.path());
    }
  }

  @Test
  void servesWhatWasTrained() throws IOException {
    double[] trained;
    try (EncoderRewardModel model = EncoderRewardModel.load(EncoderDirectory.open(reward.path()))) {
      trained =
          model.scores(
              ITEMS.stream()
                  .map(i -> new EncoderRewardModel.Answer(i.prompt(), i.completion()))
                  .toList(),
              256);
    }
    try (EncoderScorer scorer = EncoderScorer.open(reward)) {
      float[] served = scorer.score(ITEMS);
      for (int i = 0; i < served.length; i++) {
        assertThat(served[i]).isCloseTo((float) ((trained[i] - 0.25) / 0.5), within(1e-4f));
        assertThat(scorer.score(ITEMS.subList(i, i + 1))[0]).isCloseTo(served[i], within(1e-4f));
      }
      assertThat(served[0]).isNotCloseTo(served[1], within(1e-3f));
    }
  }

  /** What the head of a fresh reward model reads is what all-MiniLM says of the whole text. */
  @Test
  void theFirstTokenGathersTheMean() throws IOException {
    PairEncoder texts = PairEncoder.read(base.tokenizerJson());
    List<int[]> pairs = new ArrayList<>();
    for (EncoderScorer.Item item : ITEMS) {
      pairs.add(texts.pair(texts.prompt(item.prompt()), texts.completion(item.completion()), 128));
    }
    try (SentenceEncoder published = SentenceEncoder.open(base);
        Encoder encoder = Encoder.withPoolingLayer(base, texts.separator(), 1);
        PointerScope scope = new PointerScope()) {
      List<float[]> means = published.means(pairs);
      for (int i = 0; i < pairs.size(); i++) {
        TokenBatch batch =
            TokenBatch.rightPadded(List.of(pairs.get(i)), encoder.config().padTokenId());
        float[] pooled = new float[encoder.config().hiddenSize()];
        encoder.pooled(batch).contiguous().data_ptr_float().get(pooled);
        assertThat(correlation(pooled, means.get(i))).isGreaterThan(0.95);
      }
    }
  }

  private static double correlation(float[] x, float[] y) {
    double[] wideX = IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
    double[] wideY = IntStream.range(0, y.length).mapToDouble(i -> y[i]).toArray();
    return RewardMetrics.correlation(wideX, wideY);
  }

  @Test
  void theEncoderIsThePublishedOne() throws IOException {
    PairEncoder texts = PairEncoder.read(base.tokenizerJson());
    List<int[]> pairs = new ArrayList<>();
    for (EncoderScorer.Item item : ITEMS) {
      pairs.add(texts.pair(texts.prompt(item.prompt()), texts.completion(item.completion()), 256));
    }
    List<float[]> ours;
    try (Encoder encoder = Encoder.load(base, texts.separator(), 1)) {
      ours = encoder.means(pairs);
    }
    try (SentenceEncoder published = SentenceEncoder.open(base)) {
      List<float[]> theirs = published.means(pairs);
      for (int i = 0; i < pairs.size(); i++) {
        assertThat(ours.get(i)).containsExactly(theirs.get(i), within(1e-5f));
      }
    }
  }
}
