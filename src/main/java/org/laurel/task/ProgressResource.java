package org.laurel.task;

import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;

/** How far the signed-in annotator is in a project. */
@Path("/api/projects/{id}/progress")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
@Transactional
public class ProgressResource {

  private final Queue queue;
  private final Annotating annotating;
  private final CurrentAccount account;

  ProgressResource(Queue queue, Annotating annotating, CurrentAccount account) {
    this.queue = queue;
    this.annotating = annotating;
    this.account = account;
  }

  @GET
  public Queue.Progress get(@PathParam("id") UUID projectId) {
    annotating.requireMember(projectId, account.id());
    return queue.progress(projectId, account.id());
  }
}
