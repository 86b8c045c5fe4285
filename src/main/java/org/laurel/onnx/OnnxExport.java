package org.laurel.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.Head;
import org.laurel.model.ModelDirectory;

/**
 * Writes {@code onnx/model.onnx} beside a model's weights. It holds them, too, up to the 2 GB of
 * the format; more lie in {@code onnx/model.onnx_data} next to it, and {@code config.json} tells
 * transformers.js so.
 */
public final class OnnxExport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS_ENDING = "_data";
  private static final int BUFFER = 1 << 20;

  private OnnxExport() {}

  /**
   * Writes the standard graph of the directory's policy or reward model, one weight after the
   * other. {@code onnx/model.onnx} appears when all else is whole, or not at all.
   */
  public static void write(ModelDirectory directory) throws IOException {
    write(graph(directory), directory.path(), directory.onnx());
  }

  /** Likewise for any model directory, a decoder's or an encoder's reward model. */
  public static void write(Path directory) throws IOException {
    if (EncoderDirectory.isEncoder(directory)) {
      EncoderDirectory encoder = EncoderDirectory.open(directory);
      write(graph(encoder), directory, encoder.onnx());
    } else {
      write(ModelDirectory.open(directory));
    }
  }

  /** The graph of a reward model on an encoder. */
  public static OnnxModel graph(EncoderDirectory directory) {
    Map<String, FloatBuffer> weights = new LinkedHashMap<>();
    directory.weights().tensors().forEach((name, tensor) -> weights.put(name, tensor.floats()));
    return BertGraph.reward(directory.config(), weights);
  }

  private static OnnxModel graph(ModelDirectory directory) {
    Map<String, FloatBuffer> weights = weights(directory);
    return directory.head() == Head.REWARD
        ? DecoderGraph.reward(directory.config(), weights)
        : DecoderGraph.policy(directory.config(), weights);
  }

  private static void write(OnnxModel model, Path directory, Path target) throws IOException {
    if (model.fitsOneFile()) {
      publish(target, model::write);
    } else {
      writeBeside(model, directory, target);
    }
  }

  static void writeBeside(OnnxModel model, Path directory, Path target) throws IOException {
    String weights = target.getFileName() + WEIGHTS_ENDING;
    publish(target.resolveSibling(weights), model::writeWeights);
    Path config = directory.resolve("config.json");
    ObjectNode said = JSON.readValue(config.toFile(), ObjectNode.class);
    said.withObject("transformers.js_config")
        .withObject("use_external_data_format")
        .put(target.getFileName().toString(), true);
    publish(config, out -> JSON.writerWithDefaultPrettyPrinter().writeValue(out, said));
    publish(target, out -> model.beside(weights).writeTo(out));
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void publish(Path target, Content content) throws IOException {
    Path folder = Objects.requireNonNull(target.getParent());
    Files.createDirectories(folder);
    Path unfinished = Files.createTempFile(folder, "model", ".partial");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER)) {
        content.writeTo(out);
      }
      Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Every weight of the directory as floats, by the names of the graphs. */
  public static Map<String, FloatBuffer> weights(ModelDirectory directory) {
    return directory.decoderWeights().all();
  }
}
