package org.laurel.serving;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Models that are opened when first asked for and stay open while somebody uses them; of those that
 * nobody uses, the ones used last stay too, up to a number. Thread-safe.
 *
 * @param <T> closed when it falls out
 */
public final class OpenModels<T extends AutoCloseable> implements AutoCloseable {
  private final int idle;
  private final Function<String, T> opener;
  private final Predicate<T> usable;
  // in the order of last use
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /**
   * @param idle most models kept open that nobody uses
   * @param opener opens the model of a key; may take long, other keys do not wait for it
   */
  public OpenModels(int idle, Function<String, T> opener) {
    this(idle, opener, model -> true);
  }

  /**
   * Models that may end by themselves.
   *
   * @param usable whether a model still serves; in place of one that does not, the next who asks
   *     opens another
   */
  public OpenModels(int idle, Function<String, T> opener, Predicate<T> usable) {
    this.idle = idle;
    this.opener = opener;
    this.usable = usable;
  }

  /**
   * Opens the key's model or joins those who use it.
   *
   * @throws IllegalStateException once closed
   */
  public Lease open(String key) {
    Lease lease = lease(key);
    if (usable.test(lease.model())) {
      return lease;
    }
    synchronized (this) {
      entries.remove(key, lease.entry);
    }
    lease.close();
    return lease(key);
  }

  private Lease lease(String key) {
    Entry entry;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("Models are no longer served");
      }
      entry = entries.computeIfAbsent(key, absent -> new Entry(absent));
      entry.users++;
    }
    try {
      return new Lease(entry, entry.model());
    } catch (RuntimeException | Error failure) {
      synchronized (this) {
        entry.users--;
        entries.remove(key, entry);
      }
      throw failure;
    }
  }

  private void giveBack(Entry entry) {
    synchronized (this) {
      entry.users--;
      if (entry.users == 0 && entries.get(entry.key) != entry) {
        entry.close();
      }
      dropIdle();
    }
  }

  private void dropIdle() {
    long unused = entries.values().stream().filter(entry -> entry.users == 0).count();
    Iterator<Entry> eldestFirst = entries.values().iterator();
    while (unused > (closed ? 0 : idle) && eldestFirst.hasNext()) {
      Entry entry = eldestFirst.next();
      if (entry.users == 0) {
        eldestFirst.remove();
        entry.close();
        unused--;
      }
    }
  }

  /** Closes what nobody uses now, and the rest as it is given back. */
  @Override
  public synchronized void close() {
    closed = true;
    dropIdle();
  }

  /** The use of an open model; closing it again does nothing. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;
    private final T model;
    private boolean ended;

    private Lease(Entry entry, T model) {
      this.entry = entry;
      this.model = model;
    }

    public T model() {
      return model;
    }

    @Override
    public synchronized void close() {
      if (!ended) {
        ended = true;
        giveBack(entry);
      }
    }
  }

  private final class Entry {
    private final String key;
    private @Nullable T model;
    private int users;

    Entry(String key) {
      this.key = key;
    }

    synchronized T model() {
      T open = model;
      if (open == null) {
        open = opener.apply(key);
        model = open;
      }
      return open;
    }

    synchronized void close() {
      if (model != null) {
        try {
          model.close();
        } catch (Exception failure) {
          throw new IllegalStateException("Could not close the model " + key, failure);
        }
      }
    }
  }
}
