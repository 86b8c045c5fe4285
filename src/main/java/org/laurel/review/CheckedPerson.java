package org.laurel.review;

import java.util.UUID;
import org.laurel.ranking.CheckFigures;
import org.laurel.task.Standing;
import org.laurel.web.Shown;

/**
 * What an annotator made of a project's silent checks, as its page shows it.
 *
 * @param name or e-mail address
 */
public record CheckedPerson(
    UUID id, String name, boolean simulated, CheckFigures checks, Standing standing) {

  /** The share of pairs that are as in the right orders. */
  public String right() {
    return Shown.share(checks.right());
  }

  public boolean isWarned() {
    return standing == Standing.WARNED;
  }

  public boolean isPaused() {
    return standing == Standing.PAUSED;
  }
}
