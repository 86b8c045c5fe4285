package org.laurel.demonstration;

import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;

/** Which prompt to write a demonstration of next. */
@Path("/api/projects/{id}/demonstrations/lease")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
@Transactional
public class DemonstrationLeaseResource {
  private final WritingLeases leases;
  private final CurrentAccount account;

  DemonstrationLeaseResource(WritingLeases leases, CurrentAccount account) {
    this.leases = leases;
    this.account = account;
  }

  @POST
  @Operation(
      summary =
          "The prompt to write a demonstration of next: the one that the annotator has begun with,"
              + " otherwise a new one; 204 if none is left",
      description =
          "A prompt is handed out until it has as many demonstrations as the project's setting"
              + " demonstrationsPerPrompt says, imported ones counted. With render=html Markdown"
              + " comes as safe HTML too.")
  @APIResponse(responseCode = "200", description = "The prompt")
  @APIResponse(responseCode = "204", description = "None is left, or the project wants none")
  public RestResponse<LeasedPrompt> next(
      @PathParam("id") UUID projectId, @QueryParam("render") @Nullable String render) {
    Optional<DemonstrationSeat> seat = leases.next(projectId, account.id());
    return seat.isPresent()
        ? RestResponse.ok(
            LeasedPrompt.of(seat.get().promptId, account.id(), seat.get(), "html".equals(render)))
        : RestResponse.noContent();
  }
}
