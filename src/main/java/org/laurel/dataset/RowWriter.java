package org.laurel.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;

/** Writes exported rows to a file's bytes, one after another. Complete once it is closed. */
interface RowWriter extends Closeable {
  /** Writes one row; its columns are those of the format. */
  void write(ObjectNode row) throws IOException;
}
