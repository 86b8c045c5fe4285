package org.laurel.policy;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.artifact.Artifacts;
import org.laurel.web.Audit;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/**
 * Policy versions over HTTP: what there is, where it came from, which is served, and the files
 * themselves.
 */
@Path("/api/policies")
@Produces(MediaType.APPLICATION_JSON)
public class Policies {
  private final Artifacts artifacts;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  Policies(Artifacts artifacts, CurrentAccount account, Audit audit) {
    this.artifacts = artifacts;
    this.account = account;
    this.audit = audit;
  }

  /** Newest first. */
  @GET
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public Page<PolicyView> list(
      @QueryParam("after") @Nullable UUID after,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(1000) int limit) {
    List<PolicyView> found = PolicyView.of(PolicyVersion.page(after, limit + 1));
    return Page.of(found, limit, view -> view.id().toString());
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

  /** The model directory in Hugging Face's layout, as a zip. */
  @GET
  @Path("/{policy}/artifact")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Produces("application/zip")
  @Transactional
  public Response artifact(String policy) {
    PolicyVersion version = version(policy);
    artifacts.directory(version.artifactHash);
    StreamingOutput zip = out -> artifacts.zip(version.artifactHash, version.fileName(), out);
    return Response.ok(zip)
        .header("Content-Disposition", "attachment; filename=\"" + version.fileName() + ".zip\"")
        .build();
  }

  private static PolicyVersion version(String reference) {
    return PolicyVersion.named(reference).orElseThrow(() -> Problem.notFound("policy", reference));
  }
}
