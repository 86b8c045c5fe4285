package org.laurel.imports;

/** The media types under which files of JSON lines are sent. A form is none of them. */
final class FileTypes {
  static final String NDJSON = "application/x-ndjson";
  static final String NDJSON_TOO = "application/ndjson";
  static final String JSON_LINES = "application/jsonl";
  static final String JSON = "application/json";
  static final String TEXT = "text/plain";
  static final String BYTES = "application/octet-stream";

  private FileTypes() {}
}
