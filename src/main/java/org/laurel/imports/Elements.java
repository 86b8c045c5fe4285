package org.laurel.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Of a JSON array, told apart by brackets and quotes alone: whether each is valid JSON is for
 * whoever parses it, so that one that is not keeps its place and its neighbours.
 */
final class Elements implements Entries {
  private final InputStream stream;
  private int index = -1;
  private boolean isClosed;
  private boolean isOver;
  private long line = 1;
  private long column;
  private boolean wasLineEnd;

  /**
   * @param stream whose first sign that is no space is the array's bracket
   */
  Elements(InputStream stream) {
    this.stream = stream;
  }

  @Override
  public @Nullable Entry next() throws IOException {
    if (isOver) {
      return null;
    }
    if (index < 0) {
      afterSpace(); // the bracket
    }
    index++;
    int value = isClosed ? ']' : afterSpace();
    if (isClosed || value == ']' && index == 0) {
      isOver = true;
      return remainder();
    }
    if (value < 0) {
      isOver = true;
      return Entry.unreadable(line, path(), "is missing: the file ends before its array does");
    }
    return element(value);
  }

  private Entry element(int first) throws IOException {
    long startLine = line;
    long startColumn = column;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    long length = 0;
    int depth = 0;
    boolean isText = false;
    boolean isEscaped = false;
    int value = first;
    while (depth > 0 || isText || value != ',' && value != ']') {
      if (value < 0) {
        isOver = true;
        return Entry.unreadable(startLine, path(), "is cut off: the file ends within it");
      }
      if (++length <= Entry.LONGEST) {
        bytes.write(value);
      }
      if (isText) {
        isText = isEscaped || value != '"';
        isEscaped = !isEscaped && value == '\\';
      } else if (value == '"') {
        isText = true;
      } else if (value == '{' || value == '[') {
        depth++;
      } else if (value == '}' || value == ']') {
        depth = Math.max(0, depth - 1);
      }
      value = read();
    }
    isClosed = value == ']';
    return Entry.read(startLine, startColumn, path(), bytes.toByteArray(), length);
  }

  /** What is wrong after the array; null if there is nothing. */
  private @Nullable Entry remainder() throws IOException {
    return afterSpace() < 0
        ? null
        : Entry.unreadable(
            line, "", "something follows the array; a file is one array, or an object a line");
  }

  private String path() {
    return "[" + index + "]";
  }

  private int afterSpace() throws IOException {
    int value = read();
    while (Character.isWhitespace(value)) {
      value = read();
    }
    return value;
  }

  private int read() throws IOException {
    if (wasLineEnd) {
      line++;
      column = 0;
    }
    int value = stream.read();
    wasLineEnd = value == '\n';
    if ((value & 0xC0) != 0x80) { // the first byte of a character
      column++;
    }
    return value;
  }
}
