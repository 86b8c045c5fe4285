package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.laurel.model.TensorData;

class AdamWTest {
  private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.999, 1e-5, 0.1);

  private static void gradients(Parameters parameters, int step) {
    torch.manual_seed(step);
    parameters.gradients().copy_(torch.randn(parameters.count()));
  }

  @Test
  void takesTheStepsOfLibtorchsOwn() {
    try (PointerScope scope = new PointerScope();
        Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1);
        AdamW optimizer = new AdamW(decoder.parameters(), SETTINGS)) {
      Parameters parameters = decoder.parameters();
      Tensor matrices = parameters.values().narrow(0, 0, parameters.decayed()).clone();
      Tensor norms =
          parameters
              .values()
              .narrow(0, parameters.decayed(), parameters.count() - parameters.decayed())
              .clone();
      AdamWOptions options = new AdamWOptions(0.01);
      options.eps().put(1e-5);
      options.weight_decay().put(0.1);
      AdamWOptions plain = new AdamWOptions(0.01);
      plain.eps().put(1e-5);
      plain.weight_decay().put(0);
      var decaying = new org.bytedeco.pytorch.AdamW(new TensorVector(matrices), options);
      var free = new org.bytedeco.pytorch.AdamW(new TensorVector(norms), plain);
      for (int step = 0; step < 4; step++) {
        gradients(parameters, step);
        optimizer.step(0.01);
        Tensor gradient = parameters.gradients();
        matrices.mutable_grad().put(gradient.narrow(0, 0, matrices.numel()));
        norms.mutable_grad().put(gradient.narrow(0, matrices.numel(), norms.numel()));
        decaying.step();
        free.step();
      }
      Tensor expected = torch.cat(new TensorVector(matrices, norms), 0);
      assertThat(parameters.values().sub(expected).abs().max().item_double()).isLessThan(1e-6);
    }
  }

  @Test
  void goesOnExactlyFromItsState() {
    try (PointerScope scope = new PointerScope();
        Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1);
        AdamW optimizer = new AdamW(decoder.parameters(), SETTINGS)) {
      Parameters parameters = decoder.parameters();
      gradients(parameters, 1);
      optimizer.step(0.01);
      try (Decoder resumed = Decoder.random(DecoderTest.CONFIG, 9);
          AdamW other = new AdamW(resumed.parameters(), SETTINGS)) {
        Map<String, TensorData> state = new HashMap<>();
        Vectors.keep(state, "weights", parameters.values());
        optimizer.keep(state, "its.");
        Vectors.restore(state, "weights", resumed.parameters().values());
        other.restore(state, "its.", 1);
        gradients(parameters, 2);
        optimizer.step(0.01);
        gradients(resumed.parameters(), 2);
        other.step(0.01);
        assertThat(resumed.parameters().values().equal(parameters.values())).isTrue();
      }
    }
  }

  @Test
  void aLongGradientIsShortened() {
    try (PointerScope scope = new PointerScope();
        Decoder decoder = Decoder.random(DecoderTest.CONFIG, 1);
        AdamW optimizer = new AdamW(decoder.parameters(), SETTINGS)) {
      gradients(decoder.parameters(), 1);
      double before = optimizer.clipGradients(2);
      assertThat(before).isCloseTo(Math.sqrt(decoder.parameters().count()), within(5.0));
      assertThat(optimizer.clipGradients(2)).isCloseTo(2, within(1e-4));
      optimizer.zeroGradients();
      assertThat(optimizer.clipGradients(2)).isZero();
    }
  }

  @Test
  void theRateRisesThenFalls() {
    LearningRate rate = new LearningRate(LearningRate.Shape.COSINE, 1.0, 4, 104, 0.1);
    assertThat(rate.at(0)).isEqualTo(0.25);
    assertThat(rate.at(4)).isEqualTo(1.0);
    assertThat(rate.at(54)).isCloseTo(0.55, within(1e-9));
    assertThat(rate.at(104)).isCloseTo(0.1, within(1e-9));
    assertThat(new LearningRate(LearningRate.Shape.LINEAR, 1.0, 0, 10, 0).at(5)).isEqualTo(0.5);
    assertThat(new LearningRate(LearningRate.Shape.CONSTANT, 1.0, 0, 10, 0).at(9)).isEqualTo(1);
  }
}
