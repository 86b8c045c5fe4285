package org.laurel.starter;

import java.util.List;
import java.util.Map;

/**
 * What the corpus knows about one part of everyday life.
 *
 * @param weight how often the topic is asked about, against the others
 */
record Topic(String name, String language, Style style, int weight, List<Section> sections) {

  /** Whether points may be numbered and joined by "first" and "then". */
  enum Style {
    STEPS,
    PROSE
  }

  /**
   * One way to ask about a list of entries.
   *
   * @param aim the verb phrase that an answer may repeat ("make {dish}"), empty if there is none
   * @param asks question templates
   * @param vague sentences that answer any question of this section and help with none
   * @param curt rude ways to give no answer
   * @param slots values that are free to combine with every entry
   */
  record Section(
      String aim,
      List<String> asks,
      List<String> vague,
      List<String> curt,
      Map<String, List<String>> slots,
      List<Entry> entries) {}

  /**
   * One thing known; lead, points and tip are templates over the columns and the slots.
   *
   * @param columns the values that belong to this entry, {@code name} among them for a block
   */
  record Entry(Map<String, String> columns, String lead, List<String> points, String tip) {}
}
