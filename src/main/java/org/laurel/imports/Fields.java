package org.laurel.imports;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.prompt.Conversation;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.Transcripts;

/** The fields that lines of several formats have in common. */
final class Fields {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  /** How far the clocks of two servers may differ. */
  private static final Duration SKEW = Duration.ofDays(1);

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
    return oneCompletion(line.path(field), field);
  }

  private static String oneCompletion(JsonNode given, String field) throws Fault {
    JsonNode value = given.isArray() && given.size() == 1 ? given.get(0) : given;
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

  /** As {@link #completion}, without the blank that stands before an answer to a transcript. */
  static String answer(JsonNode line, String field) throws Fault {
    return answer(line, line.path(field), field);
  }

  /**
   * @param value what the field holds
   */
  static String answer(JsonNode line, JsonNode value, String field) throws Fault {
    String text = oneCompletion(value, field);
    JsonNode prompt = line.path("prompt");
    boolean transcript = prompt.isTextual() && Transcripts.prompt(prompt.textValue()).isPresent();
    return transcript ? checkedCompletion(Transcripts.answer(text), field) : text;
  }

  static String checkedCompletion(String text, String field) throws Fault {
    if (text.isBlank()) {
      throw new Fault(field, "is empty");
    }
    return storable(text, field);
  }

  /** A completion's text, which may be empty. */
  static String storable(String text, String field) throws Fault {
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
    return object(line.path("metadata"), "metadata");
  }

  /** An object of anything that can be stored; nothing at all if it is not there. */
  static Map<String, Object> object(JsonNode value, String field) throws Fault {
    if (value.isMissingNode() || value.isNull()) {
      return Map.of();
    }
    if (!value.isObject()) {
      throw new Fault(field, "must be an object");
    }
    checkTexts(value, field);
    return JSON.convertValue(value, OBJECT);
  }

  /** The fields of an object; none if it is not there. */
  static Collection<Map.Entry<String, JsonNode>> fields(JsonNode value, String field) throws Fault {
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isObject()) {
      throw new Fault(field, "must be an object");
    }
    return value.properties();
  }

  static @Nullable String text(JsonNode value, String field, int longest) throws Fault {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new Fault(field, "must be a text");
    }
    String text = value.textValue();
    if (text.length() > longest) {
      throw new Fault(field, "is longer than %d characters".formatted(longest));
    }
    Optional<String> fault = Conversation.textFault(text);
    if (fault.isPresent()) {
      throw new Fault(field, fault.get());
    }
    return text;
  }

  static @Nullable Long integer(JsonNode value, String field, long least, long most) throws Fault {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new Fault(field, "must be a whole number");
    }
    if (value.longValue() < least || value.longValue() > most) {
      throw new Fault(field, "must be from %d to %d".formatted(least, most));
    }
    return value.longValue();
  }

  /** An id as it was exported; any other text stands for an id of its own. */
  static @Nullable UUID id(JsonNode line, String field) throws Fault {
    String text = text(line.path(field), field, 200);
    if (text == null) {
      return null;
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A time as it was exported. */
  static @Nullable Instant time(JsonNode line, String field) throws Fault {
    String text = text(line.path(field), field, 40);
    if (text == null) {
      return null;
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (time.isBefore(EARLIEST) || time.isAfter(Instant.now().plus(SKEW))) {
        throw new Fault(field, "must be a time of this century that has passed");
      }
      return time;
    } catch (DateTimeParseException e) {
      throw new Fault(field, "must be a time such as 2026-01-31T12:00:00Z");
    }
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

  private static void checkTexts(JsonNode value, String field) throws Fault {
    if (value.isTextual()) {
      Optional<String> fault = Conversation.textFault(value.textValue());
      if (fault.isPresent()) {
        throw new Fault(field, fault.get());
      }
    }
    for (var names = value.fieldNames(); names.hasNext(); ) {
      Optional<String> fault = Conversation.textFault(names.next());
      if (fault.isPresent()) {
        throw new Fault(field, fault.get());
      }
    }
    for (JsonNode inner : value) {
      checkTexts(inner, field);
    }
  }
}
