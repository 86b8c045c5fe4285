package org.laurel.task;

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
import org.laurel.web.Page;

/** The signed-in annotator's own work in a project. */
@Path("/api/projects/{id}/queue")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
@Transactional
public class QueueResource {

  private final Queue queue;
  private final Annotating annotating;
  private final CurrentAccount account;

  QueueResource(Queue queue, Annotating annotating, CurrentAccount account) {
    this.queue = queue;
    this.annotating = annotating;
    this.account = account;
  }

  /** A page of one of the annotator's queues. */
  @GET
  public Page<Queue.Entry> items(
      @PathParam("id") UUID projectId,
      @QueryParam("status")
          @DefaultValue("submitted")
          @Pattern(regexp = "returned|pending|draft|submitted|skipped", message = "is no queue")
          String status,
      @QueryParam("after") @DefaultValue("0") @Min(0) @Max(10_000_000) int after,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(1000) int limit) {
    annotating.requireMember(projectId, account.id());
    List<Queue.Entry> items =
        queue.items(projectId, account.id(), Queue.Status.named(status), after, limit + 1);
    return Page.of(items, limit, last -> String.valueOf(after + limit));
  }
}
