package org.laurel.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.input.BrokenInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, 1 << 20, 3_000_000})
  void holdsTheBytesAndTheirHashAndLeavesNothingBehind(int length) throws IOException {
    byte[] bytes = bytes(length);

    try (Body body = Body.read(new ByteArrayInputStream(bytes), folder)) {
      assertThat(body.hash()).isEqualTo(DigestUtils.sha256(bytes));
      assertThat(body.open().readAllBytes()).isEqualTo(bytes);
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesNothingBehindWhenTheClientBreaksOff() {
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(bytes(3_000_000)),
            new BrokenInputStream(() -> new IOException("the client is gone")));

    assertThatThrownBy(() -> Body.read(broken, folder)).hasMessage("the client is gone");

    assertThat(folder).isEmptyDirectory();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
