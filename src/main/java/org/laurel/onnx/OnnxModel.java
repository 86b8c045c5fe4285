package org.laurel.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
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
import java.util.LinkedHashMap;
import java.util.List;
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
  public record Weight(String name, long[] shape, Supplier<FloatBuffer> values) {
    long bytes() {
      return Float.BYTES * DecoderShapes.size(shape);
    }

    /**
     * The numbers as they are stored.
     *
     * @throws IllegalArgumentException if they are not as many as the shape says
     */
    private FloatBuffer read() {
      FloatBuffer found = values.get().duplicate();
      if (Float.BYTES * (long) found.remaining() != bytes()) {
        throw new IllegalArgumentException(
            "Weight %s holds %d numbers, expected %d"
                .formatted(name, found.remaining(), bytes() / Float.BYTES));
      }
      return found;
    }

    /**
     * A copy outside of the heap, in this machine's byte order.
     *
     * @throws IllegalArgumentException if the numbers are not as many as the shape says
     */
    public FloatBuffer direct() {
      FloatBuffer copy =
          ByteBuffer.allocateDirect(Math.toIntExact(bytes()))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      return copy.put(read()).flip();
    }

    private void writeTo(Sink sink) throws IOException {
      FloatBuffer rest = read();
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      FloatBuffer floats = chunk.asFloatBuffer();
      while (rest.hasRemaining()) {
        int count = Math.min(rest.remaining(), floats.capacity());
        floats.put(0, rest, rest.position(), count);
        rest.position(rest.position() + count);
        sink.accept(chunk.slice(0, count * Float.BYTES));
      }
    }

    /** The fields of a tensor that has the bytes with it. */
    private TensorProto inside() {
      return GraphBuilder.tensor(name, TensorProto.DataType.FLOAT, shape).build();
    }

    /** The fields of a tensor whose bytes are elsewhere. */
    private TensorProto outside(Map<String, String> place) {
      return GraphBuilder.external(name, TensorProto.DataType.FLOAT, shape, place);
    }

    /** Bytes of the whole tensor with the numbers inside. */
    private int length() {
      int numbers = Math.toIntExact(bytes());
      return inside().getSerializedSize()
          + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
          + CodedOutputStream.computeUInt32SizeNoTag(numbers)
          + numbers;
    }
  }

  private interface Sink {
    void accept(ByteBuffer chunk) throws IOException;
  }

  private final ModelProto graph;
  private final List<Weight> weights;

  OnnxModel(ModelProto graph, List<Weight> weights) {
    this.graph = graph;
    this.weights = List.copyOf(weights);
  }

  /** In the order in which they are written. */
  public List<Weight> weights() {
    return weights;
  }

  /** The graph without its weights, which are to be handed over when a session is opened. */
  public ModelProto withoutWeights() {
    ModelProto.Builder open = graph.toBuilder();
    for (Weight weight : weights) {
      open.getGraphBuilder().addInitializer(weight.outside(GraphBuilder.IN_MEMORY));
    }
    return open.build();
  }

  /** Whether graph and weights fit into one file. */
  boolean fitsOneFile() {
    return bytes() <= MOST_IN_ONE_FILE;
  }

  private long bytes() {
    return weights.stream().mapToLong(Weight::bytes).sum() + graph.getSerializedSize();
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
    for (Weight weight : weights) {
      int length = weight.length();
      size += CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER);
      size += CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }
    start(coded, ModelProto.GRAPH_FIELD_NUMBER, Math.toIntExact(size));
    nodes.writeTo(coded);
    for (Weight weight : weights) {
      start(coded, GraphProto.INITIALIZER_FIELD_NUMBER, weight.length());
      weight.inside().writeTo(coded);
      start(coded, TensorProto.RAW_DATA_FIELD_NUMBER, Math.toIntExact(weight.bytes()));
      weight.writeTo(coded::writeRawBytes);
    }
    coded.flush();
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
    for (Weight weight : weights) {
      Map<String, String> place = new LinkedHashMap<>();
      place.put("location", weightsFile);
      place.put("offset", Long.toString(offset));
      place.put("length", Long.toString(weight.bytes()));
      model.getGraphBuilder().addInitializer(weight.outside(place));
      offset = nextPage(offset + weight.bytes());
    }
    return model.build();
  }

  /** The weights where {@link #beside} says. */
  void writeWeights(OutputStream out) throws IOException {
    long offset = 0;
    for (Weight weight : weights) {
      weight.writeTo(chunk -> out.write(chunk.array(), 0, chunk.limit()));
      long end = offset + weight.bytes();
      offset = nextPage(end);
      out.write(new byte[(int) (offset - end)]);
    }
  }

  private static long nextPage(long offset) {
    return (offset + PAGE - 1) / PAGE * PAGE;
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
