package org.laurel.task;

import java.util.UUID;

/** Knows what rankings and right orders say, which are no business of tasks. */
public interface FailedChecks {

  /** How many checks of a project an annotator failed since they were last let in. */
  int count(UUID projectId, UUID annotatorId);
}
