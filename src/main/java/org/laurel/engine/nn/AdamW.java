package org.laurel.engine.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.laurel.model.TensorData;

/**
 * Adam with decoupled weight decay [arXiv 1711.05101] over the flat weights of a model, in
 * stretches that stay in the processor's cache. Decay applies to matrices, not to norms. Its state
 * can be taken out and put back exactly.
 */
public final class AdamW implements AutoCloseable {
  /** Elements that a processor's cache holds; a GPU takes all of them at once. */
  private static final long STRETCH = Device.isCpu() ? 1 << 16 : 1L << 40;

  /**
   * @param epsilon added to the root of the second moment; 1e-5 for PPO
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
    public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8, 0.01);
  }

  private static final String FIRST = "optimizer.exp_avg";
  private static final String SECOND = "optimizer.exp_avg_sq";

  private final Parameters parameters;
  private final Settings settings;
  private final Tensor firstMoment;
  private final Tensor secondMoment;
  private final List<Parameters.Stretch> stretches;
  private long steps;

  public AdamW(Parameters parameters, Settings settings) {
    this(parameters, settings, name -> 1);
  }

  /**
   * @param share of the learning rate by a weight's name, such as less for lower layers; 0 for what
   *     stays as it is
   */
  public AdamW(Parameters parameters, Settings settings, ToDoubleFunction<String> share) {
    this.stretches =
        parameters.stretches(share, STRETCH).stream().filter(part -> part.share() > 0).toList();
    this.parameters = parameters;
    this.settings = settings;
    try (PointerScope scope = new PointerScope()) {
      firstMoment = torch.zeros_like(parameters.values()).retainReference();
      secondMoment = torch.zeros_like(parameters.values()).retainReference();
    }
  }

  public void zeroGradients() {
    parameters.gradients().zero_();
  }

  /**
   * Scales the gradient down to {@code maxNorm} if it is longer.
   *
   * @return its length before
   */
  public double clipGradients(double maxNorm) {
    try (PointerScope scope = new PointerScope()) {
      double norm = parameters.gradients().norm().item_double();
      if (norm > maxNorm) {
        parameters.gradients().mul_(new Scalar(maxNorm / norm));
      }
      return norm;
    }
  }

  /** Applies the gradients once; they stay until {@link #zeroGradients()}. */
  public void step(double learningRate) {
    steps++;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Map<Double, Update> updates = new HashMap<>();
      for (Parameters.Stretch part : stretches) {
        Update update =
            updates.computeIfAbsent(
                part.share(), share -> new Update(settings, learningRate * share, steps));
        try (PointerScope stretch = new PointerScope()) {
          update.apply(
              parameters.values().narrow(0, part.start(), part.length()),
              parameters.gradients().narrow(0, part.start(), part.length()),
              firstMoment.narrow(0, part.start(), part.length()),
              secondMoment.narrow(0, part.start(), part.length()),
              part.decays());
        }
      }
    }
  }

  private static final class Update {
    private final Scalar keep;
    private final Scalar towardsGradient;
    private final Scalar beta2;
    private final Scalar towardsSquare;
    private final Scalar rootScale;
    private final Scalar epsilon;
    private final Scalar rate;

    Update(Settings s, double learningRate, long steps) {
      keep = new Scalar(1 - learningRate * s.weightDecay());
      towardsGradient = new Scalar(1 - s.beta1());
      beta2 = new Scalar(s.beta2());
      towardsSquare = new Scalar(1 - s.beta2());
      rootScale = new Scalar(1 / Math.sqrt(1 - Math.pow(s.beta2(), steps)));
      epsilon = new Scalar(s.epsilon());
      rate = new Scalar(-learningRate / (1 - Math.pow(s.beta1(), steps)));
    }

    void apply(Tensor values, Tensor gradient, Tensor first, Tensor second, boolean decays) {
      if (decays) {
        values.mul_(keep);
      }
      first.lerp_(gradient, towardsGradient);
      second.mul_(beta2).addcmul_(gradient, gradient, towardsSquare);
      values.addcdiv_(first, second.sqrt().mul_(rootScale).add_(epsilon), rate);
    }
  }

  /**
   * Adds both moments to a checkpoint: with the number of steps taken all that a resumed run needs.
   *
   * @param prefix of their names
   */
  public void keep(Map<String, TensorData> tensors, String prefix) {
    Vectors.keep(tensors, prefix + FIRST, firstMoment);
    Vectors.keep(tensors, prefix + SECOND, secondMoment);
  }

  public long steps() {
    return steps;
  }

  /**
   * Puts back what {@link #keep} added.
   *
   * @throws org.laurel.model.ModelFormatException if it is not there, or of another size
   */
  public void restore(Map<String, TensorData> tensors, String prefix, long stepsTaken) {
    Vectors.restore(tensors, prefix + FIRST, firstMoment);
    Vectors.restore(tensors, prefix + SECOND, secondMoment);
    steps = stepsTaken;
  }

  @Override
  public void close() {
    firstMoment.releaseReference();
    secondMoment.releaseReference();
  }
}
