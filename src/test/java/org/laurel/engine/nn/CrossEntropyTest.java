package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossEntropyTest {
  /** 672 tokens, so that more than one stretch of rows is needed. */
  private static final List<int[]> SEQUENCES =
      IntStream.range(0, 28)
          .mapToObj(s -> IntStream.range(0, 24).map(i -> (s * 7 + i * i * 3) % 48).toArray())
          .toList();

  private static long[] targets() {
    return IntStream.range(0, 672).mapToLong(i -> (i * 31L + 5) % 48).toArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lossAndGradientAreThoseOfTheWholeProduct(boolean tied) {
    try (PointerScope scope = new PointerScope();
        Decoder decoder = DecoderTest.lively(DecoderTest.config(4, 2, tied), 1)) {
      Tensor gradients = decoder.parameters().gradients();
      TokenBatch batch = TokenBatch.rightPadded(SEQUENCES, 0);
      Tensor logits = decoder.logits(decoder.hidden(batch)).view(-1, 48);
      Tensor whole = torch.cross_entropy_loss(logits, Tensor.create(targets()));
      whole.mul(new Scalar(0.5)).backward();
      Tensor expected = gradients.clone();
      gradients.zero_();
      Tensor hidden = decoder.hidden(batch).view(-1, 32);
      double sum = CrossEntropy.addGradient(decoder, hidden, targets(), 0.5 / 672);
      assertThat(sum / 672).isCloseTo(whole.item_double(), within(1e-5));
      assertThat(CrossEntropy.sum(decoder, hidden, targets())).isEqualTo(sum);
      double error = gradients.sub(expected).norm().item_double();
      assertThat(error / expected.norm().item_double()).isLessThan(1e-5);
    }
  }

  @Test
  void gradientsAddUp() {
    try (PointerScope scope = new PointerScope();
        Decoder decoder = DecoderTest.lively(DecoderTest.CONFIG, 1)) {
      TokenBatch batch = TokenBatch.rightPadded(SEQUENCES, 0);
      CrossEntropy.addGradient(decoder, decoder.hidden(batch).view(-1, 32), targets(), 1e-3);
      double once = decoder.parameters().gradients().norm().item_double();
      CrossEntropy.addGradient(decoder, decoder.hidden(batch).view(-1, 32), targets(), 1e-3);
      double twice = decoder.parameters().gradients().norm().item_double();
      assertThat(twice).isCloseTo(2 * once, within(1e-4 * once));
    }
  }

  @Test
  void aTargetMoreThanHiddenStatesIsRefused() {
    try (PointerScope scope = new PointerScope();
        Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1)) {
      Tensor hidden = torch.zeros(3, 32);
      assertThatThrownBy(() -> CrossEntropy.sum(decoder, hidden, new long[4]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
