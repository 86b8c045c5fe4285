package org.laurel.engine.ppo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Wall-clock time of each part of a step, in seconds. */
final class Phases {

  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Consumer<String> listener;
  private @Nullable String phase;
  private long since = System.nanoTime();

  Phases(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Ends the phase before, if any. */
  void begin(String name) {
    end();
    phase = name;
    listener.accept(name);
  }

  /** Ends the last phase. */
  Map<String, Double> end() {
    long now = System.nanoTime();
    if (phase != null) {
      seconds.merge("time/" + phase, (now - since) / 1e9, Double::sum);
    }
    since = now;
    return seconds;
  }
}
