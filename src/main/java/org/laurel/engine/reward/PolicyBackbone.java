package org.laurel.engine.reward;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.laurel.engine.nn.Decoder;
import org.laurel.model.Head;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/** The policy itself with a score head. */
record PolicyBackbone(ModelDirectory source, PromptEncoder encoder, DecoderNetwork network)
    implements RewardBackbone {

  /**
   * The policy with its own score head, or a fresh one where it has none.
   *
   * @param headScale what a fresh head is multiplied by
   */
  static PolicyBackbone load(Path policy, double headScale, long seed) throws IOException {
    ModelDirectory source = ModelDirectory.open(policy);
    PromptEncoder encoder = PromptEncoder.read(source.path(), source.config().eosTokenId());
    Decoder model = Decoder.loadWithScoreHead(source, seed);
    if (source.head() != Head.REWARD) {
      model.parameters().scale(Decoder.SCORE, headScale);
    }
    return new PolicyBackbone(source, encoder, new DecoderNetwork(model));
  }

  @Override
  public int context() {
    return source.config().maxPositionEmbeddings();
  }

  @Override
  public void check(List<Message> prompt) {
    encoder.check(prompt);
  }

  @Override
  public EncodedRanking encode(RankingRow row, int maxTokens) {
    return EncodedRanking.of(row, encoder, source.config().eosTokenId(), maxTokens);
  }

  @Override
  public void write(Path artifact, RewardScale scale, int maxTokens) throws IOException {
    Decoder model = network.decoder();
    ModelDirectory.writeReward(
        artifact, model.config(), scale, model.parameters().export(), source.path());
  }
}
