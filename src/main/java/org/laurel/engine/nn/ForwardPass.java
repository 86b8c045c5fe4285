package org.laurel.engine.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.jspecify.annotations.Nullable;

/**
 * Hidden states that will get a gradient. Either everything that a layer computed is kept until
 * then; or only what went into it, and the layer is computed again on the way back [Chen et al.
 * 2016, arXiv 1604.06174]: a third more time, and the memory of one layer instead of all. The
 * gradients are the same to the bit.
 */
public final class ForwardPass {

  private final DecoderLayers layers;
  private final Tensor hidden;
  private final @Nullable Recomputed again;

  private ForwardPass(DecoderLayers layers, Tensor hidden, @Nullable Recomputed again) {
    this.layers = layers;
    this.hidden = hidden;
    this.again = again;
  }

  /** What the layers are computed from a second time; {@code inputs} of each and the last norm. */
  private record Recomputed(
      Tensor ids,
      @Nullable Tensor positions,
      DecoderLayers.@Nullable Turns turns,
      @Nullable Tensor bias,
      List<Tensor> inputs) {}

  /**
   * @param recompute whether layers are computed again on the way back
   */
  public static ForwardPass of(Decoder decoder, TokenBatch batch, boolean recompute) {
    if (!recompute) {
      return new ForwardPass(decoder.layers(), decoder.hidden(batch), null);
    }
    decoder.requireFit(batch);
    DecoderLayers layers = decoder.layers();
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor ids = batch.ids();
      Tensor positions = batch.causalSuffices() ? null : batch.positions();
      Tensor bias = batch.causalSuffices() ? null : DecoderLayers.bias(batch.segments());
      DecoderLayers.Turns turns = layers.turns(ids, positions);
      List<Tensor> inputs = new ArrayList<>();
      inputs.add(layers.embedded(ids, positions));
      for (int layer = 0; layer < layers.count(); layer++) {
        try (PointerScope scope = new PointerScope()) {
          Tensor next = layers.layer(layer, inputs.get(layer), turns, bias);
          inputs.add(next.retainReference());
        }
      }
      Tensor hidden = layers.last(inputs.get(inputs.size() - 1)).detach();
      hidden.requires_grad_(true);
      return new ForwardPass(layers, hidden, new Recomputed(ids, positions, turns, bias, inputs));
    }
  }

  /** After the final norm, float32 [rows, width, hidden]. */
  public Tensor hidden() {
    return hidden;
  }

  /**
   * Takes the gradient of the hidden states, which a loss has left with them, on to the weights.
   * Nothing is left to do where all was kept.
   */
  public void backward() {
    if (again == null) {
      return;
    }
    List<Tensor> inputs = again.inputs();
    int count = inputs.size() - 1;
    Tensor gradient = through(inputs.get(count), layers::last, hidden.grad());
    for (int layer = count - 1; layer >= 0; layer--) {
      int index = layer;
      Tensor below =
          through(
              inputs.get(layer),
              x -> layers.layer(index, x, again.turns(), again.bias()),
              gradient);
      gradient.releaseReference();
      gradient = below;
      inputs.get(layer + 1).releaseReference();
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor embedded = layers.embedded(again.ids(), again.positions());
      if (embedded.requires_grad()) {
        back(embedded, gradient);
      }
    }
    gradient.releaseReference();
  }

  /** The gradient of what goes into a part, retained, from that of what comes out. */
  private static Tensor through(Tensor input, UnaryOperator<Tensor> part, Tensor gradient) {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = input.detach();
      x.requires_grad_(true);
      back(part.apply(x), gradient);
      // grad() is a reference into x, which ends with this scope
      return new Tensor(x.grad()).retainReference();
    }
  }

  private static void back(Tensor from, Tensor gradient) {
    from.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
  }
}
