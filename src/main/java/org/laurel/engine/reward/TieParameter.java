package org.laurel.engine.reward;

import org.bytedeco.pytorch.Tensor;
import org.laurel.engine.nn.Device;

/** The one parameter of a tie model, with Adam's moments; learns only where ties are seen. */
final class TieParameter {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  /** softplus of this is 0 to any float's precision: no ties. */
  private static final double NEVER = -40;

  private final boolean learns;
  private double kappa;
  private double first;
  private double second;
  private long steps;

  TieParameter(TieModel model, double tieRate) {
    learns = model.learns() && tieRate > 0;
    kappa = learns ? model.kappaFor(tieRate) : NEVER;
  }

  /** A leaf that gathers the gradient of one update. */
  Tensor leaf() {
    return Device.tensor(new float[] {(float) kappa}).squeeze().requires_grad_(learns);
  }

  /** Adam's step. */
  void update(double gradient, double rate) {
    if (learns) {
      steps++;
      first = BETA1 * first + (1 - BETA1) * gradient;
      second = BETA2 * second + (1 - BETA2) * gradient * gradient;
      double mean = first / (1 - Math.pow(BETA1, steps));
      double deviation = Math.sqrt(second / (1 - Math.pow(BETA2, steps)));
      kappa -= rate * mean / (deviation + EPSILON);
    }
  }

  boolean learns() {
    return learns;
  }

  /** Everything, to be put back by {@link #restore}. */
  double[] state() {
    return new double[] {kappa, first, second, steps};
  }

  void restore(double[] state) {
    kappa = state[0];
    first = state[1];
    second = state[2];
    steps = (long) state[3];
  }
}
