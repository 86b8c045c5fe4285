package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The begin token is there once, whoever wants it: the template, the tokenizer, both. */
class BeginningTest {
  private static final int BEGIN = 1;

  @TempDir Path folder;

  @BeforeEach
  void aTokenizerThatBeginsTexts() throws IOException {
    SentencePieceFile.write(folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"add_bos_token\": true}");
  }

  private int[] prompt(String template) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), template);
    return PromptEncoder.read(folder, 2).prompt("hi");
  }

  @Test
  void aTemplateThatBeginsTheTextAloneDoesSo() throws IOException {
    assertThat(prompt("{{ bos_token }}[{{ messages[0].content }}]"))
        .startsWith(BEGIN)
        .containsOnlyOnce(BEGIN);
  }

  @Test
  void aTemplateThatDoesNotIsTakenAtItsWordAsTransformersDoes() throws IOException {
    assertThat(prompt("[{{ messages[0].content }}]")).doesNotContain(BEGIN);
  }

  @Test
  void whatAPersonTypesIsNoBeginning() throws IOException {
    Files.writeString(
        folder.resolve("chat_template.jinja"), "{{ bos_token }}{{ messages[0].content }}");
    assertThat(PromptEncoder.read(folder, 2).prompt("<s>hi")).containsOnlyOnce(BEGIN);
  }

  @Test
  void aTextThatStandsForItselfIsBegunOnce() throws IOException {
    Tokenizer tokenizer = Tokenizer.read(folder.resolve("tokenizer.json"));
    assertThat(tokenizer.beginning()).containsExactly("<s>");
    int[] plain = tokenizer.encode("hi hi");
    assertThat(tokenizer.encodeWhole("hi hi"))
        .startsWith(BEGIN)
        .endsWith(plain)
        .hasSize(plain.length + 1);
    assertThat(tokenizer.encodeWhole("<s>hi hi")).startsWith(BEGIN).containsOnlyOnce(BEGIN);
  }

  @Test
  void aTokenizerThatBeginsNothingLeavesTextsAlone() throws IOException {
    BpeTrainer.train(Stream.of("hi"), List.of("<s>"), 257)
        .write(folder, "{{ messages[0].content }}", "<s>", "<s>", 64);
    Tokenizer tokenizer = Tokenizer.read(folder.resolve("tokenizer.json"));
    assertThat(tokenizer.beginning()).isEmpty();
    assertThat(tokenizer.encodeWhole("hi")).isEqualTo(tokenizer.encode("hi"));
  }
}
