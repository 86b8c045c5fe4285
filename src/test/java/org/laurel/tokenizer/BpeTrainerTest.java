package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
  private static final List<String> SPECIAL = List.of("<|pad|>", "<|end|>", "<|user|>");
  private static final String TEXT =
      "How do I cook rice? Rinse the rice, then cook the rice in water. L'été, à la plage 12 34!\n"
          + "  Indented  line\n\n\nLe riz est cuit. It's done, isn't it? 你好 👍🏽 na\u00EFve";

  @TempDir Path directory;

  private Tokenizer tokenizer(int size, String... texts) throws IOException {
    BpeTrainer.train(Stream.of(texts), SPECIAL, size)
        .write(directory, "{{ messages[0].content }}", "<|end|>", "<|pad|>", 256);
    return Tokenizer.read(directory.resolve("tokenizer.json"));
  }

  @Test
  void everyTextComesBackAsItWas() throws IOException {
    Tokenizer tokenizer = tokenizer(400, TEXT);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      random.ints(20, 1, 0x2FFF).forEach(text::appendCodePoint);
      assertThat(tokenizer.decode(tokenizer.encode(text.toString()))).isEqualTo(text.toString());
    }
    assertThat(tokenizer.decode(tokenizer.encode(TEXT))).isEqualTo(TEXT);
  }

  @Test
  void learnsTheMostFrequentPairsFirst() {
    BpeVocabulary vocabulary =
        BpeTrainer.train(Stream.of("abab\nabab\nabab ab cd"), List.of(), 258);
    // "ab" occurs 7 times; then "abab" 3 times, " ab" once.
    assertThat(vocabulary.merges()).containsExactly("a b", "ab ab");
  }

  @Test
  void trainedTextTakesFewerTokensThanBytes() throws IOException {
    Tokenizer tokenizer = tokenizer(400, TEXT, TEXT);
    assertThat(tokenizer.size()).isBetween(300, 400);
    assertThat(tokenizer.encode(" rice")).hasSize(1);
    assertThat(tokenizer.encode("the rice").length).isLessThan(4);
  }

  @Test
  void specialTokensHaveTheFirstIdsAndAreNotSplit() throws IOException {
    Tokenizer tokenizer = tokenizer(300, TEXT);
    assertThat(tokenizer.encode("<|user|>a<|end|>")).hasSize(3).startsWith(2).endsWith(1);
    assertThat(tokenizer.id("<|pad|>")).isEqualTo(OptionalInt.of(0));
    assertThat(tokenizer.id("<|nobody|>")).isEmpty();
    assertThat(tokenizer.decode(2, 1)).isEmpty();
    assertThat(tokenizer.decode(new int[] {2, 1}, false)).isEqualTo("<|user|><|end|>");
  }

  @Test
  void theSameTextGivesTheSameFiles() throws IOException {
    tokenizer(350, TEXT);
    String first = Files.readString(directory.resolve("tokenizer.json"));
    tokenizer(350, TEXT);
    assertThat(Files.readString(directory.resolve("tokenizer.json"))).isEqualTo(first);
  }

  @Test
  void textThatSpellsASpecialTokenDoesNotMergeIntoIt() throws IOException {
    Tokenizer tokenizer = tokenizer(400, "<| <| <|".repeat(3));
    assertThat(tokenizer.id("<|pad|>")).hasValue(0);
    List<String> tokens = BpeTrainer.train(Stream.of("xy xy xy"), List.of("xy"), 300).tokens();
    assertThat(tokens).doesNotHaveDuplicates();
  }

  @Test
  void longTextIsNotTruncated() throws IOException {
    Tokenizer tokenizer = tokenizer(259, TEXT);
    assertThat(tokenizer.encode("a".repeat(5000))).hasSize(5000);
    List<int[]> batch = tokenizer.encode(List.of("a", "a".repeat(3000)));
    assertThat(batch.get(0)).hasSize(1);
    assertThat(batch.get(1)).hasSize(3000);
  }

  @Test
  void aFileThatIsNoTokenizerIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": {}}");
    assertThatThrownBy(() -> Tokenizer.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tokenizer.json");
  }
}
