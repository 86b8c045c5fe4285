package org.laurel.ranking;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.task.Annotating;

/** The figures of a project's rankings. */
@Path("/api/projects/{id}/statistics")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
public class StatisticsResource {

  private final ProjectStatistics statistics;
  private final Annotating annotating;
  private final CurrentAccount account;

  StatisticsResource(ProjectStatistics statistics, Annotating annotating, CurrentAccount account) {
    this.statistics = statistics;
    this.annotating = annotating;
    this.account = account;
  }

  @GET
  public Statistics get(@PathParam("id") UUID projectId) {
    annotating.requireMember(projectId, account.id());
    return statistics.of(projectId);
  }
}
