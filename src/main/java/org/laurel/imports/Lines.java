package org.laurel.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Each on its own. */
final class Lines implements Entries {
  private final InputStream stream;
  private long number;

  Lines(InputStream stream) {
    this.stream = stream;
  }

  @Override
  public @Nullable Entry next() throws IOException {
    while (true) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      long length = 0;
      int value;
      while ((value = stream.read()) >= 0 && value != '\n') {
        if (++length <= Entry.LONGEST) {
          bytes.write(value);
        }
      }
      if (value < 0 && length == 0) {
        return null;
      }
      number++;
      Entry line = Entry.read(number, 1, "", bytes.toByteArray(), length);
      if (!line.isBlank()) {
        return line;
      }
    }
  }
}
