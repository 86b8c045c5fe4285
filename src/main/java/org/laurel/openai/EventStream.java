package org.laurel.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events as OpenAI writes them: JSON after {@code data:}, and {@code [DONE]} last. */
final class EventStream {
  private final OutputStream out;
  private final ObjectMapper json;
  private boolean gone;

  EventStream(OutputStream out, ObjectMapper json) {
    this.out = out;
    this.json = json;
  }

  /**
   * @return whether the reader is still there
   */
  boolean send(Object event) {
    try {
      write(json.writeValueAsString(event));
    } catch (IOException e) {
      gone = true;
    }
    return !gone;
  }

  void done() throws IOException {
    if (!gone) {
      write("[DONE]");
    }
  }

  private void write(String data) throws IOException {
    if (!gone) {
      out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
