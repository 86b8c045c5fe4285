package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.laurel.imports.Particulars.Writing;
import org.laurel.prompt.Conversation;

/**
 * A task that a file brings along: a prompt and completions that wait to be ranked.
 *
 * @param completions texts that differ in more than the space around them
 * @param writings one for each completion
 * @param gold the right order, by which annotators are checked: indices into the completions, best
 *     first; empty for a task that waits to be ranked
 */
record NewTask(
    NewPrompt prompt, List<String> completions, List<Writing> writings, List<List<Integer>> gold) {

  static NewTask read(JsonNode line) throws Fault {
    NewPrompt prompt = NewPrompt.read(line);
    JsonNode given = line.path("completions");
    if (given.isMissingNode() || given.isNull()) {
      throw new Fault("completions", "is missing");
    }
    if (!given.isArray() || given.size() < 2 || given.size() > RankingLines.MOST) {
      throw new Fault("completions", "must be a list of 2 to " + RankingLines.MOST);
    }
    List<String> texts = new ArrayList<>();
    List<Writing> writings = new ArrayList<>();
    Map<String, Integer> different = new HashMap<>();
    for (int i = 0; i < given.size(); i++) {
      String field = "completions[%d]".formatted(i);
      String text = text(line, given.get(i), field);
      Integer same = different.putIfAbsent(text.strip(), i);
      if (same != null) {
        throw new Fault(field, "is the same text as completions[%d]".formatted(same));
      }
      texts.add(text);
      writings.add(writing(given.get(i), field + "."));
    }
    return new NewTask(prompt, texts, writings, gold(line));
  }

  boolean isCheck() {
    return !gold.isEmpty();
  }

  /** Completions are named by their ids or, where they have none, by their places. */
  private static List<List<Integer>> gold(JsonNode line) throws Fault {
    JsonNode given = line.path("gold");
    if (given.isMissingNode() || given.isNull()) {
      return List.of();
    }
    Map<String, Integer> indices = new HashMap<>();
    for (JsonNode completion : line.path("completions")) {
      int i = indices.size();
      if (indices.put(completion.path("id").asText(Integer.toString(i)), i) != null) {
        throw new Fault("completions[%d].id".formatted(i), "is the id of another completion");
      }
    }
    List<List<Integer>> groups = RankingLines.groups(given, "gold", indices);
    if (groups.size() < 2) {
      throw new Fault("gold", "tells no two completions apart");
    }
    return groups;
  }

  private static String text(JsonNode line, JsonNode completion, String field) throws Fault {
    boolean described = completion.isObject() && !completion.has("role");
    if (described && !completion.path("text").isTextual()) {
      throw new Fault(field + ".text", completion.has("text") ? "must be a text" : "is missing");
    }
    return Fields.answer(
        line,
        described ? completion.path("text") : completion,
        described ? field + ".text" : field);
  }

  /** A rankings export names the policy that wrote a completion; here it may be a model, too. */
  private static Writing writing(JsonNode completion, String field) throws Fault {
    Writing writing = ParticularsReader.writing(completion, field);
    String model = Fields.text(completion.path("model"), field + "model", 200);
    return isName(model) ? writing.by(model) : writing;
  }

  private static boolean isName(@Nullable String text) {
    return text != null && !text.isBlank();
  }

  /** What makes a task the same: the prompt and the texts, whoever wrote them, in any order. */
  byte[] hash() {
    MessageDigest digest = DigestUtils.getSha256Digest();
    digest.update((byte) '?'); // no judgment's, whose prompt comes first
    digest.update(Conversation.hash(prompt.messages()));
    completions.stream().map(String::strip).sorted().forEach(t -> Conversation.add(digest, t));
    return digest.digest();
  }
}
