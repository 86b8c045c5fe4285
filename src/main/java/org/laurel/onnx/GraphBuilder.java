package org.laurel.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes an ONNX graph one operator at a time. Every operator method returns the name of the value
 * it makes, so a model reads as a chain of expressions.
 */
final class GraphBuilder {
  private static final long IR_VERSION = 9;
  private static final long OPSET = 18;
  private static final String MICROSOFT = "com.microsoft";
  private static final int[] FIRST = {0};

  /** Where a tensor is that is handed over when a session is opened. */
  static final Map<String, String> IN_MEMORY = Map.of("location", "memory");

  private final GraphProto.Builder graph;
  private final Map<String, String> integerConstants = new HashMap<>();
  private final List<OnnxModel.Weight> weights = new ArrayList<>();
  private int values;

  GraphBuilder(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  /** Declares an input of the graph; a negative or named dimension is free at run time. */
  String input(String name, TensorProto.DataType type, Object... dimensions) {
    graph.addInput(value(name, type, dimensions));
    return name;
  }

  /** Declares the value {@code made} as an output, under the name {@code name} from now on. */
  void output(String name, String made, Object... dimensions) {
    graph.addOutput(value(name, TensorProto.DataType.FLOAT, dimensions));
    // renamed in place: an Identity would copy the key-value cache
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        if (node.getInput(i).equals(made)) {
          node.setInput(i, name);
        }
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        if (node.getOutput(i).equals(made)) {
          node.setOutput(i, name);
        }
      }
    }
  }

  /** Adds float weights that belong to the model; they are read when it is written. */
  String weight(String name, Supplier<FloatBuffer> values, long... shape) {
    weights.add(new OnnxModel.Weight(name, shape, values));
    return name;
  }

  /** Declares float weights that are handed over when a session is opened. */
  String placeholder(String name, long... shape) {
    return placeholder(TensorProto.DataType.FLOAT, name, shape);
  }

  /** Likewise, of another type. */
  String placeholder(TensorProto.DataType type, String name, long... shape) {
    graph.addInitializer(external(name, type, shape, IN_MEMORY));
    return name;
  }

  /** A constant vector of 64-bit integers, made once for equal contents. */
  String integers(long... data) {
    return integerConstants.computeIfAbsent(
        Arrays.toString(data), key -> integerConstant(data, data.length));
  }

  /** A constant scalar of 64-bit integers. */
  String integer(long data) {
    return integerConstants.computeIfAbsent(
        "scalar " + data, key -> integerConstant(new long[] {data}));
  }

  private String integerConstant(long[] data, long... shape) {
    TensorProto.Builder tensor = tensor(fresh("integers"), TensorProto.DataType.INT64, shape);
    for (long element : data) {
      tensor.addInt64Data(element);
    }
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  /** A constant float scalar. */
  String scalar(float data) {
    TensorProto.Builder tensor =
        tensor(fresh("scalar"), TensorProto.DataType.FLOAT).addFloatData(data);
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    return nodes(operator, "", FIRST, inputs, attributes)[0];
  }

  /** An operator of ONNX Runtime's own domain; {@code outputs} are the indices of those wanted. */
  String[] microsoft(
      String operator, int[] outputs, List<String> inputs, AttributeProto... attributes) {
    return nodes(operator, MICROSOFT, outputs, inputs, attributes);
  }

  private String[] nodes(
      String operator,
      String domain,
      int[] outputs,
      List<String> inputs,
      AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .setDomain(domain)
            .setName(fresh(operator))
            .addAllInput(inputs)
            .addAllAttribute(List.of(attributes));
    String[] names = new String[outputs.length];
    for (int i = 0; i < outputs.length; i++) {
      while (node.getOutputCount() < outputs[i]) {
        node.addOutput("");
      }
      names[i] = node.getName() + ":" + outputs[i];
      node.addOutput(names[i]);
    }
    graph.addNode(node);
    return names;
  }

  String add(String left, String right) {
    return node("Add", List.of(left, right));
  }

  String subtract(String left, String right) {
    return node("Sub", List.of(left, right));
  }

  String multiply(String left, String right) {
    return node("Mul", List.of(left, right));
  }

  String matmul(String left, String right) {
    return node("MatMul", List.of(left, right));
  }

  /**
   * {@code x [n, in]} times the transpose of {@code weight [out, in]}, the layout of a linear
   * layer.
   */
  String linear(String x, String weight) {
    return node("Gemm", List.of(x, weight), attribute("transB", 1));
  }

  /** The same plus a bias {@code [out]}. */
  String linear(String x, String weight, String bias) {
    return node("Gemm", List.of(x, weight, bias), attribute("transB", 1));
  }

  String gather(String data, String indices, long axis) {
    return node("Gather", List.of(data, indices), attribute("axis", axis));
  }

  /** Zero keeps a dimension of the input, -1 takes what is left. */
  String reshape(String data, long... shape) {
    return node("Reshape", List.of(data, integers(shape)));
  }

  String reshapeTo(String data, String shape) {
    return node("Reshape", List.of(data, shape));
  }

  String transpose(String data, long... permutation) {
    return node("Transpose", List.of(data), attribute("perm", permutation));
  }

  String concat(long axis, String... parts) {
    return node("Concat", List.of(parts), attribute("axis", axis));
  }

  String[] split(String data, long axis, long... sizes) {
    int[] all = IntStream.range(0, sizes.length).toArray();
    return nodes("Split", "", all, List.of(data, integers(sizes)), attribute("axis", axis));
  }

  String unsqueeze(String data, long... axes) {
    return node("Unsqueeze", List.of(data, integers(axes)));
  }

  String cast(String data, TensorProto.DataType type) {
    return node("Cast", List.of(data), attribute("to", type.getNumber()));
  }

  /** The size of one dimension, as a scalar. */
  String size(String data, int axis) {
    return gather(node("Shape", List.of(data)), integer(axis), 0);
  }

  OnnxModel model() {
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("laurel")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
            .setGraph(graph)
            .build();
    return new OnnxModel(model, weights);
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, long[] values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private String fresh(String prefix) {
    return prefix + "_" + values++;
  }

  /**
   * The fields of a tensor whose bytes are not in the graph.
   *
   * @param place where they are, in the words of ONNX's external data
   */
  static TensorProto external(
      String name, TensorProto.DataType type, long[] shape, Map<String, String> place) {
    TensorProto.Builder tensor =
        tensor(name, type, shape).setDataLocation(TensorProto.DataLocation.EXTERNAL);
    place.forEach(
        (key, value) ->
            tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return tensor.build();
  }

  static TensorProto.Builder tensor(String name, TensorProto.DataType type, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long dimension : shape) {
      tensor.addDims(dimension);
    }
    return tensor;
  }

  private static ValueInfoProto value(
      String name, TensorProto.DataType type, Object... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      TensorShapeProto.Dimension.Builder entry = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(
          dimension instanceof String free
              ? entry.setDimParam(free)
              : entry.setDimValue(((Number) dimension).longValue()));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
