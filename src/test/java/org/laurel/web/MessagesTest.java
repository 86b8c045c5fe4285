package org.laurel.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words of the pages, in every language. */
class MessagesTest {
  private static final Path FOLDER = Path.of("ui/messages");

  @Test
  void everyLanguageHasTheSameWords() throws IOException {
    List<Path> english = files("_en.properties");
    assertThat(english).hasSizeGreaterThan(3);
    for (Path file : english) {
      Path french = FOLDER.resolve(file.getFileName().toString().replace("_en.", "_fr."));
      assertThat(words(french).keySet()).as(french.toString()).isEqualTo(words(file).keySet());
    }
  }

  /** The files are read as they are: an escape would be shown as it is written. */
  @Test
  void nothingIsEscaped() throws IOException {
    for (Path file : files(".properties")) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain("\\");
    }
  }

  private static List<Path> files(String end) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  private static Map<String, String> words(Path file) throws IOException {
    Map<String, String> words = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      if (line.contains("=")) {
        words.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      }
    }
    return words;
  }
}
