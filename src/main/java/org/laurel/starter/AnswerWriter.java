package org.laurel.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.laurel.starter.Quality.Layout;
import org.laurel.starter.Quality.Tone;

/** Writes an answer of a given quality from the content of a question. */
record AnswerWriter(Manner manner) {

  /**
   * @param aside a sentence that answers the context of the prompt, empty if there is none
   * @param elsewhere content about something else, for answers that miss the topic
   */
  String write(
      Question question, Quality quality, String aside, Content elsewhere, RandomGenerator random) {
    List<String> parts = new ArrayList<>();
    opening(quality.tone(), random).forEach(parts::add);
    if (!aside.isEmpty() && quality.tone() != Tone.CURT && random.nextDouble() < 0.6) {
      parts.add(aside);
    }
    switch (quality.truth()) {
      case RIGHT -> tell(question.right(), question, quality, true, parts, random);
      case WRONG -> tell(question.wrong(), question, quality, random.nextBoolean(), parts, random);
      case OFF_TOPIC -> tell(elsewhere, question, quality, random.nextInt(3) == 0, parts, random);
      case VAGUE -> {
        if (random.nextInt(3) == 0) {
          parts.add(manner.pick("hedge", random));
        }
        String first = Asking.pick(question.vague(), random);
        String second = Asking.pick(question.vague(), random);
        parts.add(first);
        if (!second.equals(first) && random.nextBoolean()) {
          parts.add(second);
        }
      }
      case REFUSED -> parts.add(Asking.pick(question.curt(), random));
    }
    closing(quality.tone(), random).forEach(parts::add);
    if (quality.rambling()) {
      ramble(parts, random);
    }
    String text = String.join(" ", parts).replace(" \n", "\n").strip();
    return quality.cut() ? cut(text, random) : text;
  }

  private List<String> opening(Tone tone, RandomGenerator random) {
    return switch (tone) {
      case KIND ->
          random.nextDouble() < 0.8 ? List.of(manner.pick("kind opening", random)) : List.of();
      case PLAIN -> List.of();
      case CURT ->
          random.nextDouble() < 0.5 ? List.of(manner.pick("curt opening", random)) : List.of();
    };
  }

  private List<String> closing(Tone tone, RandomGenerator random) {
    return switch (tone) {
      case KIND ->
          random.nextDouble() < 0.65 ? List.of(manner.pick("kind closing", random)) : List.of();
      case PLAIN -> List.of();
      case CURT ->
          random.nextDouble() < 0.45 ? List.of(manner.pick("curt closing", random)) : List.of();
    };
  }

  private void tell(
      Content content,
      Question question,
      Quality quality,
      boolean repeatsAim,
      List<String> parts,
      RandomGenerator random) {
    boolean steps = question.style() == Topic.Style.STEPS;
    int count = (int) Math.round(quality.points() * content.points().size());
    List<String> points = content.points().subList(0, count);
    // With all the steps told the lead may go, as in a recipe that just begins.
    if (!steps || count < content.points().size() || random.nextDouble() < 0.6) {
      parts.add(lead(content.lead(), repeatsAim ? question.aim() : "", steps, random));
    }
    if (steps && quality.layout() == Layout.NUMBERED && count > 1) {
      for (int i = 0; i < count; i++) {
        parts.add("\n" + (i + 1) + ". " + points.get(i));
      }
      if (quality.tip()) {
        parts.add("\n" + content.tip());
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      String kind = i == 0 ? "first" : i == content.points().size() - 1 ? "last" : "next";
      parts.add(
          steps && quality.layout() == Layout.CONNECTED && count > 1
              ? phrase(kind, "step", points.get(i), random)
              : points.get(i));
    }
    if (quality.tip()) {
      parts.add(steps ? phrase("tip", "tip", content.tip(), random) : content.tip());
    }
  }

  private String lead(String lead, String aim, boolean steps, RandomGenerator random) {
    if (!steps) {
      return lead;
    }
    String template = manner.pick("aim", random);
    if (aim.isEmpty() && template.contains("{name}")) {
      return lead;
    }
    return Sentence.fill(template, Map.of("name", aim, "lead", Sentence.lower(lead)));
  }

  private String phrase(String kind, String slot, String sentence, RandomGenerator random) {
    return Sentence.fill(manner.pick(kind, random), Map.of(slot, Sentence.lower(sentence)));
  }

  private void ramble(List<String> parts, RandomGenerator random) {
    int fillers = 2 + random.nextInt(3);
    for (int i = 0; i < fillers; i++) {
      parts.add(random.nextInt(parts.size() + 1), manner.pick("filler", random));
    }
    if (random.nextInt(3) > 0) {
      String again = Asking.pick(parts, random);
      if (!again.startsWith("\n")) {
        parts.add(again);
      }
    }
  }

  private static String cut(String text, RandomGenerator random) {
    int from = text.length() * (30 + random.nextInt(60)) / 100;
    int space = text.indexOf(' ', from);
    String kept = space < 0 ? text : text.substring(0, space);
    return kept.replaceAll("[\\s.,!?;:]+$", "");
  }
}
