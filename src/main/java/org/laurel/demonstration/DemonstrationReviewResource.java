package org.laurel.demonstration;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.account.Role;

/** Whether a demonstration counts. Reviewers decide: it can be taken back, and is audited. */
@Path("/api/demonstrations/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
public class DemonstrationReviewResource {
  private final Demonstrations demonstrations;

  @Inject
  DemonstrationReviewResource(Demonstrations demonstrations) {
    this.demonstrations = demonstrations;
  }

  /**
   * A decision on a demonstration.
   *
   * @param reason kept in the audit
   */
  public record DemonstrationDecision(
      @NotBlank @Size(max = Demonstration.NOTE_LIMIT) String reason) {}

  @POST
  @Path("/set-aside")
  @Operation(
      summary = "Sets a demonstration aside: until it is restored it does not count",
      description =
          "Not in figures, rounds to come, nor exports but for demonstrations. Snapshots that hold"
              + " it keep it. What its writer makes of it later stays aside, too, and the prompt"
              + " wants another one. 409 if its writer has changed it since.")
  public StoredDemonstration setAside(
      @RestPath UUID id, @NotNull @Valid DemonstrationDecision decision) {
    return StoredDemonstration.of(demonstrations.setAside(id, decision.reason().strip()));
  }

  @POST
  @Path("/restore")
  @Operation(summary = "Lets a demonstration count again that was set aside")
  public StoredDemonstration restore(
      @RestPath UUID id, @NotNull @Valid DemonstrationDecision decision) {
    return StoredDemonstration.of(demonstrations.bringBack(id, decision.reason().strip()));
  }
}
