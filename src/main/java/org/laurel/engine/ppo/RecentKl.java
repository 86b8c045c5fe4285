package org.laurel.engine.ppo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** KL of the latest completions, of as many steps as it takes to tell a fault from chance. */
final class RecentKl {
  /** Completions that are looked back at; a step of more is looked at whole. */
  private static final int WINDOW = 256;

  private static final String KEY = "recentKl";

  private final List<Double> values = new ArrayList<>();

  /**
   * Takes in a step's, nats, and forgets the oldest beyond the window.
   *
   * @return those in the window, oldest first
   */
  double[] add(double[] step) {
    for (double kl : step) {
      values.add(kl);
    }
    int kept = Math.max(WINDOW, step.length);
    values.subList(0, Math.max(0, values.size() - kept)).clear();
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  void keep(ObjectNode state) {
    ArrayNode kept = state.putArray(KEY);
    values.forEach(kept::add);
  }

  void restore(JsonNode state) {
    values.clear();
    state.path(KEY).forEach(kl -> values.add(kl.asDouble()));
  }
}
