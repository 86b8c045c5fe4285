package org.laurel.engine.reward;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.laurel.engine.nn.Encoder;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;
import org.laurel.ngram.Judged;
import org.laurel.ngram.NgramHead;
import org.laurel.tokenizer.PairEncoder;

/** An encoder that reads prompt and completion as a pair of texts. */
final class EncoderBackbone implements RewardBackbone {

  /** Of the time there is, what may be spent on finding where to begin. */
  private static final double PROBE_SHARE = 0.12;

  private final EncoderDirectory source;
  private final PairEncoder encoder;
  private final EncoderNetwork network;
  private final RewardHyperparameters h;
  private final long seed;

  /** Found before the training, so that its minutes count; not a number until then. */
  private double variance = Double.NaN;

  private EncoderBackbone(
      EncoderDirectory source,
      PairEncoder encoder,
      EncoderNetwork network,
      RewardHyperparameters h,
      long seed) {
    this.source = source;
    this.encoder = encoder;
    this.network = network;
    this.h = h;
    this.seed = seed;
  }

  static EncoderBackbone load(Path directory, RewardHyperparameters h, long seed)
      throws IOException {
    EncoderDirectory source = EncoderDirectory.open(directory);
    PairEncoder encoder = PairEncoder.read(source.tokenizerJson());
    Encoder model =
        source.isReward()
            ? Encoder.load(source, encoder.separator(), seed)
            : Encoder.withPoolingLayer(source, encoder.separator(), seed);
    model.freezeWords();
    return new EncoderBackbone(
        source, encoder, new EncoderNetwork(model, h.layerDecay(), h.headRate(), null), h, seed);
  }

  @Override
  public EncoderNetwork network() {
    return network;
  }

  @Override
  public int context() {
    return source.config().maxPositionEmbeddings();
  }

  @Override
  public EncodedRanking encode(RankingRow row, int maxTokens) {
    return EncodedRanking.of(row, encoder, maxTokens);
  }

  /** Begins where the encoder's own reading of a share of the rankings leads to. */
  @Override
  public void begin(List<EncodedRanking> training) {
    if (h.ngrams()) {
      variance = NgramHead.bestVariance(judged(training, h));
    }
    if (!source.isReward()) {
      network.precision(network.precision(h.precision()));
      double seconds = PROBE_SHARE * 60 * h.minutes();
      Probe probe = new Probe(network.encoder(), h, seconds, seed);
      float[] head = probe.weights(training);
      network.parameters().write(Encoder.SCORE, own -> own.put(head));
    }
  }

  /** Adds n-grams, by the weights under which held-out choices are likeliest. */
  @Override
  public Map<String, Double> refine(
      RewardTrainer trainer, List<EncodedRanking> training, Map<String, Double> figures) {
    if (!h.ngrams()) {
      return figures;
    }
    List<Judged> read = judged(training, h);
    List<Judged> heldOut = judged(trainer.heldOut(), h);
    if (Double.isNaN(variance)) { // another process began
      variance = NgramHead.bestVariance(read);
    }
    NgramHead ngrams = NgramHead.fit(read, variance);
    List<JudgedPair> judged = trainer.judgeHeldOut();
    Blending blending =
        judged.stream().allMatch(JudgedPair::tie)
            ? unjudged(trainer, trainer.some(), ngrams)
            : Blending.of(judged, trainer.heldOut(), heldOut, ngrams);
    // what both are worth is known now, so the cheap one may learn from all there is
    read.addAll(heldOut);
    NgramHead all = NgramHead.fit(read, variance);
    network.blend(blending.blend().first(), all.times(blending.blend().second()));
    return blending.figures();
  }

  private static Blending unjudged(
      RewardTrainer trainer, List<EncodedRanking> some, NgramHead ngrams) {
    return Blending.unjudged(trainer.judge(some), some, ngrams);
  }

  static List<Judged> judged(List<EncodedRanking> rankings, RewardHyperparameters h) {
    List<Judged> judged = new ArrayList<>();
    for (EncodedRanking ranking : rankings) {
      judged.add(
          new Judged(
              ranking.prompt(),
              ranking.completions(),
              ranking.comparisons(),
              h.certainty(ranking),
              ranking.group()));
    }
    return judged;
  }

  @Override
  public void write(Path artifact, RewardScale scale, int maxTokens) throws IOException {
    Map<String, TensorData> weights = network.parameters().export();
    NgramHead ngrams = network.ngrams();
    if (ngrams != null) {
      weights.putAll(ngrams.export());
    }
    EncoderDirectory.writeReward(
        artifact, network.encoder().config(), scale, weights, maxTokens, source.path());
  }
}
