package org.laurel.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * RFC 4180 with a header row, UTF-8, CRLF; lists and objects as their JSON text.
 *
 * <p>Spreadsheets run a cell that begins with {@code = + - @}, a tab or a line break as a formula,
 * and completions are written by strangers and models. So such a text gets an apostrophe in front,
 * and so does a text that already begins with an apostrophe: taking one leading apostrophe off
 * every text that has one gives the exact text back. JSON lines and Parquet are exact as they are.
 */
final class Csv implements RowWriter {
  private static final String STARTS_A_FORMULA = "=+-@\t\r\n'";

  private final Writer out;
  private final Set<String> columns;

  Csv(OutputStream out, Set<String> columns) throws IOException {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
    this.columns = columns;
    line(new ArrayList<>(columns));
  }

  @Override
  public void write(ObjectNode row) throws IOException {
    List<String> cells = new ArrayList<>();
    for (String column : columns) {
      cells.add(cell(row.path(column)));
    }
    line(cells);
  }

  static String cell(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    if (value.isTextual()) {
      String text = value.textValue();
      boolean formula = !text.isEmpty() && STARTS_A_FORMULA.indexOf(text.charAt(0)) >= 0;
      return formula ? "'" + text : text;
    }
    return Json.line(value);
  }

  private void line(List<String> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.write(quoted(cells.get(i)));
    }
    out.write("\r\n");
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
