package org.laurel.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTypeTest {
  private static final String AWKWARD = "a \"quoted\", two-line\nanswer \u00e9\ud83d\ude00";

  @Test
  void linesParseBackToTheSameRows() throws IOException {
    ObjectNode row = Json.object().put("prompt", AWKWARD).put("chosen", "=1").put("rejected", "");

    byte[] written = written(FileType.JSONL, ExportFormat.TRL_PREFERENCE, row);

    assertThat(new String(written, StandardCharsets.UTF_8).lines().map(Json::parse))
        .containsExactly(row);
  }

  @Test
  void cellsWithCommasQuotesAndLinesAreQuoted() throws IOException {
    ObjectNode row = Json.object().put("prompt", AWKWARD).put("chosen", "b").put("rejected", "c");

    byte[] written = written(FileType.CSV, ExportFormat.TRL_PREFERENCE, row);

    assertThat(new String(written, StandardCharsets.UTF_8))
        .isEqualTo("prompt,chosen,rejected\r\n\"" + AWKWARD.replace("\"", "\"\"") + "\",b,c\r\n");
  }

  @Test
  void noCellIsAFormulaAndTheTextComesBack() {
    for (String text : List.of("=cmd()", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'quoted'")) {
      String cell = Csv.cell(TextNode.valueOf(text));
      assertThat(cell).isEqualTo("'" + text);
    }
    assertThat(Csv.cell(TextNode.valueOf("1+1=2"))).isEqualTo("1+1=2");
  }

  @Test
  void parquetHasTypedColumns(@TempDir Path folder) throws IOException, SQLException {
    ObjectNode row =
        ExportFormat.RANKINGS
            .rows(ExportFormatTest.ranking("[{'role':'user','content':'Hi'}]", "[['b'],['a','c']]"))
            .get(0);

    Path file = folder.resolve("x.parquet");
    Files.write(file, written(FileType.PARQUET, ExportFormat.RANKINGS, row));

    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet result =
            statement.executeQuery("select to_json(t) from read_parquet('" + file + "') t")) {
      assertThat(result.next()).isTrue();
      ObjectNode read = (ObjectNode) Json.parse(result.getString(1));
      for (String column : List.of("promptMetadata", "completions", "ratings", "flags")) {
        read.set(column, Json.parse(read.get(column).textValue()));
      }
      assertThat(Json.parse(read.toString())).isEqualTo(Json.parse(row.toString()));
      assertThat(result.next()).isFalse();
    }
  }

  @Test
  void anEmptyParquetFileStillHasItsColumns(@TempDir Path folder) throws IOException, SQLException {
    Path file = folder.resolve("x.parquet");
    Files.write(file, written(FileType.PARQUET, ExportFormat.SHAREGPT));

    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet result =
            statement.executeQuery("select chosen.value from read_parquet('" + file + "')")) {
      assertThat(result.next()).isFalse();
    }
  }

  private static byte[] written(FileType type, ExportFormat format, ObjectNode... rows)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RowWriter writer = type.writer(format, out)) {
      for (ObjectNode row : rows) {
        writer.write(row);
      }
    }
    return out.toByteArray();
  }
}
