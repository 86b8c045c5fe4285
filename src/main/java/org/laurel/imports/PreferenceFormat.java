package org.laurel.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.Transcripts;
import org.laurel.web.Problem;

/** The shapes in which preferences come. */
public enum PreferenceFormat {
  /**
   * TRL's preference rows, plain or conversational, with the prompt given or shared by both sides.
   */
  TRL("trl", "trl-preference", "trl-preference-conversational") {
    @Override
    JudgedCompletions read(JsonNode line) throws Fault {
      if (line.has("prompt")) {
        return JudgedCompletions.pair(
            Fields.prompt(line, "prompt"),
            Fields.answer(line, "chosen"),
            Fields.answer(line, "rejected"));
      }
      if (line.path("chosen").isTextual()) {
        return HH_RLHF.read(line);
      }
      return sharedPrompt(Fields.turns(line, "chosen"), Fields.turns(line, "rejected"));
    }
  },
  /**
   * Anthropic's hh-rlhf: two transcripts, most of which differ in the last answer. As that data is,
   * answers may be missing, and may differ before the last one.
   */
  HH_RLHF("hh-rlhf") {
    @Override
    JudgedCompletions read(JsonNode line) throws Fault {
      List<Message> chosen = transcript(line, "chosen");
      List<Message> rejected = transcript(line, "rejected");
      int prompt = sharedTurns(chosen, rejected);
      return new JudgedCompletions(
          Fields.checked(List.copyOf(chosen.subList(0, prompt)), "chosen"),
          List.of(rest(chosen, prompt, "chosen"), rest(rejected, prompt, "rejected")),
          List.of(List.of(0), List.of(1)),
          null,
          Particulars.NONE);
    }
  },
  /** LLaMA-Factory's ShareGPT preference rows: conversations, chosen, rejected. */
  SHAREGPT("sharegpt", "llama-factory") {
    @Override
    JudgedCompletions read(JsonNode line) throws Fault {
      String field = line.has("conversations") ? "conversations" : "messages";
      List<Message> turns = new ArrayList<>();
      if (line.path("system").isTextual() && !line.path("system").textValue().isBlank()) {
        turns.add(new Message("system", line.path("system").textValue()));
      }
      turns.addAll(Fields.turns(line, field));
      return JudgedCompletions.pair(
          Fields.checked(turns, field),
          Fields.completion(line, "chosen"),
          Fields.completion(line, "rejected"));
    }
  },
  /** Alpaca's rows with two outputs: instruction, input, chosen, rejected. */
  ALPACA("alpaca") {
    @Override
    JudgedCompletions read(JsonNode line) throws Fault {
      return JudgedCompletions.pair(
          Instructions.prompt(line),
          Fields.completion(line, "chosen"),
          Fields.completion(line, "rejected"));
    }
  },
  /** Laurel's own: several completions in ordered groups, with ties. */
  RANKINGS("rankings") {
    @Override
    JudgedCompletions read(JsonNode line) throws Fault {
      return RankingLines.read(line);
    }
  };

  private final List<String> keys;

  PreferenceFormat(String... keys) {
    this.keys = List.of(keys);
  }

  abstract JudgedCompletions read(JsonNode line) throws Fault;

  /**
   * @throws Problem 422 with the formats there are
   */
  static PreferenceFormat named(String key) {
    return Arrays.stream(values())
        .filter(format -> format.keys.contains(key))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.invalid("there is no format " + key)
                    .error(
                        "format",
                        "must be one of "
                            + Arrays.stream(values())
                                .map(format -> format.keys.get(0))
                                .collect(Collectors.joining(", "))));
  }

  /** The format of a line, told by its fields. */
  static PreferenceFormat guess(JsonNode line) throws Fault {
    if (line.has("completions") && line.has("groups")) {
      return RANKINGS;
    }
    if (!line.has("chosen") || !line.has("rejected")) {
      throw new Fault(line.has("chosen") ? "rejected" : "chosen", "is missing");
    }
    if (line.has("prompt")) {
      return TRL;
    }
    if (line.has("conversations") || line.has("messages")) {
      return SHAREGPT;
    }
    if (line.has("instruction")) {
      return ALPACA;
    }
    return line.path("chosen").isTextual() ? HH_RLHF : TRL;
  }

  private static List<Message> transcript(JsonNode line, String field) throws Fault {
    JsonNode value = line.path(field);
    if (!value.isTextual()) {
      throw new Fault(field, value.isMissingNode() ? "is missing" : "must be a text");
    }
    Optional<List<Message>> turns = Transcripts.parse(value.textValue());
    return turns.orElseThrow(
        () -> new Fault(field, "is no transcript of \\n\\nHuman: and \\n\\nAssistant: turns"));
  }

  /** So many turns as both begin with, up to a user's that nobody or the assistant answers. */
  private static int sharedTurns(List<Message> chosen, List<Message> rejected) throws Fault {
    int most = Math.min(chosen.size(), rejected.size());
    int same = 0;
    while (same < most && chosen.get(same).equals(rejected.get(same))) {
      same++;
    }
    if (same > 0 && chosen.equals(rejected) && chosen.get(same - 1).role().equals("assistant")) {
      same--;
    }
    while (same > 0 && !chosen.get(same - 1).role().equals("user")) {
      same--;
    }
    if (same == 0) {
      throw new Fault("rejected", "must begin with the same human's turn as chosen");
    }
    return same;
  }

  private static String rest(List<Message> turns, int from, String field) throws Fault {
    return Fields.storable(Transcripts.completion(turns.subList(from, turns.size())), field);
  }

  private static JudgedCompletions sharedPrompt(List<Message> chosen, List<Message> rejected)
      throws Fault {
    int last = chosen.size() - 1;
    if (last < 1
        || rejected.size() != chosen.size()
        || !chosen.subList(0, last).equals(rejected.subList(0, last))) {
      throw new Fault(
          "rejected", "must be the same conversation as chosen but for its last answer");
    }
    if (!chosen.get(last).role().equals("assistant")
        || !rejected.get(last).role().equals("assistant")) {
      throw new Fault("chosen", "must end with the assistant's answer");
    }
    return JudgedCompletions.pair(
        Fields.checked(List.copyOf(chosen.subList(0, last)), "chosen"),
        Fields.checkedCompletion(chosen.get(last).content(), "chosen"),
        Fields.checkedCompletion(rejected.get(last).content(), "rejected"));
  }
}
