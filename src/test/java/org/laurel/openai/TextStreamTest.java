package org.laurel.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextStreamTest {
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
