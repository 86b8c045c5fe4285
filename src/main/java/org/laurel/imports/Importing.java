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
 * Reads a file entry by entry and hands its rows on in chunks, all in the caller's transaction.
 * Where the file is to be taken whole, a fault anywhere throws and so undoes the chunks before it.
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

  /** Makes a row of an entry's JSON. */
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
    return new Importing<>(reader, writer, partial).run(Entries.of(file));
  }

  private ImportReport run(Entries entries) throws IOException, SQLException {
    for (Entry entry; (entry = entries.next()) != null; ) {
      take(entry);
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

  private void take(Entry entry) {
    if (entry.text() == null) {
      reject(entry, new Fault(null, String.valueOf(entry.fault())));
      return;
    }
    try {
      JsonNode json = JSON.readTree(entry.text());
      if (!json.isObject()) {
        throw new Fault(null, "is not a JSON object");
      }
      chunk.add(reader.read(json));
    } catch (JsonProcessingException e) {
      rejectUnparsed(entry, e);
    } catch (Fault fault) {
      reject(entry, fault);
    }
  }

  private void rejectUnparsed(Entry entry, JsonProcessingException e) {
    long line = entry.line();
    long column = entry.column();
    if (e.getLocation() != null) {
      // an element of an array may have many lines
      int below = e.getLocation().getLineNr() - 1;
      line += below;
      column = e.getLocation().getColumnNr() + (below == 0 ? column - 1 : 0);
    }
    String what = "is not valid JSON at column %d: %s".formatted(column, JsonFault.words(e));
    reject(line, entry.path(), new Fault(null, what));
  }

  private void reject(Entry entry, Fault fault) {
    reject(entry.line(), entry.path(), fault);
  }

  private void reject(long line, String path, Fault fault) {
    rejected++;
    if (errors.size() < TOLD) {
      String field = fault.field();
      String where = field == null ? path : path.isEmpty() ? field : path + "." + field;
      errors.add(new ProblemDocument.Fault(line, where.isEmpty() ? null : where, fault.message()));
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
