package org.laurel.imports;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.laurel.prompt.Conversation;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.Transcripts;

/** The fields that lines of several formats have in common. */
final class Fields {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Fields() {}

  /** A field with a text or with messages, as the turns of a prompt. */
  static List<Message> prompt(JsonNode line, String field) throws Fault {
    List<Message> messages = turns(line, field);
    return checked(messages, field);
  }

  static List<Message> checked(List<Message> messages, String field) throws Fault {
    Optional<String> fault = Conversation.fault(messages);
    if (fault.isPresent()) {
      throw new Fault(field, fault.get());
    }
    return messages;
  }

  /** As {@link #prompt}, not yet checked. A text is one user's turn, or a transcript of several. */
  static List<Message> turns(JsonNode line, String field) throws Fault {
    JsonNode value = line.path(field);
    if (value.isTextual()) {
      return Transcripts.prompt(value.textValue())
          .orElse(List.of(new Message("user", value.textValue())));
    }
    if (value.isArray()) {
      return messages(value, field);
    }
    throw new Fault(
        field,
        value.isMissingNode() || value.isNull() ? "is missing" : "must be a text or messages");
  }

  /**
   * Messages as {@code role} and {@code content}, or as ShareGPT's {@code from} and {@code value}.
   */
  static List<Message> messages(JsonNode array, String field) throws Fault {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      messages.add(message(array.get(i), "%s[%d]".formatted(field, i)));
    }
    return messages;
  }

  static Message message(JsonNode value, String field) throws Fault {
    JsonNode role = value.path(value.has("from") ? "from" : "role");
    JsonNode content = value.path(value.has("value") ? "value" : "content");
    if (!role.isTextual() || !content.isTextual()) {
      throw new Fault(field, "must have role and content, both texts");
    }
    String speaker =
        switch (role.textValue()) {
          case "human", "prompter" -> "user";
          case "gpt", "bot", "model" -> "assistant";
          default -> role.textValue();
        };
    return new Message(speaker, content.textValue());
  }

  /** A completion: a text, or one assistant's message, or a list of that one message. */
  static String completion(JsonNode line, String field) throws Fault {
    JsonNode value = line.path(field);
    if (value.isArray() && value.size() == 1) {
      value = value.get(0);
    }
    if (value.isObject()) {
      Message message = message(value, field);
      if (!message.role().equals("assistant")) {
        throw new Fault(field, "must be the assistant's");
      }
      return checkedCompletion(message.content(), field);
    }
    if (value.isTextual()) {
      return checkedCompletion(value.textValue(), field);
    }
    throw new Fault(
        field, value.isMissingNode() || value.isNull() ? "is missing" : "must be a text");
  }

  static String checkedCompletion(String text, String field) throws Fault {
    if (text.isBlank()) {
      throw new Fault(field, "is empty");
    }
    Optional<String> fault = Conversation.textFault(text);
    if (fault.isPresent()) {
      throw new Fault(field, fault.get());
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Conversation.LONGEST) {
      throw new Fault(
          field, "has %d bytes; at most %d are taken".formatted(bytes, Conversation.LONGEST));
    }
    return text;
  }

  static Map<String, Object> metadata(JsonNode line) throws Fault {
    JsonNode value = line.path("metadata");
    if (value.isMissingNode() || value.isNull()) {
      return Map.of();
    }
    if (!value.isObject()) {
      throw new Fault("metadata", "must be an object");
    }
    checkTexts(value);
    return JSON.convertValue(value, OBJECT);
  }

  static @Nullable String language(JsonNode line) throws Fault {
    JsonNode value = line.path("language");
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().length() > 35) {
      throw new Fault("language", "must be a language tag such as en");
    }
    return value.textValue();
  }

  private static void checkTexts(JsonNode value) throws Fault {
    if (value.isTextual()) {
      Optional<String> fault = Conversation.textFault(value.textValue());
      if (fault.isPresent()) {
        throw new Fault("metadata", fault.get());
      }
    }
    for (var names = value.fieldNames(); names.hasNext(); ) {
      Optional<String> fault = Conversation.textFault(names.next());
      if (fault.isPresent()) {
        throw new Fault("metadata", fault.get());
      }
    }
    for (JsonNode inner : value) {
      checkTexts(inner);
    }
  }
}
