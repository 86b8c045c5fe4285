package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.tokenizer.Message;

/** A prompt that a file brings along. */
record NewPrompt(List<Message> messages, @Nullable String language, Map<String, Object> metadata) {

  static NewPrompt read(JsonNode line) throws Fault {
    String field = line.has("prompt") || !line.has("messages") ? "prompt" : "messages";
    return new NewPrompt(Fields.prompt(line, field), Fields.language(line), Fields.metadata(line));
  }
}
