package org.laurel.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a server's refusal says, as the one line that a command prints. */
final class Refusal {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Refusal() {}

  /**
   * @param body a problem document, or whatever stands between us and the server has answered
   */
  static IOException of(int status, String body) {
    JsonNode problem = problem(body);
    String detail = problem.path("detail").asText("the server refuses");
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : problem.path("errors")) {
      faults.add(words(fault));
    }
    // a single fault of a value is often the detail itself
    String more =
        faults.isEmpty() || detail.contains(faults.get(0)) ? "" : ": " + String.join(", ", faults);
    return new IOException("%s%s (%d)".formatted(detail, more, status));
  }

  /** The field, if it has one, and what is wrong with it. */
  static String words(JsonNode fault) {
    String field = fault.path("field").asText("");
    return (field.isEmpty() ? "" : field + " ") + fault.path("message").asText();
  }

  static JsonNode problem(String body) {
    try {
      JsonNode read = JSON.readTree(body);
      return read == null ? MissingNode.getInstance() : read;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
