package org.laurel.starter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;

/** The starter policy as it comes with Laurel, inside the application's jar. */
public final class ShippedPolicy {

  private static final String RESOURCES = "starter-policy/";
  private static final String README = "README.md";
  private static final List<String> FILES =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "model.safetensors",
          README);

  private ShippedPolicy() {}

  /** Whether this build has one. */
  public static boolean present() {
    return ShippedPolicy.class.getClassLoader().getResource(RESOURCES + "model.safetensors")
        != null;
  }

  /**
   * Writes it into a folder, with its graph, which is kept out of the jar: it is the same weights
   * again.
   *
   * @throws IOException if this build has none, or the folder cannot be written
   */
  public static ModelDirectory unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : FILES) {
      try (InputStream in = resource(name)) {
        if (in == null) {
          throw new IOException("this build has no starter policy: " + name + " is missing");
        }
        Files.copy(in, folder.resolve(name));
      }
    }
    ModelDirectory policy = ModelDirectory.open(folder);
    OnnxExport.write(policy);
    return policy;
  }

  /**
   * Whether a folder holds this policy: the same weights, tokenizer and settings. The graph is made
   * of them, and README.md is about them.
   *
   * @throws IOException if the folder cannot be read
   */
  public static boolean isIn(Path folder) throws IOException {
    for (String name : FILES) {
      if (!name.equals(README) && !isSame(name, folder.resolve(name))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(String name, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream shipped = resource(name);
        InputStream found = Files.newInputStream(file)) {
      return shipped != null && IOUtils.contentEquals(shipped, found);
    }
  }

  private static @Nullable InputStream resource(String name) {
    return ShippedPolicy.class.getClassLoader().getResourceAsStream(RESOURCES + name);
  }
}
