package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.laurel.tokenizer.Message;

/**
 * Alpaca's rows: an instruction, what it is about, and LLaMA-Factory's system text and earlier
 * turns.
 */
final class Instructions {
  private Instructions() {}

  static List<Message> prompt(JsonNode line) throws Fault {
    List<Message> turns = new ArrayList<>();
    String system = line.path("system").asText("");
    if (!system.isBlank()) {
      turns.add(new Message("system", system));
    }
    for (JsonNode exchange : line.path("history")) {
      turns.add(new Message("user", exchange.path(0).asText()));
      turns.add(new Message("assistant", exchange.path(1).asText()));
    }
    if (!line.path("instruction").isTextual()) {
      throw new Fault("instruction", "is missing");
    }
    String input = line.path("input").asText("");
    String instruction = line.path("instruction").textValue();
    turns.add(new Message("user", input.isBlank() ? instruction : instruction + "\n" + input));
    return Fields.checked(turns, "instruction");
  }
}
