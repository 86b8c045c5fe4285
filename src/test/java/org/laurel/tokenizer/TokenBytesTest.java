package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a token stands for, where a character takes several. */
class TokenBytesTest {
  @TempDir Path folder;

  @Test
  void aByteLevelTokenIsItsBytes() throws IOException {
    BpeTrainer.train(Stream.of("a test"), List.of("<|end|>"), 257)
        .write(folder, "{{ messages[0].content }}", "<|end|>", "<|end|>", 64);
    Tokenizer tokenizer = Tokenizer.read(folder.resolve("tokenizer.json"));

    String text = "caf\u00e9 \ud83d\ude00\u0120";
    int[] tokens = tokenizer.encode(text);

    assertThat(tokens.length).isGreaterThan(text.length());
    assertThat(bytes(tokenizer, tokens)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    assertThat(tokenizer.bytes(tokens[3])).containsExactly(0xC3);
    assertThat(tokenizer.bytes(tokenizer.id("<|end|>").orElseThrow())).isEmpty();
    assertThat(tokenizer.bytes(9999)).isEmpty();
  }

  @Test
  void aTokenThatFallsBackToAByteIsThatByte() throws IOException {
    SentencePieceFile.write(folder.resolve("tokenizer.json"));
    Tokenizer tokenizer = Tokenizer.read(folder.resolve("tokenizer.json"));

    int[] tokens = tokenizer.encode("hi \u00e9hi");

    assertThat(tokenizer.bytes(tokenizer.id("<0xC3>").orElseThrow())).containsExactly(0xC3);
    assertThat(bytes(tokenizer, tokens)).isEqualTo(" hi \u00e9hi".getBytes(StandardCharsets.UTF_8));
    assertThat(tokenizer.bytes(tokenizer.id("<s>").orElseThrow())).isEmpty();
  }

  @Test
  void aPieceOfAUnigramVocabularyIsItsText() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        """
        {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
         "added_tokens": [{"id": 0, "content": "<unk>", "special": true, "single_word": false,
           "lstrip": false, "rstrip": false, "normalized": false}],
         "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581",
           "prepend_scheme": "always", "split": true},
         "post_processor": null,
         "decoder": {"type": "Metaspace", "replacement": "\u2581",
           "prepend_scheme": "always", "split": true},
         "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
           "vocab": [["<unk>", 0.0], ["\u2581hi", -1.0], ["\u2581", -2.0], ["h", -3.0], ["i", -3.5]]}}
        """);
    Tokenizer tokenizer = Tokenizer.read(file);

    int[] tokens = tokenizer.encode("hi hi ih");

    assertThat(tokens).containsExactly(1, 1, 2, 4, 3);
    assertThat(bytes(tokenizer, tokens)).isEqualTo(" hi hi ih".getBytes(StandardCharsets.UTF_8));
    assertThat(tokenizer.bytes(0)).isEmpty();
    assertThat(tokenizer.size()).isEqualTo(5);
  }

  private static byte[] bytes(Tokenizer tokenizer, int[] tokens) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int token : tokens) {
      all.writeBytes(tokenizer.bytes(token));
    }
    return all.toByteArray();
  }
}
