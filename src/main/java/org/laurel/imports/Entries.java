package org.laurel.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a UTF-8 file holds one after the other: lines, or the elements of the one JSON array that it
 * is. One is in memory at a time. What is too long or no UTF-8 is reported as such, and reading
 * goes on after it.
 */
interface Entries {
  byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** Space before an array's bracket. */
  int MOST_SPACE = 1 << 15;

  /** The next one that is not blank; null at the end. */
  @Nullable Entry next() throws IOException;

  /** Of a file whose first sign tells what it is: no object begins with a bracket. */
  static Entries of(InputStream file) throws IOException {
    BufferedInputStream stream = new BufferedInputStream(file, 2 * MOST_SPACE);
    stream.mark(BYTE_ORDER_MARK.length);
    if (!Arrays.equals(stream.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
      stream.reset();
    }
    stream.mark(MOST_SPACE);
    int first = stream.read();
    for (int i = 1; i < MOST_SPACE && Character.isWhitespace(first); i++) {
      first = stream.read();
    }
    stream.reset();
    return first == '[' ? new Elements(stream) : new Lines(stream);
  }
}
