package org.laurel.engine.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is: {@code status.json}.
 *
 * @param phase what it is doing within the step, such as rollout; null where that says nothing
 * @param error why it failed, one line; null otherwise
 * @param stopReason why training ended before its last step, one line; null where it did not
 * @param metrics final figures of a finished run
 */
public record RunStatus(
    State state,
    int step,
    int totalSteps,
    @Nullable String phase,
    @Nullable String error,
    @Nullable String stopReason,
    Map<String, Double> metrics) {

  /** States that a trainer itself reaches; a run that only waits has no status yet. */
  public enum State {
    RUNNING,
    FINISHED,
    FAILED,
    /** Stopped on request. */
    CANCELLED,
    /** Stopped because the process was told to end; a checkpoint is there to resume from. */
    INTERRUPTED
  }

  /** A status that says no more than this. */
  public static RunStatus of(State state, int step, int totalSteps) {
    return new RunStatus(state, step, totalSteps, null, null, null, Map.of());
  }
}
