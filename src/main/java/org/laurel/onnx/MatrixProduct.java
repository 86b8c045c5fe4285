package org.laurel.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.FloatBuffer;

/** One large matrix product, to find out what this machine multiplies at most. */
public final class MatrixProduct {
  private MatrixProduct() {}

  /** {@code input [size,size]} times a constant gives {@code output [size,size]}. */
  public static OnnxModel of(int size) {
    GraphBuilder graph = new GraphBuilder("product");
    String input = graph.input("input", DataType.FLOAT, size, size);
    FloatBuffer ones = FloatBuffer.allocate(size * size);
    while (ones.hasRemaining()) {
      ones.put(1);
    }
    ones.flip();
    String weight = graph.weight("weight", () -> ones, size, size);
    graph.output("output", graph.linear(input, weight), size, size);
    return graph.model();
  }
}
