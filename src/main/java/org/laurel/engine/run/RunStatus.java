package org.laurel.engine.run;

import org.jspecify.annotations.Nullable;

/**
 * How far a run is.
 *
 * @param error why it failed, one line; null otherwise
 */
public record RunStatus(State state, int step, int totalSteps, @Nullable String error) {
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
}
