package org.laurel.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import org.laurel.account.AccessNarrowed;

/**
 * Ends the leases of somebody who is taken out of a project. What they ranked stays, and so does
 * what they began, until somebody else takes the seat.
 */
@ApplicationScoped
class EndedLeases {
  private final EntityManager entityManager;

  EndedLeases(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** Those that ran out as well: it waits for whoever is just renewing one. */
  void end(@Observes AccessNarrowed access) {
    entityManager
        .createNativeQuery(
            "update task_seat s set lease_expires_at = least(s.lease_expires_at, now())"
                + " from task t, project p, account a"
                + " where t.id = s.task_id and p.id = t.project_id and a.id = s.annotator_id"
                + " and a.id = :account and s.submitted_at is null and not "
                + Annotating.WORKS_THERE)
        .setParameter("account", access.account())
        .executeUpdate();
  }
}
