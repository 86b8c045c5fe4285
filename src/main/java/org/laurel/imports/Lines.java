package org.laurel.imports;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 stream, one in memory at a time. A line that is too long or no UTF-8 is
 * reported as such, and reading goes on after it.
 */
final class Lines {
  /** Bytes of a line. A prompt has far less. */
  static final int LONGEST = 2 << 20;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final InputStream stream;
  private long number;

  Lines(InputStream stream) {
    this.stream = new BufferedInputStream(stream, 1 << 16);
  }

  /** The next line that is not blank; null at the end. */
  @Nullable Line next() throws IOException {
    while (true) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      long length = 0;
      int value;
      while ((value = stream.read()) >= 0 && value != '\n') {
        if (++length <= LONGEST) {
          bytes.write(value);
        }
      }
      if (value < 0 && length == 0) {
        return null;
      }
      number++;
      if (length > LONGEST) {
        return new Line(
            number, null, "has %d bytes; at most %d are taken".formatted(length, LONGEST));
      }
      Line line = decode(bytes.toByteArray());
      if (line.text() == null || !line.text().isBlank()) {
        return line;
      }
    }
  }

  private Line decode(byte[] bytes) {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(input).toString();
      boolean marked = number == 1 && text.startsWith(BYTE_ORDER_MARK);
      return new Line(number, marked ? text.substring(1) : text, null);
    } catch (CharacterCodingException e) {
      return new Line(number, null, "is not UTF-8 at byte " + (input.position() + 1));
    }
  }
}
