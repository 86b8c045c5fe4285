package org.laurel.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.laurel.model.ModelConfig;

/**
 * The rows under way, each in a slot of the cache, or set aside while older ones need its memory.
 * The oldest row is never set aside and those set aside come back before others begin, so that
 * every row comes to its end. One that comes back finds the very bits that it left.
 */
final class CachedRows {
  private record Aside(GeneratedRow row, KeyValueCache kept) {}

  private final ModelConfig config;
  private final CacheRoom room;
  private final List<GeneratedRow> rows = new ArrayList<>();
  // oldest first, and all younger than those in the cache
  private final Deque<Aside> aside = new ArrayDeque<>();
  private KeyValueCache cache;
  private int layout;

  CachedRows(ModelConfig config, CacheRoom room) {
    this.config = config;
    this.room = room;
    cache = room.least();
  }

  KeyValueCache cache() {
    return cache;
  }

  /** Another number whenever rows have changed their places. */
  int layout() {
    return layout;
  }

  /** Rows in the cache: row {@code i} has slot {@code i}. */
  int size() {
    return rows.size();
  }

  GeneratedRow get(int slot) {
    return rows.get(slot);
  }

  /** Whether no row is under way, in the cache or aside. */
  boolean isEmpty() {
    return rows.isEmpty() && aside.isEmpty();
  }

  boolean hasRowsAside() {
    return !aside.isEmpty();
  }

  /** Slots that nobody has. */
  int free() {
    return cache.slots() - rows.size();
  }

  /** Gives these the slots behind those in use. */
  void add(List<GeneratedRow> added) {
    rows.addAll(added);
    layout++;
  }

  /** Makes room for the next token of every row; one that there is no memory for fails. */
  void grow() {
    boolean full = false;
    for (GeneratedRow row : rows) {
      if (row.cachedTokens() >= row.room()) {
        row.enlarge(room.next(row.room()));
        full = true;
      }
    }
    if (!full) {
      return;
    }
    setAside();
    try {
      take(room.forRows(cache, rows, List.of()));
    } catch (RuntimeException | Error failure) {
      for (int slot = rows.size() - 1; slot >= 0; slot--) {
        if (rows.get(slot).cachedTokens() >= cache.capacity()) {
          rows.get(slot).fail(failure);
          vacate(slot);
        }
      }
    }
  }

  /** Leaves the oldest rows that memory holds together. */
  private void setAside() {
    List<GeneratedRow> byAge =
        rows.stream().sorted(Comparator.comparingLong(GeneratedRow::number)).toList();
    int staying = room.together(byAge);
    for (int i = byAge.size() - 1; i >= staying; i--) {
      GeneratedRow row = byAge.get(i);
      int slot = rows.indexOf(row);
      try {
        KeyValueCache kept = new KeyValueCache(config, 1, row.cachedTokens());
        kept.copy(cache, slot, 0, row.cachedTokens());
        aside.addFirst(new Aside(row, kept));
      } catch (RuntimeException | Error failure) {
        row.fail(failure);
      }
      vacate(slot);
    }
  }

  /** Takes back as many of the rows set aside as memory allows. */
  void takeBack() {
    aside.removeIf(waiting -> waiting.row().isFinished());
    if (aside.isEmpty()) {
      return;
    }
    try {
      take(room.forRows(cache, rows, aside.stream().map(Aside::row).toList()));
    } catch (RuntimeException | Error failure) {
      aside.remove().row().fail(failure);
      return;
    }
    while (!aside.isEmpty() && free() > 0 && aside.element().row().room() <= cache.capacity()) {
      Aside back = aside.remove();
      cache.copy(back.kept(), 0, rows.size(), back.row().cachedTokens());
      add(List.of(back.row()));
    }
  }

  /** Makes room for waiting rows beside those under way, as far as memory allows. */
  void makeRoom(Collection<GenerationRequest> waiting) {
    take(room.forRequests(cache, rows, waiting));
  }

  private void take(KeyValueCache fitting) {
    if (fitting != cache) {
      cache = fitting;
      layout++;
    }
  }

  void dropFinished() {
    for (int slot = rows.size() - 1; slot >= 0; slot--) {
      if (rows.get(slot).isFinished()) {
        vacate(slot);
      }
    }
  }

  /** Fills the slot with the last row. */
  private void vacate(int slot) {
    GeneratedRow last = rows.remove(rows.size() - 1);
    if (slot < rows.size()) {
      cache.copy(cache, rows.size(), slot, last.cachedTokens());
      rows.set(slot, last);
    }
    layout++;
  }

  /** Ends the rows in the cache with an error; what lies aside is whole. */
  void fail(Throwable reason) {
    rows.forEach(row -> row.fail(reason));
    rows.clear();
    layout++;
  }

  /** Ends all rows with an error. */
  void failAll(Throwable reason) {
    fail(reason);
    aside.forEach(waiting -> waiting.row().fail(reason));
    aside.clear();
  }
}
