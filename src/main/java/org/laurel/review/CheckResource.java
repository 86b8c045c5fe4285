package org.laurel.review;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.account.Role;

/** Whether a task is a silent check: one whose right order is known, by which people are judged. */
@Path("/api/tasks/{id}/check")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
public class CheckResource {
  private final SilentChecks checks;

  @Inject
  CheckResource(SilentChecks checks) {
    this.checks = checks;
  }

  /**
   * A task that is a check.
   *
   * @param markedAt rankings that were first sent after that are judged
   */
  public record MarkedCheck(UUID taskId, UUID projectId, Instant markedAt) {}

  @PUT
  @Operation(
      summary = "Makes a task a silent check",
      description =
          "It is handed to each annotator once at most, among the other tasks and told apart in"
              + " nothing that annotators see, beyond the seats that it wants. Its adjudication is the"
              + " right order; where nobody gave one and all who ranked the task agree, their order"
              + " becomes it. 409 where there is none, or it tells no two answers apart.")
  public MarkedCheck mark(@RestPath UUID id) {
    SilentCheck check = checks.mark(id);
    return new MarkedCheck(check.taskId, check.projectId, check.markedAt);
  }

  /** Makes it an ordinary task again, which stays settled. */
  @DELETE
  @APIResponse(responseCode = "204", description = "No check any more")
  public void lift(@RestPath UUID id) {
    checks.lift(id);
  }
}
