package org.laurel.engine.ppo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the wall-clock time of a PPO run went, from its second step to its last: the first one also
 * warms up.
 *
 * @param shares of the time, by phase; {@value #OTHER} is what lies between the phases, such as
 *     checkpoints and sample completions. They add up to 1
 * @param secondsPerStep with everything
 */
public record TimeSplit(Map<String, Double> shares, double secondsPerStep) {

  private static final String PHASE = "time/";
  private static final String OTHER = "other";
  private static final String REFRESH = "refresh";

  /**
   * Reads a run's metrics, rows of step, time, key and value; nothing where fewer than two steps
   * were done.
   */
  public static Optional<TimeSplit> read(Path metrics) throws IOException {
    ObjectMapper json = new ObjectMapper();
    TreeMap<Integer, Instant> ends = new TreeMap<>();
    TreeMap<Integer, Map<String, Double>> steps = new TreeMap<>();
    for (String line : Files.readAllLines(metrics)) {
      JsonNode row = json.readTree(line);
      String key = row.path("key").asText();
      if (key.startsWith(PHASE)) {
        int step = row.path("step").asInt();
        ends.put(step, Instant.parse(row.path("time").asText()));
        steps
            .computeIfAbsent(step, any -> new LinkedHashMap<>())
            .put(key.substring(PHASE.length()), row.path("value").asDouble());
      }
    }
    if (steps.size() < 2) {
      return Optional.empty();
    }
    double whole =
        Duration.between(ends.firstEntry().getValue(), ends.lastEntry().getValue()).toNanos() / 1e9;
    Map<String, Double> shares = new LinkedHashMap<>();
    steps
        .tailMap(steps.firstKey(), false)
        .values()
        .forEach(phases -> phases.forEach((p, s) -> shares.merge(p, s / whole, Double::sum)));
    double inPhases = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    shares.put(OTHER, 1 - inPhases);
    return Optional.of(new TimeSplit(shares, whole / (steps.size() - 1)));
  }

  /** Share of the time in which no model computes anything. */
  public double outsideModels() {
    return shares.getOrDefault(OTHER, 0.0) + shares.getOrDefault(REFRESH, 0.0);
  }
}
