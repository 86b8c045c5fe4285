package org.laurel.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.web.Precondition;
import org.laurel.web.Problem;

/** One task, as the annotator who sits in it may see and handle it. */
@Path("/api/tasks/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
@Transactional
public class TaskResource {

  /** More than any form holds; a draft is no place to store things. */
  private static final int DRAFT_LIMIT = 64 * 1024;

  private final Leases leases;
  private final LeasedTasks tasks;
  private final CurrentAccount account;

  TaskResource(Leases leases, LeasedTasks tasks, CurrentAccount account) {
    this.leases = leases;
    this.tasks = tasks;
    this.account = account;
  }

  /** The annotator's own view. */
  @GET
  public LeasedTask get(
      @PathParam("id") UUID taskId, @QueryParam("render") @Nullable String render) {
    return tasks.from(leases.held(taskId, account.id()), "html".equals(render));
  }

  @POST
  @Path("/lease")
  @Operation(
      summary =
          "Renews the lease of a task, takes it up again after it ran out, or takes back a skip")
  public LeasedTask lease(
      @PathParam("id") UUID taskId, @QueryParam("render") @Nullable String render) {
    return tasks.from(leases.of(taskId, account.id()), "html".equals(render));
  }

  /** When the draft was stored and until when the task is the annotator's. */
  public record Kept(@Nullable Instant draftSavedAt, @Nullable Instant leaseExpiresAt) {}

  @PUT
  @Path("/draft")
  @Operation(
      summary = "Keeps unsent work, which is a sign of life and renews the lease",
      description =
          "With If-Match and the draftSavedAt that it began from, in quotes, or with If-None-Match:"
              + " * where there was no draft, 412 if another window has kept something since.")
  public Kept draft(
      @PathParam("id") UUID taskId,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch,
      @NotNull ObjectNode work) {
    if (work.toString().length() > DRAFT_LIMIT) {
      throw Problem.invalid("A draft has at most " + DRAFT_LIMIT + " characters.");
    }
    Seat seat = leases.draft(taskId, account.id(), work, new Precondition(ifMatch, ifNoneMatch));
    return new Kept(seat.draftSavedAt, seat.leaseExpiresAt);
  }
}
