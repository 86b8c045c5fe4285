package org.laurel.task;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.laurel.web.Problem;

/** Keeps from further tasks who has failed too many silent checks. */
@ApplicationScoped
class Standings {
  private final CheckTurns checks;
  private final FailedChecks failed;

  Standings(CheckTurns checks, FailedChecks failed) {
    this.checks = checks;
    this.failed = failed;
  }

  Standing of(UUID projectId, UUID annotatorId, AnnotationForm form) {
    if (form.checkWarn() == 0 && form.checkPause() == 0 || !checks.exist(projectId)) {
      return Standing.GOOD;
    }
    return Standing.after(
        failed.count(projectId, annotatorId), form.checkWarn(), form.checkPause());
  }

  /**
   * @throws Problem 403 if the annotator is paused
   */
  void requireLetIn(UUID projectId, UUID annotatorId, AnnotationForm form) {
    if (form.checkPause() > 0 && of(projectId, annotatorId, form) == Standing.PAUSED) {
      throw new Problem(
          403,
          "Paused",
          "You get no new tasks in this project for now: several of your rankings were far from"
              + " what the guidelines ask for. Read them again and speak to whoever runs the"
              + " project, who can let you go on. What you have begun you can still send.");
    }
  }
}
