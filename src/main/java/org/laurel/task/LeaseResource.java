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
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;

/** Leases: which task to work on next. */
@Path("/api")
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
  @Path("/projects/{id}/tasks/lease")
  @Operation(
      summary =
          "The annotator's next task: the one he holds, otherwise a new one; 204 if none is left",
      description =
          "With beside=TASK the task to do after that one, to be loaded beforehand; an annotator"
              + " holds two at most. With render=html Markdown comes as safe HTML too.")
  public RestResponse<LeasedTask> next(
      @PathParam("id") UUID projectId,
      @QueryParam("beside") @Nullable UUID beside,
      @QueryParam("render") @Nullable String render) {
    Optional<Seat> seat = leases.next(projectId, account.id(), beside);
    return seat.isPresent()
        ? RestResponse.ok(tasks.from(seat.get(), "html".equals(render)))
        : RestResponse.noContent();
  }

  @POST
  @Path("/tasks/{id}/lease")
  @Operation(
      summary =
          "Renews the lease of a task, takes it up again after it ran out, or takes back a skip")
  public LeasedTask again(
      @PathParam("id") UUID taskId, @QueryParam("render") @Nullable String render) {
    return tasks.from(leases.of(taskId, account.id()), "html".equals(render));
  }
}
