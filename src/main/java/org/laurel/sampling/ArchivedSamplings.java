package org.laurel.sampling;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.LockModeType;
import org.laurel.project.ProjectArchived;

/** Ends the samplings of a project that is archived; what they sampled stays. */
@ApplicationScoped
class ArchivedSamplings {
  void cancel(@Observes ProjectArchived project) {
    Sampling.<Sampling>find("projectId = ?1 and finishedAt is null order by id", project.id())
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .forEach(Sampling::cancel);
  }
}
