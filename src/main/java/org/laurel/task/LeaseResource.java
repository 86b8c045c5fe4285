package org.laurel.task;

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

/** Which task to work on next. */
@Path("/api/projects/{id}/tasks/lease")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
@Transactional
public class LeaseResource {

  private final Leases leases;
  private final LeasedTasks tasks;
  private final CurrentAccount account;

  LeaseResource(Leases leases, LeasedTasks tasks, CurrentAccount account) {
    this.leases = leases;
    this.tasks = tasks;
    this.account = account;
  }

  @POST
  @Operation(
      summary =
          "The annotator's next task: one that was sent back, the one in hand, otherwise a new one;"
              + " 204 if none is left",
      description =
          "A task that was sent back has returned and submittedAt, and needs no lease."
              + " With beside=TASK the task to do after that one, to be loaded beforehand; an annotator"
              + " holds two at most. With render=html Markdown comes as safe HTML too.")
  @APIResponse(responseCode = "200", description = "The task")
  @APIResponse(responseCode = "204", description = "None is left")
  public RestResponse<LeasedTask> next(
      @PathParam("id") UUID projectId,
      @QueryParam("beside") @Nullable UUID beside,
      @QueryParam("render") @Nullable String render) {
    Optional<Seat> seat = leases.next(projectId, account.id(), beside);
    return seat.isPresent()
        ? RestResponse.ok(tasks.from(seat.get(), "html".equals(render)))
        : RestResponse.noContent();
  }
}
