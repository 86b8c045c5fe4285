package org.laurel.round;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.LockModeType;
import org.laurel.project.ProjectArchived;

/** Ends the rounds of a project that is archived; they can be resumed once it is back. */
@ApplicationScoped
class ArchivedRounds {
  void cancel(@Observes ProjectArchived project) {
    Round.<Round>find("projectId = ?1 order by id", project.id())
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .stream()
        .filter(round -> !round.status.ended())
        .forEach(Round::cancel);
  }
}
