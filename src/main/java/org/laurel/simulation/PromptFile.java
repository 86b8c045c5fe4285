package org.laurel.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.laurel.tokenizer.Message;

/** Prompts as NDJSON, {@code {"prompt": text or messages}} a line. */
public final class PromptFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PromptFile() {}

  /**
   * @throws IOException if the file cannot be read or a line is no prompt; the message names it
   */
  public static List<List<Message>> read(Path file) throws IOException {
    List<List<Message>> prompts = new ArrayList<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (!line.isBlank()) {
        prompts.add(prompt(line, file + " line " + number));
      }
    }
    if (prompts.isEmpty()) {
      throw new IOException(file + ": holds no prompts");
    }
    return prompts;
  }

  private static List<String> lines(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder");
    }
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is not UTF-8", e);
    }
  }

  private static List<Message> prompt(String line, String where) throws IOException {
    JsonNode prompt;
    try {
      prompt = JSON.readTree(line).path("prompt");
    } catch (JsonProcessingException e) {
      throw new IOException(where + ": is no JSON: " + e.getOriginalMessage(), e);
    }
    if (prompt.isTextual() && !prompt.asText().isBlank()) {
      return List.of(new Message("user", prompt.asText()));
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : prompt) {
      if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
        throw new IOException(where + ": a message needs role and content");
      }
      messages.add(new Message(message.get("role").asText(), message.get("content").asText()));
    }
    if (messages.isEmpty()) {
      throw new IOException(where + ": has no prompt");
    }
    return messages;
  }

  /** What the last user turn says: the text that a gold preference reads. */
  public static String question(List<Message> prompt) {
    return prompt.stream()
        .filter(message -> message.role().equals("user"))
        .reduce((first, second) -> second)
        .map(Message::content)
        .orElse("");
  }
}
