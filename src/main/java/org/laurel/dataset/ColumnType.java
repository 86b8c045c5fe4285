package org.laurel.dataset;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The type of an exported column, and what it is in Parquet. */
enum ColumnType {
  TEXT("VARCHAR"),
  BOOLEAN("BOOLEAN"),
  INTEGER("BIGINT"),
  NUMBER("DOUBLE"),
  TIME("VARCHAR"),
  /** {@code [{"role","content"}, ...]}. */
  MESSAGES("STRUCT(\"role\" VARCHAR, \"content\" VARCHAR)[]"),
  /** LLaMA-Factory's {@code [{"from","value"}, ...]}. */
  TURNS("STRUCT(\"from\" VARCHAR, \"value\" VARCHAR)[]"),
  TURN("STRUCT(\"from\" VARCHAR, \"value\" VARCHAR)"),
  TEXTS("VARCHAR[]"),
  GROUPS("VARCHAR[][]"),
  /** Pairs of texts, {@code [["question", "answer"], ...]}. */
  PAIRS("VARCHAR[][]"),
  /** An object whose keys differ from row to row; its JSON text in Parquet. */
  JSON("VARCHAR");

  final String parquet;

  ColumnType(String parquet) {
    this.parquet = parquet;
  }

  /** Columns in their order: a name and its type, and so on. */
  static Map<String, ColumnType> columns(Object... namesAndTypes) {
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.put((String) namesAndTypes[i], (ColumnType) namesAndTypes[i + 1]);
    }
    return Collections.unmodifiableMap(columns);
  }
}
