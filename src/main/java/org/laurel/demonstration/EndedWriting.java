package org.laurel.demonstration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import org.laurel.account.AccessNarrowed;
import org.laurel.task.Annotating;

/**
 * Ends the leases of prompts of somebody who is taken out of a project. What they wrote stays, and
 * so does what they began.
 */
@ApplicationScoped
class EndedWriting {
  private final EntityManager entityManager;

  EndedWriting(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** Those that ran out as well: it waits for whoever is just renewing one. */
  void end(@Observes AccessNarrowed access) {
    entityManager
        .createNativeQuery(
            "update demonstration_seat s set lease_expires_at = least(s.lease_expires_at, now())"
                + " from prompt q, project p, account a"
                + " where q.id = s.prompt_id and p.id = q.project_id and a.id = s.annotator_id"
                + " and a.id = :account and s.submitted_at is null and not "
                + Annotating.WORKS_THERE)
        .setParameter("account", access.account())
        .executeUpdate();
  }
}
