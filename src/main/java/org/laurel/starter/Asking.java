package org.laurel.starter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Draws questions about one topic. */
final class Asking {

  private Asking() {}

  /** A question about a random entry, with the wrong content taken from another entry. */
  static Question draw(Topic topic, RandomGenerator random) {
    Topic.Section section = pick(topic.sections(), random);
    Topic.Entry entry = pick(section.entries(), random);
    Topic.Entry other = pick(section.entries(), random);
    while (other == entry) {
      other = pick(section.entries(), random);
    }
    return ask(topic, section, entry, other, pick(section.asks(), random), random);
  }

  private static Question ask(
      Topic topic,
      Topic.Section section,
      Topic.Entry entry,
      Topic.Entry other,
      String ask,
      RandomGenerator random) {
    Map<String, String> values = new LinkedHashMap<>(entry.columns());
    section.slots().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(slot -> values.put(slot.getKey(), pick(slot.getValue(), random)));
    Map<String, String> wrongValues = new LinkedHashMap<>(values);
    // A wrong answer is still about what was asked: only columns outside the question change.
    other
        .columns()
        .forEach(
            (column, value) -> {
              if (!ask.contains("{" + column + "}")) {
                wrongValues.put(column, value);
              }
            });
    String core = Sentence.capital(Sentence.fill(ask, values));
    boolean table = entry.lead().equals(other.lead());
    return new Question(
        topic.name(),
        topic.language(),
        topic.style(),
        core,
        topic.style() == Topic.Style.STEPS ? Sentence.fill(section.aim(), values) : "",
        content(entry, values),
        table ? content(entry, wrongValues) : content(other, other.columns()),
        section.vague(),
        section.curt());
  }

  private static Content content(Topic.Entry entry, Map<String, String> values) {
    List<String> points = new ArrayList<>();
    for (String point : entry.points()) {
      points.add(sentence(point, values));
    }
    return new Content(sentence(entry.lead(), values), points, sentence(entry.tip(), values));
  }

  private static String sentence(String template, Map<String, String> values) {
    return Sentence.ended(Sentence.capital(Sentence.fill(template, values)));
  }

  static <T> T pick(List<T> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }
}
