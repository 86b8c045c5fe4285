package org.laurel.serving;

import java.util.Collection;
import java.util.List;
import org.laurel.model.ModelConfig;

/** How large a cache the rows need that run and wait, within the memory that a session may use. */
final class CacheRoom {
  /** Cache lengths come in these steps, so that it is not laid out anew for every request. */
  private static final int CAPACITY_STEP = 64;

  /** Slots laid out even for fewer rows. */
  private static final int FEW_ROWS = 8;

  private final ModelConfig config;
  private final PolicySession.Limits limits;

  CacheRoom(ModelConfig config, PolicySession.Limits limits) {
    this.config = config;
    this.limits = limits;
  }

  /** A cache to begin with. */
  KeyValueCache least() {
    return new KeyValueCache(
        config, FEW_ROWS, Math.min(CAPACITY_STEP, config.maxPositionEmbeddings()));
  }

  /** Tokens of the longest row of a request, in whole steps. */
  int tokens(GenerationRequest request) {
    long longest = (long) request.longestPrompt() + request.parameters().maxNewTokens();
    long steps = (longest - 1) / CAPACITY_STEP + 1;
    return (int) Math.min(config.maxPositionEmbeddings(), steps * CAPACITY_STEP);
  }

  /**
   * A cache for the rows that run and as many waiting ones as memory allows: the one there is if it
   * does, else another with what the running rows have in theirs.
   *
   * @param rows that run, in the cache's first slots
   */
  KeyValueCache fitting(
      KeyValueCache cache, List<GeneratedRow> rows, Collection<GenerationRequest> waiting) {
    int tokens = rows.isEmpty() ? 1 : cache.capacity();
    int wanted = rows.size();
    for (GenerationRequest request : waiting) {
      int widened = Math.max(tokens, tokens(request));
      if (mostRows(widened) <= rows.size()) {
        break;
      }
      tokens = widened;
      wanted += request.waitingRows();
    }
    int slots = Math.min(mostRows(tokens), Math.max(wanted, FEW_ROWS));
    boolean tooSmall = tokens > cache.capacity() || slots > cache.slots();
    boolean farTooLong = rows.isEmpty() && cache.capacity() > 4 * tokens;
    if (!tooSmall && !farTooLong) {
      return cache;
    }
    KeyValueCache larger = new KeyValueCache(config, slots, tokens);
    for (int i = 0; i < rows.size(); i++) {
      larger.copy(cache, i, i, rows.get(i).length());
    }
    return larger;
  }

  private int mostRows(int tokens) {
    long affordable = limits.cacheBytes() / KeyValueCache.bytesPerRow(config, tokens);
    return (int) Math.max(1, Math.min(limits.maxRows(), affordable));
  }
}
