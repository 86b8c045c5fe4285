package org.laurel.engine.ppo;

/**
 * Advantages of the tokens of completions. Arrays are ragged, [episode][token], and hold completion
 * tokens only: there is no padding to mask.
 */
public final class Advantages {

  private static final double EPSILON = 1e-8;

  private Advantages() {}

  /**
   * Generalised advantage estimation (Schulman et al. 2016, eq. 16), by the recursion A_t = d_t +
   * gamma lambda A_(t+1), d_t = r_t + gamma V_(t+1) - V_t; after the last token the value is 0.
   *
   * @param rewards [token]
   * @param values [token], of the state before each token
   * @return advantages, [token]
   */
  public static double[] gae(double[] rewards, double[] values, double gamma, double lambda) {
    double[] advantages = new double[rewards.length];
    double next = 0;
    double nextValue = 0;
    for (int t = rewards.length - 1; t >= 0; t--) {
      double delta = rewards[t] + gamma * nextValue - values[t];
      next = delta + gamma * lambda * next;
      nextValue = values[t];
      advantages[t] = next;
    }
    return advantages;
  }

  /** What the value network is to predict: advantages + values, [token]. */
  public static double[] returns(double[] advantages, double[] values) {
    double[] returns = new double[advantages.length];
    for (int t = 0; t < returns.length; t++) {
      returns[t] = advantages[t] + values[t];
    }
    return returns;
  }

  /**
   * Scales to variance 1 over all tokens (population variance, as TensorFlow's moments in
   * lm-human-preferences).
   *
   * @param values [episode][token]
   * @param keepMean whether the mean stays as it is rather than become 0
   * @return a new array of the same shape
   */
  public static double[][] whiten(double[][] values, boolean keepMean) {
    double sum = 0;
    long n = 0;
    for (double[] row : values) {
      for (double value : row) {
        sum += value;
        n++;
      }
    }
    double mean = sum / n;
    double squares = 0;
    for (double[] row : values) {
      for (double value : row) {
        squares += (value - mean) * (value - mean);
      }
    }
    double scale = 1 / Math.sqrt(squares / n + EPSILON);
    double[][] whitened = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      whitened[i] = new double[values[i].length];
      for (int t = 0; t < values[i].length; t++) {
        whitened[i][t] = (values[i][t] - mean) * scale + (keepMean ? mean : 0);
      }
    }
    return whitened;
  }
}
