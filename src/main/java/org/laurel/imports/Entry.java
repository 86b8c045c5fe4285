package org.laurel.imports;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A line of a file, or an element of the array that the file is.
 *
 * @param line where it begins, from 1, empty lines counted
 * @param column where it begins, from 1
 * @param path of an element, such as [2], counted from 0; empty for a line
 * @param text without the line's end; null if it could not be read
 * @param fault why it could not be read
 */
record Entry(long line, long column, String path, @Nullable String text, @Nullable String fault) {
  /** Bytes of an entry. A prompt has far less. */
  static final int LONGEST = 2 << 20;

  /**
   * @param bytes the first {@link #LONGEST} of the entry
   * @param length how many it has
   */
  static Entry read(long line, long column, String path, byte[] bytes, long length) {
    if (length > LONGEST) {
      return unreadable(
          line, path, "has %d bytes; at most %d are taken".formatted(length, LONGEST));
    }
    ByteBuffer input = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(input).toString();
      return new Entry(line, column, path, text, null);
    } catch (CharacterCodingException e) {
      return unreadable(line, path, "is not UTF-8 at byte " + (input.position() + 1));
    }
  }

  static Entry unreadable(long line, String path, String fault) {
    return new Entry(line, 1, path, null, fault);
  }

  boolean isBlank() {
    return text != null && text.isBlank();
  }
}
