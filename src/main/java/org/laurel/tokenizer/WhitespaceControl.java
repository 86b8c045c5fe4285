package org.laurel.tokenizer;

/**
 * Does Jinja's whitespace control on a template's text, as {@code transformers} asks for it: {@code
 * trim_blocks} (the newline after a block or comment goes), {@code lstrip_blocks} (so does what
 * indents one), {@code -} at either side of any tag, and the newline at the end of the file.
 * Jinjava heeds {@code -} in blocks alone, not in expressions, whose indentation it would print.
 * What stands in the tags becomes what {@link PythonExpressions} makes of it.
 */
final class WhitespaceControl {
  private final String source;
  private final StringBuilder result = new StringBuilder();

  private WhitespaceControl(String source) {
    this.source = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
  }

  /** The template without comments, whose tags neither need nor bear a {@code -} any more. */
  static String apply(String source) {
    WhitespaceControl control = new WhitespaceControl(source);
    control.rewrite();
    return control.result.toString();
  }

  private void rewrite() {
    int text = 0;
    while (text < source.length()) {
      int tag = nextTag(text);
      result.append(source, text, tag);
      if (tag == source.length()) {
        return;
      }
      text = copyTag(text, tag);
    }
  }

  private int nextTag(int from) {
    for (int at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
      if (at + 1 < source.length() && "{%#".indexOf(source.charAt(at + 1)) >= 0) {
        return at;
      }
    }
    return source.length();
  }

  /**
   * Copies the tag at {@code start}.
   *
   * @param text where the text before it began
   * @return where the text after it begins
   */
  private int copyTag(int text, int start) {
    char kind = source.charAt(start + 1);
    int end = end(start + 2, kind);
    if (end < 0) {
      // Unclosed: the template engine says so.
      result.append(source, start, source.length());
      return source.length();
    }
    boolean block = kind != '{';
    char first = start + 2 < end ? source.charAt(start + 2) : ' ';
    if (first == '-') {
      strip(text, start, false);
    } else if (block && first != '+') {
      strip(text, start, true);
    }
    boolean cutsAfter = source.charAt(end - 1) == '-' && end - 1 > start + 2;
    if (kind != '#') {
      int from = first == '-' || (block && first == '+') ? start + 3 : start + 2;
      int to = cutsAfter ? end - 1 : end;
      result.append(source, start, start + 2);
      result.append(PythonExpressions.rewritten(source.substring(from, Math.max(from, to))));
      result.append(source, end, end + 2);
    }
    int after = end + 2;
    if (cutsAfter) {
      while (after < source.length() && Character.isWhitespace(source.charAt(after))) {
        after++;
      }
    } else if (block && after < source.length() && source.charAt(after) == '\n') {
      after++;
    }
    return after;
  }

  /** Where the closing two characters are; quoted text is passed over. */
  private int end(int from, char kind) {
    String close = kind == '{' ? "}}" : kind + "}";
    char quote = 0;
    int depth = 0;
    for (int at = from; at < source.length(); at++) {
      char c = source.charAt(at);
      if (quote != 0) {
        if (c == '\\') {
          at++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (kind != '#' && (c == '\'' || c == '"')) {
        quote = c;
      } else if (depth == 0 && source.startsWith(close, at)) {
        return at;
      } else if (kind == '{' && c == '{') {
        depth++;
      } else if (kind == '{' && c == '}') {
        depth--;
      }
    }
    return -1;
  }

  /**
   * Takes whitespace from the end of the text before a tag.
   *
   * @param indentation only blanks, and only where they begin a line
   */
  private void strip(int text, int tag, boolean indentation) {
    int end = tag;
    while (end > text && isStripped(source.charAt(end - 1), indentation)) {
      end--;
    }
    if (!indentation || end == 0 || source.charAt(end - 1) == '\n') {
      result.setLength(result.length() - (tag - end));
    }
  }

  private static boolean isStripped(char c, boolean indentation) {
    return indentation ? c == ' ' || c == '\t' : Character.isWhitespace(c);
  }
}
