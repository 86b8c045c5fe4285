package org.laurel.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Writes safetensors files durably: to a neighbour first, synced, then renamed into place. */
public final class SafetensorsWriter {
  private static final int AT_ONCE = 1 << 20;

  private SafetensorsWriter() {}

  /**
   * @param tensors in the order they are to be stored
   * @param metadata free-form strings; Hugging Face expects {@code format: pt}, which is added
   */
  public static void write(Path file, Map<String, TensorData> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, length.putLong(header.length).flip());
      writeFully(channel, ByteBuffer.wrap(header));
      for (TensorData tensor : tensors.values()) {
        writeFully(channel, tensor.bytes());
      }
      channel.force(true);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The JSON header, padded with spaces so that the data begins on an 8-byte boundary. */
  private static byte[] header(Map<String, TensorData> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    ObjectNode strings = root.putObject("__metadata__").put("format", "pt");
    metadata.forEach(strings::put);
    long offset = 0;
    for (Map.Entry<String, TensorData> entry : tensors.entrySet()) {
      TensorData tensor = entry.getValue();
      ObjectNode node = root.putObject(entry.getKey()).put("dtype", tensor.type().name());
      var shape = node.putArray("shape");
      for (long dimension : tensor.shape()) {
        shape.add(dimension);
      }
      long end = offset + tensor.bytes().remaining();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String text = json.writeValueAsString(root);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return (text + " ".repeat(Math.floorMod(-bytes, 8))).getBytes(StandardCharsets.UTF_8);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      // a channel copies what lies in the heap, and keeps the room for it
      int written =
          channel.write(bytes.slice(bytes.position(), Math.min(AT_ONCE, bytes.remaining())));
      bytes.position(bytes.position() + written);
    }
  }
}
