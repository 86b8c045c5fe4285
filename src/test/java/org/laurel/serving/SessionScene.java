package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.laurel.model.ModelConfig;

/** Sessions of a tiny random policy. */
abstract class SessionScene {
  static final ModelConfig CONFIG = RandomModel.tiny();
  static final Map<String, FloatBuffer> WEIGHTS = RandomModel.weights(CONFIG, 1);
  static final PolicySession.Limits LIMITS = new PolicySession.Limits(16, 1 << 23, 2);
  static final int END = CONFIG.eosTokenId();

  static PolicySession open() {
    return PolicySession.open(CONFIG, WEIGHTS, LIMITS);
  }

  static List<int[]> prompts(int count) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(RandomModel.prompt(CONFIG, 1 + (7 * i) % 31, i));
    }
    return prompts;
  }

  static void assertSame(Generation actual, Generation expected) {
    assertThat(actual.tokens()).isEqualTo(expected.tokens());
    assertThat(actual.logprobs()).isEqualTo(expected.logprobs());
    assertThat(actual.finishReason()).isEqualTo(expected.finishReason());
    assertThat(actual.seed()).isEqualTo(expected.seed());
  }
}
