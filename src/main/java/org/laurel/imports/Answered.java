package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.laurel.tokenizer.Message;

/**
 * A prompt and one answer to it: {@code prompt} and {@code completion}, or {@code messages} of
 * which the last is the answer.
 */
record Answered(List<Message> prompt, String completion) {
  static Answered read(JsonNode line) throws Fault {
    if (!line.has("messages")) {
      return new Answered(Fields.prompt(line, "prompt"), Fields.answer(line, "completion"));
    }
    List<Message> turns = Fields.turns(line, "messages");
    int last = turns.size() - 1;
    if (last < 1 || !turns.get(last).role().equals("assistant")) {
      throw new Fault("messages", "must end with the assistant's answer");
    }
    return new Answered(
        List.copyOf(Fields.checked(turns.subList(0, last), "messages")),
        Fields.checkedCompletion(turns.get(last).content(), "messages[%d]".formatted(last)));
  }
}
