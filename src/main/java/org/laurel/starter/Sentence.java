package org.laurel.starter;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small changes to a sentence: its first letter, its full stop, the values of its slots. */
final class Sentence {

  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)(:lower)?}");

  private Sentence() {}

  static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** The first letter small, so that the sentence can follow "First, "; "I" and "LED" stay. */
  static String lower(String text) {
    int word = text.indexOf(' ') < 0 ? text.length() : text.indexOf(' ');
    boolean acronym = word > 1 && Character.isUpperCase(text.charAt(1));
    boolean pronoun = word == 1 && text.charAt(0) == 'I' || text.startsWith("I'");
    return text.isEmpty() || acronym || pronoun
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  /** Ends the text with a full stop unless it already ends a sentence. */
  static String ended(String text) {
    return text.isEmpty() || ".!?".indexOf(text.charAt(text.length() - 1)) >= 0 ? text : text + ".";
  }

  /**
   * Replaces {@code {slot}} by its value; {@code {Slot}} begins with a capital and {@code
   * {slot:lower}} with a small letter.
   *
   * @throws IllegalArgumentException if a slot has no value
   */
  static String fill(String template, Map<String, String> values) {
    return SLOT.matcher(template)
        .replaceAll(
            match -> {
              String name = match.group(1);
              String value = values.get(lower(name));
              if (value == null) {
                throw new IllegalArgumentException("no value for {" + name + "} in: " + template);
              }
              boolean capital = Character.isUpperCase(name.charAt(0));
              String shown =
                  match.group(2) != null ? lower(value) : capital ? capital(value) : value;
              return Matcher.quoteReplacement(shown);
            });
  }
}
