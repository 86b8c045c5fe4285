package org.laurel.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Learns a byte-level byte-pair encoding [Sennrich et al. 2016; GPT-2]: within words, the pair of
 * neighbouring symbols that occurs most often becomes a new symbol, until the vocabulary is full or
 * no pair occurs twice. Ties go to the pair that sorts first, so the same text gives the same
 * vocabulary.
 */
public final class BpeTrainer {
  /** GPT-2's split into words, as the tokenizers library's ByteLevel does it. */
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private record Pair(int left, int right) {}

  private record Candidate(Pair pair, long count) {}

  private static final class Word {
    private final int count;
    private int[] symbols;

    Word(int count, int[] symbols) {
      this.count = count;
      this.symbols = symbols;
    }
  }

  private final List<String> vocabulary = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> merges = new ArrayList<>();
  private final List<Word> words = new ArrayList<>();
  private final Map<Pair, Long> counts = new HashMap<>();
  private final Map<Pair, Set<Integer>> occurrences = new HashMap<>();
  private final int specials;

  private BpeTrainer(List<String> specialTokens) {
    this.specials = specialTokens.size();
    vocabulary.addAll(specialTokens);
    for (int b = 0; b < 256; b++) {
      symbol(String.valueOf(ByteAlphabet.character(b)));
    }
  }

  /**
   * @param texts the training text, read once; contains no special tokens
   * @param specialTokens get the ids from 0 on
   * @param vocabularySize upper bound of all ids, special tokens and the 256 bytes included
   */
  public static BpeVocabulary train(
      Stream<String> texts, List<String> specialTokens, int vocabularySize) {
    if (vocabularySize < specialTokens.size() + 256) {
      throw new IllegalArgumentException(
          "a vocabulary of " + vocabularySize + " has no room for the bytes");
    }
    BpeTrainer trainer = new BpeTrainer(specialTokens);
    trainer.count(texts);
    trainer.merge(vocabularySize);
    return new BpeVocabulary(specialTokens, trainer.vocabulary, trainer.merges);
  }

  private void count(Stream<String> texts) {
    Map<String, Integer> frequencies = new LinkedHashMap<>();
    texts.forEach(
        text -> {
          Matcher matcher = WORDS.matcher(text);
          while (matcher.find()) {
            frequencies.merge(matcher.group(), 1, Integer::sum);
          }
        });
    frequencies.forEach(
        (word, count) -> {
          byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
          int[] symbols = new int[bytes.length];
          for (int i = 0; i < bytes.length; i++) {
            symbols[i] = specials + (bytes[i] & 0xff);
          }
          words.add(new Word(count, symbols));
        });
    for (int i = 0; i < words.size(); i++) {
      addPairs(i, 1);
    }
  }

  /** Adds (sign 1) or takes away (sign -1) the pairs of one word. */
  private void addPairs(int index, int sign) {
    Word word = words.get(index);
    for (int i = 0; i + 1 < word.symbols.length; i++) {
      Pair pair = new Pair(word.symbols[i], word.symbols[i + 1]);
      counts.merge(pair, (long) sign * word.count, Long::sum);
      if (sign > 0) {
        occurrences.computeIfAbsent(pair, p -> new HashSet<>()).add(index);
      }
    }
  }

  private void merge(int vocabularySize) {
    PriorityQueue<Candidate> queue = new PriorityQueue<>(this::moreFrequentFirst);
    counts.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
    while (vocabulary.size() < vocabularySize && !queue.isEmpty()) {
      Candidate best = queue.remove();
      long current = counts.getOrDefault(best.pair(), 0L);
      if (current != best.count()) {
        // Stale: an earlier merge took some of its occurrences. Queue it again at its true count.
        if (current > 0) {
          queue.add(new Candidate(best.pair(), current));
        }
        continue;
      }
      if (best.count() < 2) {
        break;
      }
      if (spellsSpecial(best.pair())) {
        continue;
      }
      for (Pair grown : apply(best.pair())) {
        queue.add(new Candidate(grown, counts.getOrDefault(grown, 0L)));
      }
    }
  }

  /** Makes the pair one symbol everywhere; returns the pairs that this created. */
  private Set<Pair> apply(Pair pair) {
    String left = vocabulary.get(pair.left());
    String right = vocabulary.get(pair.right());
    merges.add(left + " " + right);
    int symbol = symbol(left + right);
    Set<Pair> grown = new HashSet<>();
    Set<Integer> affected = occurrences.remove(pair);
    for (int index : affected == null ? Set.<Integer>of() : affected) {
      addPairs(index, -1);
      Word word = words.get(index);
      word.symbols = replaced(word.symbols, pair, symbol);
      addPairs(index, 1);
      for (int i = 0; i + 1 < word.symbols.length; i++) {
        if (word.symbols[i] == symbol || word.symbols[i + 1] == symbol) {
          grown.add(new Pair(word.symbols[i], word.symbols[i + 1]));
        }
      }
    }
    counts.remove(pair);
    return grown;
  }

  private boolean spellsSpecial(Pair pair) {
    String token = vocabulary.get(pair.left()) + vocabulary.get(pair.right());
    return vocabulary.subList(0, specials).contains(token);
  }

  /** Id of a token, a new one at its first call; a token has one id whatever spells it. */
  private int symbol(String token) {
    return ids.computeIfAbsent(
        token,
        added -> {
          vocabulary.add(added);
          return vocabulary.size() - 1;
        });
  }

  private static int[] replaced(int[] symbols, Pair pair, int symbol) {
    int[] result = new int[symbols.length];
    int length = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean here =
          symbols[i] == pair.left() && i + 1 < symbols.length && symbols[i + 1] == pair.right();
      result[length++] = here ? symbol : symbols[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(result, length);
  }

  private int moreFrequentFirst(Candidate a, Candidate b) {
    int order = Long.compare(b.count(), a.count());
    order = order != 0 ? order : Integer.compare(a.pair().left(), b.pair().left());
    return order != 0 ? order : Integer.compare(a.pair().right(), b.pair().right());
  }
}
