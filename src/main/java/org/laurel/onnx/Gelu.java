package org.laurel.onnx;

import java.util.List;
import org.laurel.model.Activation;

/** The Gaussian error linear unit [arXiv 1606.08415] in operators of every ONNX runtime. */
final class Gelu {
  private Gelu() {}

  /** x P(X <= x) for a normal X, or GPT-2's approximation of it. */
  static String of(GraphBuilder graph, String x, Activation activation) {
    String share =
        activation == Activation.GELU
            ? graph.node("Erf", List.of(scaled(graph, x)))
            : graph.node("Tanh", List.of(bent(graph, x)));
    String onePlus = graph.add(share, graph.scalar(1));
    return graph.multiply(graph.multiply(x, onePlus), graph.scalar(0.5f));
  }

  // divided, not multiplied: the operators that ONNX Runtime recognises and fuses into one kernel
  private static String scaled(GraphBuilder graph, String x) {
    return graph.node("Div", List.of(x, graph.scalar((float) Math.sqrt(2))));
  }

  /** sqrt(2/pi) (x + 0.044715 x^3). */
  private static String bent(GraphBuilder graph, String x) {
    String cube = graph.node("Pow", List.of(x, graph.scalar(3)));
    String sum = graph.add(x, graph.multiply(cube, graph.scalar(0.044715f)));
    return graph.multiply(sum, graph.scalar((float) Math.sqrt(2 / Math.PI)));
  }
}
