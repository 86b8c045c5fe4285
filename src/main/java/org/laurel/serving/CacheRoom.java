package org.laurel.serving;

import java.util.Collection;
import java.util.List;
import org.laurel.model.ModelConfig;

/**
 * How large a cache the rows need that run and wait, within the memory that a session may use. A
 * row begins with room for its prompt and a few hundred tokens, however many it may draw, and gets
 * twice as much each time it fills what it has.
 */
final class CacheRoom {
  /** Cache lengths come in these steps, so that it is not laid out anew for every request. */
  private static final int CAPACITY_STEP = 64;

  /** New tokens that a row has room for at first: most answers need no more. */
  private static final int FIRST_NEW_TOKENS = 256;

  /** Slots laid out even for fewer rows. */
  private static final int FEW_ROWS = 8;

  private final ModelConfig config;
  private final PolicySession.Limits limits;
  private final CacheMemory memory;

  CacheRoom(ModelConfig config, PolicySession.Limits limits) {
    this.config = config;
    this.limits = limits;
    memory = new CacheMemory(limits.cacheBytes());
  }

  /** A cache to begin with. */
  KeyValueCache least() {
    return new KeyValueCache(config, FEW_ROWS, Math.min(CAPACITY_STEP, longest()));
  }

  /** Most tokens that any row may come to: the context, or as much of it as one buffer holds. */
  int longest() {
    return (int)
        Math.min(
            config.maxPositionEmbeddings(),
            KeyValueCache.MOST_BYTES / KeyValueCache.bytesPerRow(config, 1));
  }

  /** Tokens that a row has room for at first, in whole steps. */
  int first(int promptTokens, int maxNewTokens) {
    long tokens = (long) promptTokens + Math.min(maxNewTokens, FIRST_NEW_TOKENS);
    long steps = (tokens - 1) / CAPACITY_STEP + 1;
    return (int) Math.min(longest(), steps * CAPACITY_STEP);
  }

  /** Room for a row that has filled {@code tokens}. */
  int next(int tokens) {
    return (int) Math.min(longest(), 2L * tokens);
  }

  /** How many of these rows the memory holds together, from the first on; at least that one. */
  int together(List<GeneratedRow> rows) {
    int tokens = 1;
    for (int i = 0; i < rows.size(); i++) {
      tokens = Math.max(tokens, rows.get(i).room());
      if (mostRows(tokens) <= i) {
        return i;
      }
    }
    return rows.size();
  }

  /**
   * A cache for the rows that run and as many of {@code next}, from the first on, as memory allows.
   *
   * @param rows that run, in the cache's first slots; memory holds them {@link #together}
   */
  KeyValueCache forRows(KeyValueCache cache, List<GeneratedRow> rows, List<GeneratedRow> next) {
    int tokens = longestRoom(rows);
    int wanted = rows.size();
    for (GeneratedRow row : next) {
      int widened = Math.max(tokens, row.room());
      if (mostRows(widened) <= wanted) {
        break;
      }
      tokens = widened;
      wanted++;
    }
    return fitting(cache, rows, wanted, tokens);
  }

  /**
   * A cache for the rows that run and as many waiting ones as memory allows.
   *
   * @param rows that run, in the cache's first slots; memory holds them {@link #together}
   */
  KeyValueCache forRequests(
      KeyValueCache cache, List<GeneratedRow> rows, Collection<GenerationRequest> waiting) {
    int tokens = longestRoom(rows);
    int wanted = rows.size();
    for (GenerationRequest request : waiting) {
      int widened = Math.max(tokens, first(request));
      if (mostRows(widened) <= rows.size()) {
        break;
      }
      tokens = widened;
      wanted += request.waitingRows();
    }
    return fitting(cache, rows, wanted, tokens);
  }

  /** Room at first for the longest row of a request. */
  int first(GenerationRequest request) {
    return first(request.longestPrompt(), request.parameters().maxNewTokens());
  }

  /**
   * The cache there is if it does, else another with what the running rows have in theirs; the one
   * before must not be used then.
   */
  private KeyValueCache fitting(
      KeyValueCache cache, List<GeneratedRow> rows, int wanted, int tokens) {
    int most = mostRows(tokens);
    boolean tooSmall = tokens > cache.capacity() || Math.min(most, wanted) > cache.slots();
    boolean farTooLong = rows.isEmpty() && cache.capacity() > 4 * tokens;
    if (!tooSmall && !farTooLong) {
      return cache;
    }
    int slots = Math.min(most, Math.max(wanted, FEW_ROWS));
    long bytes = slots * KeyValueCache.bytesPerRow(config, tokens);
    if (rows.isEmpty() && memory.keeps(cache.block()) && bytes <= cache.block().capacity()) {
      return new KeyValueCache(config, slots, tokens, cache.block());
    }
    KeyValueCache other = new KeyValueCache(config, slots, tokens, memory.take(bytes));
    for (int i = 0; i < rows.size(); i++) {
      other.copy(cache, i, i, rows.get(i).cachedTokens());
    }
    memory.giveBack(cache.block());
    return other;
  }

  private static int longestRoom(List<GeneratedRow> rows) {
    return rows.stream().mapToInt(GeneratedRow::room).max().orElse(1);
  }

  private int mostRows(int tokens) {
    long memory = Math.min(limits.cacheBytes(), KeyValueCache.MOST_BYTES);
    long affordable = memory / KeyValueCache.bytesPerRow(config, tokens);
    return (int) Math.max(1, Math.min(limits.maxRows(), affordable));
  }
}
