package org.laurel.simulation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a gold preference notices in a text: its words, its sentences, how it repeats and ends.
 *
 * @param text lower case, blanks collapsed
 * @param words in order, without punctuation
 * @param sentences in order, stripped
 */
record Reading(String text, List<String> words, List<String> sentences) {

  private static final Pattern WORD_BREAK = Pattern.compile("[^\\p{L}\\p{N}']+");
  private static final Pattern SENTENCE_BREAK = Pattern.compile("(?<=[.!?])\\s+|\\n+");

  /** Words that carry grammar rather than content, English and French. */
  private static final Set<String> FUNCTION_WORDS =
      new HashSet<>(
          Arrays.asList(
              ("a an the and or but if then so as at by for from in into of off on onto out over to up"
                      + " with without about after before between is are was were be been am do does did"
                      + " have has had can could will would should shall may might must not no yes i me"
                      + " my you your he him his she her it its we us our they them their this that these"
                      + " those who whom which what when where why how all any each every some one there"
                      + " here than too very more most much many just only also please tell help give"
                      + " know need want like good best way hello hi le la les un une des du de et ou"
                      + " à au aux en dans pour par sur avec sans est sont je tu il elle on nous vous ils"
                      + " ce cette ces mon ton son ma ta sa que qui quoi comment pourquoi quel quelle ne"
                      + " pas plus y s'il te se")
                  .split(" ")));

  static Reading of(String text) {
    String flat = text.toLowerCase(Locale.ROOT).strip();
    List<String> words =
        Arrays.stream(WORD_BREAK.split(flat)).filter(word -> !word.isEmpty()).toList();
    List<String> sentences =
        Arrays.stream(SENTENCE_BREAK.split(flat))
            .map(sentence -> sentence.strip().replaceFirst("^\\d+\\.$", ""))
            .filter(sentence -> !sentence.isEmpty())
            .toList();
    return new Reading(flat.replaceAll("\\s+", " "), words, sentences);
  }

  /** Stems of the words with content, in order, each once. */
  Set<String> stems() {
    Set<String> stems = new LinkedHashSet<>();
    for (String word : words) {
      if (!FUNCTION_WORDS.contains(word)
          && (word.length() > 2 || Character.isDigit(word.charAt(0)))) {
        stems.add(stem(word));
      }
    }
    return stems;
  }

  /** The first five letters: enough to match "plants" with "planting", no dictionary needed. */
  private static String stem(String word) {
    String bare = word.replaceFirst("'s$", "");
    String singular =
        bare.length() > 3 && bare.endsWith("s") ? bare.substring(0, bare.length() - 1) : bare;
    return singular.substring(0, Math.min(5, singular.length()));
  }

  /**
   * How far the prompt's content words come up here, 0 to 1: the first found counts most, three are
   * enough.
   */
  double covers(Reading prompt) {
    Set<String> asked = prompt.stems();
    if (asked.isEmpty()) {
      return words.isEmpty() ? 0 : 1;
    }
    Set<String> said = stems();
    long found = asked.stream().filter(said::contains).count();
    return (1 - Math.pow(0.3, Math.min(3, found))) / (1 - Math.pow(0.3, Math.min(3, asked.size())));
  }

  /** Share of three-word runs that occurred before, 0 (none) to 1. */
  double repetition() {
    Set<List<String>> seen = new HashSet<>();
    int repeated = 0;
    for (int i = 0; i + 3 <= words.size(); i++) {
      repeated += seen.add(words.subList(i, i + 3)) ? 0 : 1;
    }
    int runs = Math.max(1, words.size() - 2);
    return (double) repeated / runs;
  }

  /** Share of function words; connected text has a quarter to two thirds of them. */
  double functionWords() {
    return words.isEmpty()
        ? 0
        : (double) words.stream().filter(FUNCTION_WORDS::contains).count() / words.size();
  }

  /** 1 for connected text, towards 0 for lists of words, repeated words and endless sentences. */
  double fluency() {
    if (words.size() < 2) {
      return 0;
    }
    double share = functionWords();
    double connected = Math.min(1, Math.min(share / 0.15, (1 - share) / 0.2));
    double distinct = (double) new HashSet<>(words).size() / words.size();
    double varied = Math.min(1, distinct / (words.size() > 30 ? 0.4 : 0.55));
    double perSentence = (double) words.size() / Math.max(1, sentences.size());
    double breathes = Math.min(1, 30 / perSentence);
    long pauses = text.chars().filter(c -> ",.;:!?".indexOf(c) >= 0).count();
    double flows = Math.min(1, words.size() / (3.0 * Math.max(1, pauses)));
    return connected * varied * breathes * flows;
  }

  boolean endsProperly() {
    return !text.isEmpty() && ".!?".indexOf(text.charAt(text.length() - 1)) >= 0;
  }

  /** How many of the phrases occur; a phrase that ends with a full stop must be a sentence. */
  int mentions(List<String> phrases) {
    String flat = " " + String.join(" ", words) + " ";
    Set<String> alone = new HashSet<>();
    for (String sentence : sentences) {
      alone.add(String.join(" ", WORD_BREAK.split(sentence)).strip() + ".");
    }
    return (int)
        phrases.stream()
            .filter(
                phrase ->
                    phrase.endsWith(".")
                        ? alone.contains(phrase)
                        : flat.contains(" " + phrase + " "))
            .count();
  }
}
