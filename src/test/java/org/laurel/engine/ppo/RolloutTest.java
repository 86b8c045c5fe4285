package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.laurel.engine.ppo.TinyPpo.END;

import org.junit.jupiter.api.Test;

class RolloutTest {

  @Test
  void whatFollowsTheStopTokenIsCutOff() {
    Rollout rollout = new Rollout(new int[] {4, END, 5, END}, new float[] {-1, -2, -3, -4}, false);
    assertThat(rollout.upTo(END).tokens()).containsExactly(4, END);
    assertThat(rollout.upTo(END).logprobs()).containsExactly(-1, -2);
    assertThat(rollout.upTo(END).stopped()).isTrue();
    assertThat(rollout.upTo(8).stopped()).isFalse();
  }
}
