package org.laurel.judge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.LockModeType;
import org.laurel.project.ProjectArchived;

/** Ends the judgings of a project that is archived; what was said stays. */
@ApplicationScoped
class ArchivedJudgings {
  void cancel(@Observes ProjectArchived project) {
    Judging.<Judging>find("projectId = ?1 and finishedAt is null order by id", project.id())
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .forEach(Judging::cancel);
  }
}
