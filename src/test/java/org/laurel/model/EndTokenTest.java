package org.laurel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that list several end tokens, as Llama 3's and Qwen's do. */
class EndTokenTest {
  private static final String ADDED =
      """
      {"version": "1.0", "padding": {"length": [1, 2]}, "added_tokens": [
        {"id": 5, "content": "<|text|>"}, {"id": 6, "content": "<|message|>"},
        {"id": 7, "content": "<|turn|>"}], "model": {"vocab": {}}}
      """;
  private static final String DECODER =
      """
      {"eos_token": {"content": "%s"}, "chat_template": "%s", "added_tokens_decoder":
        {"5": {"content": "<|text|>"}, "6": {"content": "<|message|>"}, "7": {"content": "<|turn|>"}}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void aModel() throws IOException {
    ModelDirectory.writePolicy(
        folder,
        ModelDirectoryTest.SMALL,
        Map.of("score.weight", TensorData.of(FloatBuffer.allocate(32), 1, 32)),
        folder);
    Files.delete(folder.resolve("generation_config.json"));
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  private int end(String listed) throws IOException {
    Path file = folder.resolve("config.json");
    String config = Files.readString(file);
    write("config.json", config.replaceAll("\"eos_token_id\" : 1", "\"eos_token_id\": " + listed));
    return ModelDirectory.open(folder).config().eosTokenId();
  }

  @Test
  void theTokenizersOwnIsMeantWhereTheTemplateSpellsNone() throws IOException {
    write("tokenizer_config.json", DECODER.formatted("<|message|>", "{{ eos_token }}"));
    assertThat(end("[5, 6, 7]")).isEqualTo(6);
  }

  @Test
  void theTemplatesIsMeantWhereTheTokenizerNamesTheEndOfTexts() throws IOException {
    write("tokenizer_config.json", DECODER.formatted("<|text|>", "{{ m }}<|turn|>"));
    write("generation_config.json", "{\"eos_token_id\": [5, 7]}");
    assertThat(end("5")).isEqualTo(7);
  }

  @Test
  void ofSeveralThatTheTemplateSpellsTheTokenizersOwnIsMeant() throws IOException {
    write("tokenizer_config.json", DECODER.formatted("<|turn|>", "{{ m }}<|message|><|turn|>"));
    assertThat(end("[5, 6, 7]")).isEqualTo(7);
  }

  @Test
  void newerDirectoriesNameTheirTokensInTheTokenizerAlone() throws IOException {
    write("tokenizer_config.json", "{\"eos_token\": \"<|turn|>\"}");
    write("chat_template.jinja", "{{ m }}<|turn|>");
    write("tokenizer.json", ADDED);
    assertThat(end("[5, 6, 7]")).isEqualTo(7);
  }

  @Test
  void oneEndTokenIsTakenWhateverTheTemplateSpells() throws IOException {
    write("tokenizer_config.json", DECODER.formatted("<|turn|>", "{{ m }}<|turn|>"));
    write("generation_config.json", "{\"eos_token_id\": [5, 300, -1]}");
    assertThat(end("5")).isEqualTo(5);
  }

  @Test
  void theGenerationsIsMeantWhereTheModelNamesNone() throws IOException {
    write("generation_config.json", "{\"eos_token_id\": [7, 5]}");
    assertThat(end("null")).isEqualTo(7);
    write("config.json", Files.readString(folder.resolve("config.json")).replace("eos_", "no_"));
    assertThat(ModelDirectory.open(folder).config().eosTokenId()).isEqualTo(7);
    write("generation_config.json", "{}");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("eos_token_id");
  }

  @Test
  void whatIsNoJsonIsNamed() throws IOException {
    write("generation_config.json", "{\"eos_token_id\": [5, 7]");
    assertThatThrownBy(() -> end("5"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("generation_config.json");
  }

  @Test
  void aTrainedPolicyEndsAsItsParentDid() throws IOException {
    write("tokenizer_config.json", DECODER.formatted("<|turn|>", ""));
    write("chat_template.json", "{\"chat_template\": \"{{ m }}<|turn|>\"}");
    end("[5, 7]");
    ModelDirectory parent = ModelDirectory.open(folder);
    Path child = folder.resolve("child");
    ModelDirectory.writePolicy(
        child,
        parent.config(),
        Map.of("score.weight", TensorData.of(FloatBuffer.allocate(32), 1, 32)),
        folder);
    assertThat(ModelDirectory.open(child).config().eosTokenId()).isEqualTo(7);
    assertThat(child.resolve("chat_template.json")).exists();
  }
}
