package org.laurel.engine.ppo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A term of the score that somebody writes down as data: what the text of a completion is worth,
 * times a weight.
 *
 * @param name under which its mean is logged, as {@code rule/NAME}: letters, digits, _ and -
 * @param weight its value is multiplied by this; negative for what is unwanted
 * @param kind what it looks for
 * @param pattern of a REGEX, in RE2's syntax, found anywhere in the text: the time it takes grows
 *     in proportion to the text, whatever the pattern
 * @param words of KEYWORDS, in any case
 * @param min least number of words for WORDS
 * @param max greatest number of words for WORDS
 */
public record TextRule(
    String name,
    double weight,
    Kind kind,
    @Nullable String pattern,
    @Nullable List<String> words,
    @Nullable Integer min,
    @Nullable Integer max) {

  /** What a rule looks for, and what it is worth before the weight. */
  public enum Kind {
    /** 1 if the pattern is found, else 0. */
    REGEX,
    /** Share of the words that occur. */
    KEYWORDS,
    /** 1 if the number of words is within the limits, else 0. */
    WORDS,
    /** 1 if the text is one JSON value, else 0. */
    JSON,
    /** 1 if the text ends like a sentence, else 0. */
    SENTENCE
  }

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");
  private static final Pattern COUNT = Pattern.compile("(\\)?)\\{(\\d+)(?:,(\\d*))?\\}");
  private static final int LONGEST_PATTERN = 1000;

  /**
   * Characters of a pattern whose counts are written out: it is that long before it is simplified.
   */
  private static final long LARGEST_PATTERN = 20_000;

  /** Steps of a compiled pattern, which are taken for every character, and may nest as deeply. */
  private static final int LARGEST_PROGRAM = 2500;

  private static final String SMALLER = "a pattern that repeats less";

  private static final Pattern SENTENCE_END = Pattern.compile("[.!?…][\"'”’»)]*\\s*$");

  /**
   * Checks that the rule can be applied.
   *
   * @throws IllegalArgumentException saying what is missing or wrong
   */
  public TextRule {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a rule's name is 1 to 40 letters, digits, _ or -");
    }
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException("rule " + name + ": the weight is no number");
    }
    if (kind == null) {
      throw new IllegalArgumentException("rule " + name + " has no kind");
    }
    words = words == null ? null : List.copyOf(words);
    switch (kind) {
      case REGEX -> compiled(name, pattern);
      case KEYWORDS -> require(words != null && !words.isEmpty(), name, "words");
      case WORDS -> require(min != null || max != null, name, "min or max");
      case JSON, SENTENCE -> {}
    }
  }

  private static void require(boolean there, String name, String what) {
    if (!there) {
      throw new IllegalArgumentException("rule " + name + " needs " + what);
    }
  }

  private static Pattern compiled(String name, @Nullable String pattern) {
    if (pattern == null) {
      throw new IllegalArgumentException("rule " + name + " needs a pattern");
    }
    require(pattern.length() <= LONGEST_PATTERN, name, "a pattern of 1000 characters at most");
    require(repeated(pattern) <= LARGEST_PATTERN, name, SMALLER);
    try {
      Pattern compiled = Pattern.compile(pattern);
      require(compiled.programSize() <= LARGEST_PROGRAM, name, SMALLER);
      return compiled;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "rule %s: %s in its pattern at %s (the syntax is RE2's)"
              .formatted(name, e.getDescription(), e.getPattern()),
          e);
    }
  }

  /** An upper bound of a pattern's length once its counts are written out, groups within groups. */
  private static long repeated(String pattern) {
    long ofGroups = 1;
    long ofCharacters = 1;
    Matcher counts = COUNT.matcher(pattern);
    while (counts.find() && ofGroups <= LARGEST_PATTERN) {
      String most = counts.group(3);
      long count = count(most == null || most.isEmpty() ? counts.group(2) : most);
      if (counts.group(1).isEmpty()) {
        ofCharacters = Math.max(ofCharacters, count);
      } else {
        ofGroups *= count;
      }
    }
    return pattern.length() * ofGroups * ofCharacters;
  }

  private static long count(String digits) {
    return digits.length() > 4 ? LARGEST_PATTERN : Long.parseLong(digits);
  }

  /** What a text is worth, 0 to 1, before the weight. */
  public double value(String text) {
    return switch (kind) {
      case REGEX -> compiled(name, pattern).matcher(text).find() ? 1 : 0;
      case KEYWORDS -> keywords(text, words == null ? List.of() : words);
      case WORDS -> {
        int count = text.isBlank() ? 0 : text.strip().split("\\s+").length;
        yield (min == null || count >= min) && (max == null || count <= max) ? 1 : 0;
      }
      case JSON -> isJson(text) ? 1 : 0;
      case SENTENCE -> SENTENCE_END.matcher(text).find() ? 1 : 0;
    };
  }

  private static double keywords(String text, List<String> words) {
    String lower = text.toLowerCase(Locale.ROOT);
    long found =
        words.stream().filter(word -> lower.contains(word.toLowerCase(Locale.ROOT))).count();
    return found / (double) words.size();
  }

  private static boolean isJson(String text) {
    try {
      return !MAPPER.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
