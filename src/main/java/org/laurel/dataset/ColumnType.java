package org.laurel.dataset;

/** The type of an exported column, and what it is in Parquet. */
enum ColumnType {
  TEXT("VARCHAR"),
  BOOLEAN("BOOLEAN"),
  INTEGER("BIGINT"),
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
}
