package org.laurel.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.logging.Log;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Map;
import java.util.function.Consumer;

/** An answer sent while it is written. */
final class Streaming {
  private Streaming() {}

  static Response response(Consumer<EventStream> writing, ObjectMapper json) {
    StreamingOutput body =
        out -> {
          EventStream events = new EventStream(out, json);
          try {
            writing.accept(events);
          } catch (RuntimeException failure) {
            // the status has been sent: all that is left is to say so in the stream
            Log.error("a streamed answer broke off", failure);
            events.send(Map.of("error", Map.of("message", "the answer broke off")));
          }
          events.done();
        };
    return Response.ok(body, MediaType.SERVER_SENT_EVENTS_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("X-Accel-Buffering", "no")
        .build();
  }
}
