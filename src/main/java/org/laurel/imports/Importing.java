package org.laurel.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.laurel.web.JsonFault;
import org.laurel.web.Problem;
import org.laurel.web.ProblemDocument;

/**
 * Reads a file line by line and hands its rows on in chunks, all in the caller's transaction. Where
 * the file is to be taken whole, a fault anywhere throws and so undoes the chunks before it.
 */
final class Importing<R> {
  private static final int CHUNK = 500;
  private static final int TOLD = 100;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(
              DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // metadata comes back as it was
          .build();

  /** Makes a row of a line's JSON. */
  interface Reader<R> {
    R read(JsonNode line) throws Fault;
  }

  /** Stores rows; answers how many of them were new. */
  interface Writer<R> {
    int write(List<R> rows) throws SQLException;
  }

  private final Reader<R> reader;
  private final Writer<R> writer;
  private final boolean partial;
  private final List<R> chunk = new ArrayList<>();
  private final List<ProblemDocument.Fault> errors = new ArrayList<>();
  private long imported;
  private long duplicates;
  private long rejected;

  private Importing(Reader<R> reader, Writer<R> writer, boolean partial) {
    this.reader = reader;
    this.writer = writer;
    this.partial = partial;
  }

  /**
   * @param partial take the good lines and report the others; otherwise one fault refuses the file
   * @throws Problem 422 with the first hundred faults
   */
  static <R> ImportReport run(InputStream file, Reader<R> reader, Writer<R> writer, boolean partial)
      throws IOException, SQLException {
    return new Importing<>(reader, writer, partial).run(new Lines(file));
  }

  private ImportReport run(Lines lines) throws IOException, SQLException {
    for (Line line; (line = lines.next()) != null; ) {
      take(line);
      if (!partial && rejected == TOLD) {
        break;
      }
      if (chunk.size() == CHUNK) {
        flush();
      }
    }
    if (rejected > 0 && !partial) {
      throw refusal();
    }
    flush();
    return new ImportReport(imported, duplicates, rejected, errors);
  }

  private void take(Line line) {
    if (line.text() == null) {
      reject(line, new Fault(null, String.valueOf(line.fault())));
      return;
    }
    try {
      JsonNode json = JSON.readTree(line.text());
      if (!json.isObject()) {
        throw new Fault(null, "is not a JSON object");
      }
      chunk.add(reader.read(json));
    } catch (JsonProcessingException e) {
      int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
      String what = JsonFault.words(e);
      reject(line, new Fault(null, "is not valid JSON at column %d: %s".formatted(column, what)));
    } catch (Fault fault) {
      reject(line, fault);
    }
  }

  private void reject(Line line, Fault fault) {
    rejected++;
    if (errors.size() < TOLD) {
      errors.add(new ProblemDocument.Fault(line.number(), fault.field(), fault.message()));
    }
  }

  private void flush() throws SQLException {
    if (!chunk.isEmpty() && (partial || rejected == 0)) {
      int fresh = writer.write(chunk);
      imported += fresh;
      duplicates += chunk.size() - fresh;
    }
    chunk.clear();
  }

  private Problem refusal() {
    ProblemDocument.Fault first = errors.get(0);
    String field = first.field() == null ? "" : first.field() + " ";
    Problem problem =
        new Problem(
            422,
            "Import refused",
            "nothing was imported; line %d: %s%s%s"
                .formatted(
                    first.line(),
                    field,
                    first.message(),
                    rejected == 1 ? "" : ", and %d more lines are wrong".formatted(rejected - 1)));
    errors.forEach(problem::error);
    return problem;
  }
}
