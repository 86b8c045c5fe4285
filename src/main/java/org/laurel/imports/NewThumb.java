package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A thumb that a file brings along, as TRL's unpaired preference rows have it: prompt, completion,
 * label; or as a conversation that ends with the completion, and label.
 *
 * @param up whether the completion is good
 * @param annotator who gave it, by the id on the server that exported it
 * @param policy name of the version that wrote the completion
 */
record NewThumb(
    NewPrompt prompt,
    String completion,
    boolean up,
    @Nullable UUID annotator,
    @Nullable String policy,
    @Nullable Instant givenAt) {

  static NewThumb read(JsonNode line) throws Fault {
    JsonNode label = line.path("label");
    if (!label.isBoolean()) {
      throw new Fault("label", label.isMissingNode() ? "is missing" : "must be true or false");
    }
    Answered answered = Answered.read(line);
    return new NewThumb(
        new NewPrompt(answered.prompt(), Fields.language(line), Fields.metadata(line)),
        answered.completion(),
        label.booleanValue(),
        Fields.id(line, "annotatorId"),
        Fields.text(line.path("policy"), "policy", 200),
        Fields.time(line, "givenAt"));
  }
}
