package org.laurel.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;

/**
 * Parquet, written by DuckDB. A Parquet file ends with its table of contents, so the rows wait in a
 * temporary file; that they never wait in memory is what counts.
 */
final class Parquet implements RowWriter {
  private static final String SETTINGS =
      "set memory_limit = '512MB'; set threads = 1; set preserve_insertion_order = true;"
          + " set autoinstall_known_extensions = false;";

  private final OutputStream out;
  private final Map<String, ColumnType> columns;
  private final Path folder;
  private final JsonLines lines;

  Parquet(OutputStream out, Map<String, ColumnType> columns) throws IOException {
    this.out = out;
    this.columns = columns;
    this.folder = Files.createTempDirectory("laurel-export");
    this.lines = new JsonLines(Files.newOutputStream(folder.resolve("rows.jsonl")));
  }

  @Override
  public void write(ObjectNode row) throws IOException {
    lines.write(row);
  }

  @Override
  public void close() throws IOException {
    Path rows = folder.resolve("rows.jsonl");
    Path parquet = folder.resolve("rows.parquet");
    try {
      lines.close();
      convert(rows, parquet);
      Files.copy(parquet, out);
      out.close();
    } finally {
      Files.deleteIfExists(rows);
      Files.deleteIfExists(parquet);
      Files.deleteIfExists(folder);
    }
  }

  private void convert(Path rows, Path parquet) throws IOException {
    String types =
        columns.entrySet().stream()
            .map(column -> literal(column.getKey()) + ": " + literal(column.getValue().parquet))
            .collect(Collectors.joining(", ", "{", "}"));
    // The driver by its class: which ones DriverManager knows depends on who loaded it first.
    try (Connection duckdb = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        Statement statement = duckdb.createStatement()) {
      statement.execute(SETTINGS);
      statement.execute(
          "copy (select * from read_json("
              + literal(rows.toString())
              + ", format = 'newline_delimited',"
              + " maximum_object_size = 67108864, columns = "
              + types
              + ")) to "
              + literal(parquet.toString())
              + " (format parquet, compression zstd)");
    } catch (SQLException e) {
      throw new IOException("cannot write the rows as Parquet", e);
    }
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
