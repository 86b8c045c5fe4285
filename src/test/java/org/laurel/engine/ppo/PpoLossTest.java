package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PpoLossTest {

  private final PointerScope scope = new PointerScope();

  @AfterEach
  void free() {
    scope.close();
  }

  @Test
  void thePolicyItselfHasRatioOneAndTheMeanAdvantageAsLoss() {
    Tensor logprobs = tensor(-1.5f, -0.2f, -3f);
    Tensor ratio = PpoLoss.logRatio(logprobs, logprobs).exp();
    Tensor whitened = tensor(1f, 0.5f, -1.5f);
    assertThat(ratio.sub(tensor(1f, 1f, 1f)).abs().max().item_double()).isZero();
    assertThat(PpoLoss.policy(ratio, whitened, 0.2).item_double()).isCloseTo(0, within(1e-6));
  }

  /** By hand: max(-2*1.5, -2*1.2) + max(1*1.5, 1*1.2) + max(-1*0.5, -1*0.8) + max(0.5, 0.8). */
  @Test
  void policyLossTakesThePessimisticSide() {
    Tensor ratio = tensor(1.5f, 1.5f, 0.5f, 0.5f);
    Tensor advantages = tensor(2f, -1f, 1f, -1f);
    assertThat(PpoLoss.policy(ratio, advantages, 0.2).item_double())
        .isCloseTo(-2.4 + 1.5 - 0.5 + 0.8, within(1e-6));
    assertThat(PpoLoss.clipped(ratio, advantages, 0.2)).isEqualTo(2);
  }

  @Test
  void clippedTokensGiveNoGradient() {
    Tensor ratio = tensor(1.5f, 1.1f).requires_grad_(true);
    PpoLoss.policy(ratio, tensor(2f, 3f), 0.2).backward();
    assertThat(ratio.grad().select(0, 0).item_double()).isZero();
    assertThat(ratio.grad().select(0, 1).item_double()).isEqualTo(-3);
  }

  /** By hand: 0.5 * (max(0.25, 0.49) + max(0.01, 0.01)). */
  @Test
  void valueLossTakesTheLargerError() {
    Tensor values = tensor(1.5f, 0.1f);
    Tensor oldValues = tensor(1.1f, 0f);
    Tensor returns = tensor(2f, 0f);
    assertThat(PpoLoss.value(values, oldValues, returns, 0.2).item_double())
        .isCloseTo(0.5 * (0.49 + 0.01), within(1e-6));
  }

  /**
   * By hand, with a range of 0.2: near 1.3 is further from 2 than 1.5 is (clipped); near 0.1 is the
   * value itself; 2 is further from 1 than near 1.3 is (not clipped); near 0.7 is further from 0.2
   * than 0.3 is (clipped).
   */
  @Test
  void valuesWhoseClippedErrorIsLargerAreCounted() {
    Tensor values = tensor(1.5f, 0.1f, 2f, 0.3f);
    Tensor oldValues = tensor(1.1f, 0f, 1.1f, 0.9f);
    Tensor returns = tensor(2f, 0f, 1f, 0.2f);
    assertThat(PpoLoss.valueClipped(values, oldValues, returns, 0.2)).isEqualTo(2);
    assertThat(PpoLoss.valueClipped(oldValues, oldValues, returns, 0.2)).isZero();
  }

  @Test
  void anImpossibleTokenDoesNotOverflow() {
    Tensor ratio = PpoLoss.logRatio(tensor(0f), tensor(-1e6f)).exp();
    assertThat(ratio.item_double()).isFinite();
  }
}
