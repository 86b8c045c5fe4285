package org.laurel.demonstration;

import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.task.Annotating;
import org.laurel.web.Page;

/** The signed-in annotator's own demonstrations in a project, and how far they are. */
@Path("/api/projects/{id}/demonstrations/own")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
@Transactional
public class WritingQueueResource {
  private final WritingQueue queue;
  private final Annotating annotating;
  private final CurrentAccount account;

  WritingQueueResource(WritingQueue queue, Annotating annotating, CurrentAccount account) {
    this.queue = queue;
    this.annotating = annotating;
    this.account = account;
  }

  /** A page of one of the annotator's queues. */
  @GET
  public Page<WritingQueue.WritingEntry> items(
      @PathParam("id") UUID projectId,
      @QueryParam("status")
          @DefaultValue("submitted")
          @Pattern(regexp = "submitted|draft|skipped", message = "is no queue")
          String status,
      @QueryParam("after") @DefaultValue("0") @Min(0) @Max(10_000_000) int after,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(1000) int limit) {
    annotating.requireMember(projectId, account.id());
    List<WritingQueue.WritingEntry> items =
        queue.items(projectId, account.id(), WritingQueue.Status.named(status), after, limit + 1);
    return Page.of(items, limit, last -> String.valueOf(after + limit));
  }

  /** How much the annotator wrote, and how much is left. */
  @GET
  @Path("/progress")
  public WritingQueue.WritingProgress progress(@PathParam("id") UUID projectId) {
    int wanted = annotating.requireMember(projectId, account.id()).demonstrationsPerPrompt();
    return queue.progress(projectId, account.id(), wanted);
  }
}
