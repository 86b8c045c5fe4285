package org.laurel.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.tokenizer.BpeTrainer;
import org.laurel.tokenizer.SentencePieceFile;
import org.laurel.tokenizer.Tokenizer;

class TextStreamTest {
  @TempDir Path folder;

  @Test
  void aCharacterOfSeveralTokensComesWhole() {
    assertThat(pieces("é€😀!", List.of()))
        .containsExactly("", "é", "", "", "€", "", "", "", "😀", "!", "");
  }

  @Test
  void whatIsNoCharacterIsNotHeldForEver() {
    TextStream stream = stream(List.of());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      text.append(stream.add(0x80));
    }
    assertThat(text).isNotEmpty();
    assertThat(text.append(stream.end()).toString()).matches("\uFFFD+");
  }

  @Test
  void halfACharacterAtTheEndIsShown() {
    TextStream stream = stream(List.of());
    assertThat(stream.add(0xE2)).isEmpty();
    assertThat(stream.end()).isEqualTo("\uFFFD");
  }

  @Test
  void aStopStringEndsTheTextBeforeItself() {
    TextStream stream = stream(List.of("STOP", "\n\n"));
    assertThat(text(stream, "one STOP two")).isEqualTo("one ");
    assertThat(stream.isStopped()).isTrue();
  }

  @Test
  void theEarliestStopStringCounts() {
    assertThat(text(stream(List.of("two", "one")), "a one two")).isEqualTo("a ");
  }

  @Test
  void whatLooksLikeABeginningComesOnceItIsNone() {
    assertThat(pieces("abSTx", List.of("STOP"))).containsExactly("a", "b", "", "", "STx", "");
    assertThat(pieces("abST", List.of("STOP"))).containsExactly("a", "b", "", "", "ST");
  }

  @Test
  void aStopStringMayBeginInsideAFalseBeginning() {
    assertThat(text(stream(List.of("aab")), "xaaab!")).isEqualTo("xa");
  }

  @Test
  void aTokenThatEndsOneCharacterAndBeginsTheNextIsNotGivenUp() {
    // é€é€é, cut in the middle of every character
    byte[][] tokens = {
      {(byte) 0xC3},
      {(byte) 0xA9, (byte) 0xE2},
      {(byte) 0x82},
      {(byte) 0xAC, (byte) 0xC3},
      {(byte) 0xA9, (byte) 0xE2, (byte) 0x82},
      {(byte) 0xAC, (byte) 0xC3},
      {(byte) 0xA9}
    };
    TextStream stream =
        new TextStream(
            ids -> {
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              for (int id : ids) {
                bytes.writeBytes(tokens[id]);
              }
              return bytes.toString(StandardCharsets.UTF_8);
            },
            List.of());
    StringBuilder text = new StringBuilder();
    for (int token = 0; token < tokens.length; token++) {
      text.append(stream.add(token));
    }
    assertThat(text.append(stream.end()).toString()).isEqualTo("é€é€é");
  }

  @Test
  void wordsKeepTheirSpacesAndCharactersFallenBackToBytesComeWhole() throws IOException {
    SentencePieceFile.write(folder.resolve("tokenizer.json"));
    streamed(Tokenizer.read(folder.resolve("tokenizer.json")));
  }

  @Test
  void bytesOfAByteLevelVocabularyComeAsWholeCharacters() throws IOException {
    BpeTrainer.train(Stream.of("hi hi hi"), List.of("<end>"), 260)
        .write(folder, "", "<end>", "<end>", 64);
    streamed(Tokenizer.read(folder.resolve("tokenizer.json")));
  }

  private static void streamed(Tokenizer tokenizer) {
    String text = "hi hi  hi é€😀, 中国 he\nhi!";
    int[] tokens = tokenizer.encode(text);
    TextStream stream = new TextStream(tokenizer::decode, List.of());
    List<String> pieces = new ArrayList<>();
    for (int token : tokens) {
      pieces.add(stream.add(token));
    }
    pieces.add(stream.end());
    assertThat(pieces).noneMatch(piece -> piece.contains("\uFFFD"));
    assertThat(String.join("", pieces)).isEqualTo(text).isEqualTo(tokenizer.decode(tokens));
    assertThat(pieces.subList(0, 2)).containsExactly("hi", " hi");
  }

  private static List<String> pieces(String text, List<String> stops) {
    TextStream stream = stream(stops);
    List<String> pieces = new ArrayList<>();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      pieces.add(stream.add(Byte.toUnsignedInt(one)));
    }
    pieces.add(stream.end());
    return pieces;
  }

  private static String text(TextStream stream, String text) {
    StringBuilder all = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      if (!stream.isStopped()) {
        all.append(stream.add(Byte.toUnsignedInt(one)));
      }
    }
    return all.append(stream.end()).toString();
  }

  /** Tokens are bytes. */
  private static TextStream stream(List<String> stops) {
    return new TextStream(
        tokens -> {
          byte[] bytes = new byte[tokens.length];
          for (int i = 0; i < tokens.length; i++) {
            bytes[i] = (byte) tokens[i];
          }
          return new String(bytes, StandardCharsets.UTF_8);
        },
        stops);
  }
}
