package org.laurel.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.laurel.serving.FinishReason;
import org.laurel.serving.Generation;

class AnswerTest {

  /** Each token a byte, so that \u00e9 is two. */
  @ParameterizedTest
  @CsvSource({
    "no stop, no stop, 7",
    "caf\u00e9 END, caf\u00e9, 5",
    "caf\u00e9 END, caf, 3",
    "END, '', 0",
    "aEND, a, 1"
  })
  void tokensBeyondAStopStringAreNotShown(String written, String text, int shown) {
    byte[] bytes = written.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = bytes[i];
    }
    Generation generation =
        new Generation(tokens, new float[tokens.length], FinishReason.LENGTH, 1);

    assertThat(new Answer(text, "stop", generation).shown(AnswerTest::decoded)).isEqualTo(shown);
  }

  private static String decoded(int[] tokens) {
    byte[] bytes = new byte[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      bytes[i] = (byte) tokens[i];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
