package org.laurel.preference;

/** The logistic function and its loss, of which every Bradley-Terry model's likelihood is made. */
public final class Logistic {
  private Logistic() {}

  /** 1 / (1 + exp(-x)): the probability that goes with x in log odds. */
  public static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x)); // exact far out too: 1 / infinity is 0
  }

  /** -log sigmoid(margin), nats, without overflow. */
  public static double loss(double margin) {
    return Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin);
  }

  /**
   * Against a soft label: p loss(margin) + (1 - p) loss(-margin), nats.
   *
   * @param certainty p, probability that the choice is as given
   */
  public static double loss(double margin, double certainty) {
    return loss(margin) + (1 - certainty) * margin;
  }
}
