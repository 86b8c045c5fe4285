package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.laurel.tokenizer.Message;

/**
 * A demonstration that a file brings along: prompt and completion, one conversation, or Alpaca's
 * instruction and output.
 */
record NewDemonstration(NewPrompt prompt, String completion) {

  static NewDemonstration read(JsonNode line) throws Fault {
    if (line.has("messages")) {
      List<Message> turns = Fields.turns(line, "messages");
      int last = turns.size() - 1;
      if (last < 1 || !turns.get(last).role().equals("assistant")) {
        throw new Fault("messages", "must end with the assistant's answer");
      }
      return new NewDemonstration(
          prompt(Fields.checked(turns.subList(0, last), "messages"), line),
          Fields.checkedCompletion(turns.get(last).content(), "messages[%d]".formatted(last)));
    }
    if (line.has("instruction")) {
      return new NewDemonstration(
          prompt(Instructions.prompt(line), line), Fields.completion(line, "output"));
    }
    return new NewDemonstration(
        prompt(Fields.prompt(line, "prompt"), line), Fields.answer(line, "completion"));
  }

  private static NewPrompt prompt(List<Message> messages, JsonNode line) throws Fault {
    return new NewPrompt(List.copyOf(messages), Fields.language(line), Fields.metadata(line));
  }
}
