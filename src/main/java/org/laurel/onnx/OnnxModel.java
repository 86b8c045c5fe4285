package org.laurel.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.laurel.model.DecoderShapes;

/**
 * A graph and the weights it computes with, which are read one at a time and only when they are
 * written or handed over: as a whole they would fill Java's heap.
 */
public final class OnnxModel {
  /** What one file may hold: protocol buffers end at 2 GB, and readers want some room. */
  static final long MOST_IN_ONE_FILE = Integer.MAX_VALUE - (64L << 20);

  /** Weights of their own file begin where a page of memory does. */
  private static final long PAGE = 4096;

  private static final int CHUNK = 1 << 16;

  /**
   * A weight in float32.
   *
   * @param values row-major, as many as the shape says
   */
  public record Weight(long[] shape, Supplier<FloatBuffer> values) {
    long bytes() {
      return Float.BYTES * DecoderShapes.size(shape);
    }

    /** A copy outside of the heap, in this machine's byte order. */
    public FloatBuffer direct() {
      FloatBuffer copy =
          ByteBuffer.allocateDirect(Math.toIntExact(bytes()))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      return copy.put(values.get().duplicate()).flip();
    }
  }

  private final ModelProto graph;
  private final Map<String, Weight> weights;

  OnnxModel(ModelProto graph, Map<String, Weight> weights) {
    this.graph = graph;
    this.weights = new LinkedHashMap<>(weights);
  }

  /** By name, in the order in which they are written. */
  public Map<String, Weight> weights() {
    return Collections.unmodifiableMap(weights);
  }

  /** The graph without its weights, which are to be handed over when a session is opened. */
  public ModelProto withoutWeights() {
    ModelProto.Builder open = graph.toBuilder();
    weights.forEach(
        (name, weight) ->
            open.getGraphBuilder()
                .addInitializer(external(name, weight, Map.of("location", "memory"))));
    return open.build();
  }

  /** Whether graph and weights fit into one file. */
  boolean fitsOneFile() {
    return bytes() <= MOST_IN_ONE_FILE;
  }

  private long bytes() {
    return weights.values().stream().mapToLong(Weight::bytes).sum() + graph.getSerializedSize();
  }

  /**
   * The model with its weights inside.
   *
   * @throws IllegalStateException if that is more than the format holds
   */
  void write(OutputStream out) throws IOException {
    if (!fitsOneFile()) {
      throw new IllegalStateException("the model is too large for one file");
    }
    CodedOutputStream coded = CodedOutputStream.newInstance(out, CHUNK);
    graph.toBuilder().clearGraph().build().writeTo(coded);
    GraphProto nodes = graph.getGraph();
    long size = nodes.getSerializedSize();
    for (Map.Entry<String, Weight> entry : weights.entrySet()) {
      int length = length(entry.getKey(), entry.getValue());
      size += CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER);
      size += CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }
    start(coded, ModelProto.GRAPH_FIELD_NUMBER, Math.toIntExact(size));
    nodes.writeTo(coded);
    for (Map.Entry<String, Weight> entry : weights.entrySet()) {
      Weight weight = entry.getValue();
      start(coded, GraphProto.INITIALIZER_FIELD_NUMBER, length(entry.getKey(), weight));
      tensor(entry.getKey(), weight).writeTo(coded);
      start(coded, TensorProto.RAW_DATA_FIELD_NUMBER, (int) weight.bytes());
      each(entry.getKey(), weight, coded::writeRawBytes);
    }
    coded.flush();
  }

  /** Of an initializer: the tensor's own fields and its bytes. */
  private static int length(String name, Weight weight) {
    int bytes = Math.toIntExact(weight.bytes());
    return tensor(name, weight).getSerializedSize()
        + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(bytes)
        + bytes;
  }

  private static void start(CodedOutputStream out, int field, int length) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(length);
  }

  /**
   * The graph for a file beside its weights.
   *
   * @param weightsFile its name
   */
  ModelProto beside(String weightsFile) {
    ModelProto.Builder model = graph.toBuilder();
    long offset = 0;
    for (Map.Entry<String, Weight> entry : weights.entrySet()) {
      Weight weight = entry.getValue();
      Map<String, String> place = new LinkedHashMap<>();
      place.put("location", weightsFile);
      place.put("offset", Long.toString(offset));
      place.put("length", Long.toString(weight.bytes()));
      model.getGraphBuilder().addInitializer(external(entry.getKey(), weight, place));
      offset = nextPage(offset + weight.bytes());
    }
    return model.build();
  }

  /** The weights where {@link #beside} says. */
  void writeWeights(OutputStream out) throws IOException {
    long offset = 0;
    for (Map.Entry<String, Weight> entry : weights.entrySet()) {
      each(entry.getKey(), entry.getValue(), chunk -> out.write(chunk.array(), 0, chunk.limit()));
      long end = offset + entry.getValue().bytes();
      offset = nextPage(end);
      out.write(new byte[(int) (offset - end)]);
    }
  }

  private static long nextPage(long offset) {
    return (offset + PAGE - 1) / PAGE * PAGE;
  }

  private interface Sink {
    void accept(ByteBuffer chunk) throws IOException;
  }

  private static void each(String name, Weight weight, Sink sink) throws IOException {
    FloatBuffer values = weight.values().get().duplicate();
    if (Float.BYTES * (long) values.remaining() != weight.bytes()) {
      throw new IllegalArgumentException(
          "Weight %s holds %d numbers, expected %d"
              .formatted(name, values.remaining(), weight.bytes() / Float.BYTES));
    }
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = chunk.asFloatBuffer();
    while (values.hasRemaining()) {
      int count = Math.min(values.remaining(), floats.capacity());
      floats.put(0, values, values.position(), count);
      values.position(values.position() + count);
      sink.accept(chunk.slice(0, count * Float.BYTES));
    }
  }

  private static TensorProto tensor(String name, Weight weight) {
    return GraphBuilder.tensor(name, TensorProto.DataType.FLOAT, weight.shape()).build();
  }

  private static TensorProto external(String name, Weight weight, Map<String, String> place) {
    TensorProto.Builder tensor =
        GraphBuilder.tensor(name, TensorProto.DataType.FLOAT, weight.shape())
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    place.forEach(
        (key, value) ->
            tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return tensor.build();
  }

  /** The model with its weights inside, for one that is small. */
  public byte[] toByteArray() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(bytes()));
    try {
      write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no memory does that
    }
    return out.toByteArray();
  }
}
