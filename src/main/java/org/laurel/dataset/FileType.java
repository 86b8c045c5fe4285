package org.laurel.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/** The files in which a format can be had. */
public enum FileType {
  JSONL("application/x-ndjson"),
  CSV("text/csv; charset=utf-8"),
  PARQUET("application/vnd.apache.parquet");

  public final String mediaType;

  FileType(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The name's end, without a dot; also what requests call it. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type that requests call so. */
  public static Optional<FileType> of(String extension) {
    for (FileType type : values()) {
      if (type.extension().equals(extension.toLowerCase(Locale.ROOT))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  RowWriter writer(ExportFormat format, OutputStream out) throws IOException {
    return switch (this) {
      case JSONL -> new JsonLines(out);
      case CSV -> new Csv(out, format.columns.keySet());
      case PARQUET -> new Parquet(out, format.columns);
    };
  }
}
