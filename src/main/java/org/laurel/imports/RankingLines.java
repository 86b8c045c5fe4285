package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines of the export format {@code rankings}: {@code {"prompt", "completions": [{"id", "text"}],
 * "groups": [[id]]}}. Completions may also be plain texts, which groups then name by their index.
 */
final class RankingLines {
  /** Completions of a task. */
  static final int MOST = 9;

  private RankingLines() {}

  static JudgedCompletions read(JsonNode line) throws Fault {
    JsonNode completions = line.path("completions");
    if (!completions.isArray() || completions.size() < 2 || completions.size() > MOST) {
      throw new Fault("completions", "must be a list of 2 to " + MOST);
    }
    if (line.path("authorKind").asText().equals("ai")) {
      throw new Fault("authorKind", "is ai: a judge's vote would be taken for a person's");
    }
    List<String> texts = new ArrayList<>();
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < completions.size(); i++) {
      JsonNode completion = completions.get(i);
      String field = "completions[%d]".formatted(i);
      JsonNode text = completion.isObject() ? completion.path("text") : completion;
      if (!text.isTextual()) {
        throw new Fault(field, "has no text");
      }
      texts.add(Fields.storable(text.textValue(), field));
      String id = completion.isObject() ? completion.path("id").asText() : Integer.toString(i);
      if (indices.put(id, i) != null) {
        throw new Fault(field, "has the id of another completion");
      }
    }
    boolean unrankable = line.path("unrankable").asBoolean();
    return JudgedCompletions.of(
        Fields.prompt(line, "prompt"),
        texts,
        unrankable ? List.of() : groups(line.path("groups"), "groups", indices),
        unrankable ? null : strength(line.path("strength"), "strength"),
        ParticularsReader.read(line, indices),
        "completions");
  }

  /**
   * @param indices of the completions, by the ids that the line gives them
   */
  static List<List<Integer>> groups(JsonNode value, String field, Map<String, Integer> indices)
      throws Fault {
    Map<String, Integer> left = new HashMap<>(indices);
    List<List<Integer>> groups = new ArrayList<>();
    if (!value.isArray()) {
      throw new Fault(field, "must be a list of lists, best first");
    }
    for (int i = 0; i < value.size(); i++) {
      List<Integer> tied = new ArrayList<>();
      for (JsonNode id : value.get(i)) {
        Integer index = left.remove(id.asText());
        if (index == null) {
          throw new Fault(
              "%s[%d]".formatted(field, i),
              indices.containsKey(id.asText())
                  ? "names a completion a second time"
                  : "names a completion that is not there");
        }
        tied.add(index);
      }
      if (tied.isEmpty()) {
        throw new Fault("%s[%d]".formatted(field, i), "is empty");
      }
      groups.add(List.copyOf(tied));
    }
    if (!left.isEmpty()) {
      throw new Fault(field, "leaves out a completion");
    }
    return groups;
  }

  static @Nullable Integer strength(JsonNode value, String field) throws Fault {
    Long strength = Fields.integer(value, field, 1, 4);
    return strength == null ? null : strength.intValue();
  }
}
