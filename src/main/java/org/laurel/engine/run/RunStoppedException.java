package org.laurel.engine.run;

import java.util.Locale;

/** A run ended before its last step because it was asked to; its checkpoint is saved. */
public final class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final RunStatus.State state;

  RunStoppedException(RunStatus.State state) {
    super("the run was " + state.name().toLowerCase(Locale.ROOT));
    this.state = state;
  }

  /** CANCELLED or INTERRUPTED. */
  public RunStatus.State state() {
    return state;
  }
}
