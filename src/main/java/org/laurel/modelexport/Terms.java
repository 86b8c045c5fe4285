package org.laurel.modelexport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a model may be used, as the base that it was trained from says: its card's {@code
 * license}, and the files that have to be passed on with it.
 *
 * @param license an identifier of the hub, such as {@code apache-2.0}; null where nobody said
 * @param base name of the version that says so
 */
record Terms(@Nullable String license, @Nullable String base, Map<String, byte[]> files) {
  /** Nothing is known. */
  static final Terms UNKNOWN = new Terms(null, null, Map.of());

  /** Of the encoder that reward models are fine-tuned from; its notice lies in their folders. */
  static final Terms MINILM =
      new Terms("apache-2.0", "sentence-transformers/all-MiniLM-L6-v2", Map.of());

  private static final int LARGEST = 1 << 20;
  private static final List<String> PASSED_ON =
      List.of("LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE");
  private static final Pattern FRONT_MATTER =
      Pattern.compile("\\A---\\s*\\R(.*?)\\R---\\s*$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LICENSE =
      Pattern.compile(
          "^license:\\s*[\"']?([A-Za-z0-9][A-Za-z0-9._+-]{0,59})[\"']?\\s*$", Pattern.MULTILINE);

  /**
   * What a model's folder says of itself.
   *
   * @param name the version's
   */
  static Terms in(Path folder, String name) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String file : PASSED_ON) {
      if (isSmall(folder.resolve(file))) {
        files.put(file, Files.readAllBytes(folder.resolve(file)));
      }
    }
    Path card = folder.resolve("README.md");
    String license =
        isSmall(card)
            ? license(new String(Files.readAllBytes(card), StandardCharsets.UTF_8))
            : null;
    return license == null && files.isEmpty() ? UNKNOWN : new Terms(license, name, files);
  }

  boolean isKnown() {
    return !equals(UNKNOWN);
  }

  private static @Nullable String license(String card) {
    Matcher head = FRONT_MATTER.matcher(card);
    Matcher license = LICENSE.matcher(head.find() ? String.valueOf(head.group(1)) : "");
    return license.find() ? license.group(1) : null;
  }

  private static boolean isSmall(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) <= LARGEST;
  }
}
