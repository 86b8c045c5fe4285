package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.demonstration.Demonstration;
import org.laurel.tokenizer.Message;

/**
 * A demonstration that a file brings along: prompt and completion, one conversation, or Alpaca's
 * instruction and output; with what the export format {@code demonstrations} tells beside.
 *
 * @param annotator who wrote it, by the id on the server that exported it
 * @param flags what its writer found wrong with the prompt
 * @param elapsedMs time spent on it, milliseconds
 * @param setAside why it does not count; null if it does
 */
record NewDemonstration(
    NewPrompt prompt,
    String completion,
    @Nullable UUID annotator,
    List<String> flags,
    @Nullable Long elapsedMs,
    @Nullable Instant writtenAt,
    @Nullable String setAside,
    @Nullable Instant setAsideAt) {

  static NewDemonstration read(JsonNode line) throws Fault {
    if (line.has("instruction") && !line.has("messages")) {
      return read(line, Instructions.prompt(line), Fields.completion(line, "output"));
    }
    Answered answered = Answered.read(line);
    return read(line, answered.prompt(), answered.completion());
  }

  private static NewDemonstration read(JsonNode line, List<Message> prompt, String completion)
      throws Fault {
    return new NewDemonstration(
        new NewPrompt(List.copyOf(prompt), Fields.language(line), Fields.metadata(line)),
        completion,
        Fields.id(line, "annotatorId"),
        flags(line.path("flags")),
        Fields.integer(line.path("elapsedMs"), "elapsedMs", 0, Long.MAX_VALUE),
        Fields.time(line, "writtenAt"),
        setAside(line),
        Fields.time(line, "withheldAt"));
  }

  private static @Nullable String setAside(JsonNode line) throws Fault {
    String how = Fields.text(line.path("withheld"), "withheld", 20);
    if (how == null) {
      return null;
    }
    if (!how.equals("set-aside")) {
      throw new Fault("withheld", "must be set-aside");
    }
    String note = Fields.text(line.path("withheldNote"), "withheldNote", Demonstration.NOTE_LIMIT);
    return note == null ? "" : note;
  }

  private static List<String> flags(JsonNode value) throws Fault {
    List<String> flags = new ArrayList<>();
    if (value.isMissingNode() || value.isNull()) {
      return flags;
    }
    if (!value.isArray() || value.size() > Demonstration.FLAGS_LIMIT) {
      throw new Fault(
          "flags", "must be a list of %d texts at most".formatted(Demonstration.FLAGS_LIMIT));
    }
    for (JsonNode flag : value) {
      String name = Fields.text(flag, "flags", Demonstration.FLAG_LIMIT);
      if (name == null || name.isBlank()) {
        throw new Fault("flags", "has a flag without a name");
      }
      flags.add(name);
    }
    return flags;
  }
}
