package org.laurel.policy;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.web.Audit;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Policy versions over HTTP: what there is, where it came from, and which is served. */
@Path("/api/policies")
@Produces(MediaType.APPLICATION_JSON)
public class Policies {
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  Policies(CurrentAccount account, Audit audit) {
    this.account = account;
    this.audit = audit;
  }

  /** Newest first. */
  @GET
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public Page<PolicyView> list(@BeanParam @Valid Cursor cursor) {
    UUID last = cursor.last(id -> PolicyVersion.findByIdOptional(id).isPresent());
    List<PolicyView> found = PolicyView.of(PolicyVersion.page(last, cursor.limit + 1));
    return Page.of(found, cursor.limit, view -> view.id().toString());
  }

  /** One version, by id, by name, or {@code serving}. */
  @GET
  @Path("/{policy}")
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public PolicyView get(String policy) {
    return PolicyView.of(List.of(version(policy))).get(0);
  }

  /** Serves the version from now on. */
  @POST
  @Path("/{policy}/promote")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  public PolicyView promote(String policy) {
    PolicyVersion version = version(policy);
    version.promote(account.id());
    audit.record("policy.promoted", "policy", version.id, Map.of("name", version.name));
    return PolicyView.of(List.of(version)).get(0);
  }

  private static PolicyVersion version(String reference) {
    return PolicyVersion.named(reference).orElseThrow(() -> Problem.notFound("policy", reference));
  }
}
