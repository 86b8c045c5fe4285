package org.laurel.engine.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Hears what a run does, beside the files in its directory; for example to tell a database. Called
 * on the trainer's thread: slow work belongs elsewhere. What it throws ends the run.
 */
public interface RunListener {
  /** Values by TRL's keys, such as objective/kl, at a step counted from 1. */
  default void metrics(int step, Map<String, Double> values) {}

  /** Steps done, of how many. Also a sign of life. */
  default void progress(int step, int totalSteps) {}

  /** A sample completion: step, prompt, completion and more. */
  default void sample(JsonNode sample) {}

  /** Whether the run is to stop at the next step, saving where it is. */
  default boolean cancelRequested() {
    return false;
  }

  /** Hears nothing and asks for nothing. */
  RunListener NONE = new RunListener() {};
}
