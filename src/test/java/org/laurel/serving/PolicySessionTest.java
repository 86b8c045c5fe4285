package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.laurel.model.ModelConfig;

class PolicySessionTest {
  private static final ModelConfig CONFIG = RandomModel.tiny();
  private static final PolicySession.Limits LIMITS = new PolicySession.Limits(16, 1 << 22, 2);

  @Test
  void greedyEqualsTheArgmaxOfWholeRecomputation() throws Exception {
    var weights = RandomModel.weights(CONFIG, 1);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      prompts.add(RandomModel.prompt(CONFIG, 1 + 4 * i, i));
    }
    try (PolicySession session = PolicySession.open(CONFIG, weights, LIMITS);
        StandardGraph reference = new StandardGraph(CONFIG, weights)) {
      List<Generation> generations =
          session.generate(prompts, SamplingParameters.greedy(20, CONFIG.eosTokenId()));
      for (int row = 0; row < prompts.size(); row++) {
        int[] sequence = prompts.get(row);
        for (int token : generations.get(row).tokens()) {
          assertThat(token).isEqualTo(Sampler.argmax(reference.next(sequence)));
          sequence = Arrays.copyOf(sequence, sequence.length + 1);
          sequence[sequence.length - 1] = token;
        }
      }
    }
  }
}
