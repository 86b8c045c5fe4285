package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.imports.Particulars.Settled;
import org.laurel.imports.Particulars.Source;
import org.laurel.imports.Particulars.Withheld;
import org.laurel.imports.Particulars.Writing;
import org.laurel.ranking.Ranking;
import org.laurel.ranking.Submission;

/** Reads what a line of the format {@code rankings} tells beside the order. */
final class ParticularsReader {
  private final JsonNode line;
  private final Map<String, Integer> indices;

  private ParticularsReader(JsonNode line, Map<String, Integer> indices) {
    this.line = line;
    this.indices = indices;
  }

  /**
   * @param indices of the completions, by the ids that the line gives them
   */
  static Particulars read(JsonNode line, Map<String, Integer> indices) throws Fault {
    return new ParticularsReader(line, indices).read();
  }

  private Particulars read() throws Fault {
    return new Particulars(
        source(),
        Fields.language(line),
        Fields.object(line.path("promptMetadata"), "promptMetadata"),
        writings(),
        displayedOrder(),
        ratings(),
        flags(),
        Fields.text(line.path("rationale"), "rationale", Submission.RATIONALE_LIMIT),
        Fields.integer(line.path("elapsedMs"), "elapsedMs", 0, Long.MAX_VALUE),
        uncertainty(),
        Fields.time(line, "submittedAt"),
        Fields.time(line, "updatedAt"),
        withheld(),
        settled());
  }

  private @Nullable Source source() throws Fault {
    UUID ranking = Fields.id(line, "rankingId");
    UUID task = Fields.id(line, "taskId");
    return ranking == null || task == null
        ? null
        : new Source(ranking, task, Fields.id(line, "annotatorId"));
  }

  private @Nullable Withheld withheld() throws Fault {
    String how = Fields.text(line.path("withheld"), "withheld", 20);
    if (how == null) {
      return null;
    }
    if (!how.equals(Ranking.SET_ASIDE) && !how.equals(Ranking.RETURNED)) {
      throw new Fault("withheld", "must be set-aside or returned");
    }
    String note = Fields.text(line.path("withheldNote"), "withheldNote", Ranking.NOTE_LIMIT);
    return new Withheld(
        how,
        note == null ? "" : note,
        Fields.id(line, "withheldBy"),
        Fields.time(line, "withheldAt"));
  }

  private @Nullable Settled settled() throws Fault {
    JsonNode value = line.path("adjudication");
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isObject()) {
      throw new Fault("adjudication", "must be an object");
    }
    boolean unrankable = value.path("unrankable").asBoolean();
    List<List<Integer>> groups =
        unrankable
            ? List.of()
            : RankingLines.groups(value.path("groups"), "adjudication.groups", indices);
    boolean check = value.path("check").asBoolean();
    if (check && groups.size() < 2) {
      throw new Fault("adjudication.check", "has an order that tells no two completions apart");
    }
    return new Settled(
        groups,
        unrankable ? null : RankingLines.strength(value.path("strength"), "adjudication.strength"),
        Fields.text(value.path("reason"), "adjudication.reason", Ranking.NOTE_LIMIT),
        Fields.id(value, "reviewerId"),
        Fields.time(value, "givenAt"),
        check);
  }

  private List<Writing> writings() throws Fault {
    List<Writing> writings = new ArrayList<>();
    int i = 0;
    for (JsonNode completion : line.path("completions")) {
      writings.add(writing(completion, "completions[%d].".formatted(i++)));
    }
    return writings;
  }

  /**
   * @param field of the completion, with the dot after it
   */
  static Writing writing(JsonNode completion, String field) throws Fault {
    String finishReason = Fields.text(completion.path("finishReason"), field + "finishReason", 20);
    if (finishReason != null && !finishReason.equals("stop") && !finishReason.equals("length")) {
      throw new Fault(field + "finishReason", "must be stop or length");
    }
    return new Writing(
        Fields.text(completion.path("policy"), field + "policy", 200),
        Fields.object(completion.path("parameters"), field + "parameters"),
        Fields.integer(completion.path("seed"), field + "seed", Long.MIN_VALUE, Long.MAX_VALUE),
        number(completion.path("logprob"), field + "logprob"),
        tokens(completion, field, "promptTokens"),
        tokens(completion, field, "completionTokens"),
        finishReason,
        Fields.object(completion.path("metadata"), field + "metadata"));
  }

  private static @Nullable Integer tokens(JsonNode completion, String field, String name)
      throws Fault {
    Long tokens = Fields.integer(completion.path(name), field + name, 0, Integer.MAX_VALUE);
    return tokens == null ? null : tokens.intValue();
  }

  private static @Nullable Double number(JsonNode value, String field) throws Fault {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw new Fault(field, "must be a number");
    }
    return value.doubleValue();
  }

  private List<Integer> displayedOrder() throws Fault {
    List<Integer> order = new ArrayList<>();
    for (JsonNode id : line.path("displayedOrder")) {
      Integer index = completion(id.asText(), "displayedOrder");
      if (order.contains(index)) {
        throw new Fault("displayedOrder", "names a completion a second time");
      }
      order.add(index);
    }
    if (!order.isEmpty() && order.size() < indices.size()) {
      throw new Fault("displayedOrder", "leaves out a completion");
    }
    return order;
  }

  private Map<Integer, Integer> ratings() throws Fault {
    Map<Integer, Integer> ratings = new LinkedHashMap<>();
    for (var rating : Fields.fields(line.path("ratings"), "ratings")) {
      Integer index = completion(rating.getKey(), "ratings");
      Long mark = Fields.integer(rating.getValue(), "ratings." + rating.getKey(), 1, 7);
      if (mark != null) {
        ratings.put(index, mark.intValue());
      }
    }
    return ratings;
  }

  private Map<Integer, List<String>> flags() throws Fault {
    Map<Integer, List<String>> flags = new LinkedHashMap<>();
    for (var given : Fields.fields(line.path("flags"), "flags")) {
      Integer index = completion(given.getKey(), "flags");
      String field = "flags." + given.getKey();
      List<String> names = new ArrayList<>();
      for (JsonNode flag : given.getValue()) {
        String name = Fields.text(flag, field, Submission.FLAG_LIMIT);
        if (name == null || name.isBlank()) {
          throw new Fault(field, "has a flag without a name");
        }
        names.add(name);
      }
      if (names.size() > Submission.FLAGS_LIMIT) {
        throw new Fault(field, "has more than %d flags".formatted(Submission.FLAGS_LIMIT));
      }
      if (!names.isEmpty()) {
        flags.put(index, names);
      }
    }
    return flags;
  }

  private Integer completion(String id, String field) throws Fault {
    Integer index = indices.get(id);
    if (index == null) {
      throw new Fault(field, "names a completion that is not there");
    }
    return index;
  }

  private @Nullable Double uncertainty() throws Fault {
    Double uncertainty = number(line.path("uncertainty"), "uncertainty");
    if (uncertainty != null && (uncertainty < 0 || uncertainty > 1)) {
      throw new Fault("uncertainty", "must be from 0 to 1");
    }
    return uncertainty;
  }
}
