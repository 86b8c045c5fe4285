package org.laurel.ngram;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.laurel.preference.SparseBradleyTerry.Features;
import org.laurel.tokenizer.Message;

/**
 * The wording of a completion as a sparse vector: its character n-grams (1 to 5) and its words and
 * pairs of words, both by hash, and its manner, by which we mean its length and what it repeats of
 * the conversation.
 *
 * <p>Letters count without case, runs of white space as one. An n-gram that occurs n times weighs 1
 * + log n; characters and words each make up half of the vector's length, which is 1 without the
 * manner, so that long completions do not outweigh short ones.
 */
public final class Ngrams {
  /** Places that n-grams share by their hash. */
  static final int PLACES = 1 << 19;

  /** Features behind them: log length, and what is repeated of the question and of past answers. */
  static final int MANNER = 3;

  static final int WIDTH = PLACES + MANNER;

  private static final int LONGEST = 5;

  /** What comes later hardly changes the shares. */
  private static final int MOST_CHARACTERS = 8_000;

  private static final char START = '\u0002';
  private static final char END = '\u0003';
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private static final double LENGTH_SCALE = 0.1;
  private static final double REPETITION_SCALE = 0.2;

  /** Shorter words are in every text. */
  private static final int TELLING = 4;

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}']+|[^\\p{L}\\p{N}'\\s]");

  /** Places of the character n-grams, and of the words, ascending, as often as they occur. */
  @SuppressWarnings("ArrayRecordComponent") // only ever read
  record Counted(int[] characters, int[] words, float[] manner) {}

  private Ngrams() {}

  static Counted count(List<Message> prompt, String completion) {
    String text =
        SPACE
            .matcher(completion.strip().toLowerCase(Locale.ROOT))
            .replaceAll(run -> run.group().indexOf('\n') < 0 ? " " : "\n");
    String shown = text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
    return new Counted(places(START + shown + END), words(shown), manner(prompt, text));
  }

  /** How many characters of a completion it looks at. */
  static int characters(String completion) {
    return Math.min(completion.length(), MOST_CHARACTERS);
  }

  private static int[] places(String text) {
    int[] places = new int[LONGEST * text.length()];
    int count = 0;
    for (int start = 0; start < text.length(); start++) {
      long hash = 0;
      for (int n = 1; n <= LONGEST && start + n <= text.length(); n++) {
        hash = (hash ^ text.charAt(start + n - 1)) * MULTIPLIER;
        places[count++] = place(hash + n);
      }
    }
    return sorted(places, count);
  }

  private static int[] words(String text) {
    long[] hashes =
        WORD.matcher(text).results().mapToLong(word -> word.group().hashCode()).toArray();
    int[] places = new int[2 * hashes.length];
    int count = 0;
    for (int i = 0; i < hashes.length; i++) {
      long first = (hashes[i] ^ Long.MIN_VALUE) * MULTIPLIER;
      places[count++] = place(first);
      if (i + 1 < hashes.length) {
        places[count++] = place((first ^ hashes[i + 1]) * MULTIPLIER);
      }
    }
    return sorted(places, count);
  }

  private static int place(long hash) {
    long mixed = hash ^ (hash >>> 32);
    return (int) ((mixed * MULTIPLIER) >>> 32) & (PLACES - 1);
  }

  private static int[] sorted(int[] places, int count) {
    int[] all = Arrays.copyOf(places, count);
    Arrays.sort(all);
    return all;
  }

  private static float[] manner(List<Message> prompt, String text) {
    Set<String> said = telling(text);
    Set<String> asked = new HashSet<>();
    Set<String> answered = new HashSet<>();
    for (Message message : prompt) {
      if (message.role().equals("assistant")) {
        answered.addAll(telling(message.content()));
      } else if (message.role().equals("user")) {
        asked = telling(message.content()); // the last stays
      }
    }
    return new float[] {
      (float) (LENGTH_SCALE * Math.log1p(text.length())),
      (float) (REPETITION_SCALE * share(asked, said)),
      (float) (REPETITION_SCALE * share(said, answered))
    };
  }

  private static Set<String> telling(String text) {
    Set<String> words = new HashSet<>();
    WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .filter(word -> word.end() - word.start() >= TELLING)
        .forEach(word -> words.add(word.group()));
    return words;
  }

  /** Share of the words that are among the others. */
  private static double share(Set<String> words, Set<String> others) {
    return words.stream().filter(others::contains).count() / (double) Math.max(1, words.size());
  }

  /** The vector. */
  static Features features(Counted counted) {
    int[] places = new int[counted.characters.length + counted.words.length + MANNER];
    float[] values = new float[places.length];
    int characters = add(counted.characters, places, values, 0);
    int all = add(counted.words, places, values, characters);
    for (int i = 0; i < MANNER; i++) {
      places[all] = PLACES + i;
      values[all++] = counted.manner[i];
    }
    return new Features(Arrays.copyOf(places, all), Arrays.copyOf(values, all));
  }

  /** Weighs one kind of n-grams and brings it to length 1 / sqrt(2). */
  private static int add(int[] sorted, int[] places, float[] values, int from) {
    int to = from;
    double square = 0;
    for (int i = 0; i < sorted.length; ) {
      int next = i;
      while (next < sorted.length && sorted[next] == sorted[i]) {
        next++;
      }
      places[to] = sorted[i];
      values[to] = (float) (1 + Math.log(next - i));
      square += values[to] * values[to];
      to++;
      i = next;
    }
    float scale = (float) (1 / Math.sqrt(2 * Math.max(square, 1e-12)));
    for (int i = from; i < to; i++) {
      values[i] *= scale;
    }
    return to;
  }
}
