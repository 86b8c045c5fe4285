package org.laurel.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.Arc;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who did what, written in the transaction of the deed: either both are there or neither. */
@ApplicationScoped
public class Audit {
  private final EntityManager database;
  private final SecurityIdentity identity;
  private final ObjectMapper json;

  @Inject
  Audit(EntityManager database, SecurityIdentity identity, ObjectMapper json) {
    this.database = database;
    this.identity = identity;
    this.json = json;
  }

  /**
   * Records a deed of the account that is signed in; of nobody, when the server itself acts.
   *
   * @param action noun and past participle, e.g. {@code policy.promoted}
   */
  public void record(String action, String subjectKind, Object subjectId, Map<String, ?> detail) {
    record(actor(), action, subjectKind, subjectId, detail);
  }

  public void record(
      @Nullable UUID account,
      String action,
      String subjectKind,
      Object subjectId,
      Map<String, ?> detail) {
    database
        .createNativeQuery(
            "insert into audit_event"
                + " (account_id, action, subject_kind, subject_id, project_id, detail)"
                + " values (:account, :action, :kind, :id, audited_project(:kind, :id),"
                + " cast(:detail as jsonb))")
        .setParameter("account", account)
        .setParameter("action", action)
        .setParameter("kind", subjectKind)
        .setParameter("id", subjectId.toString())
        .setParameter("detail", write(detail))
        .executeUpdate();
  }

  private @Nullable UUID actor() {
    if (!Arc.container().requestContext().isActive() || identity.isAnonymous()) {
      return null;
    }
    return identity.getAttribute("accountId");
  }

  private String write(Map<String, ?> detail) {
    try {
      return json.writeValueAsString(detail);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + detail, e);
    }
  }
}
