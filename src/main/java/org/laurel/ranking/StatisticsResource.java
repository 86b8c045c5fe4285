package org.laurel.ranking;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.laurel.account.Role;
import org.laurel.project.Access;

/** The figures of a project's rankings. */
@Path("/api/projects/{id}/statistics")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
public class StatisticsResource {

  private final ProjectStatistics statistics;
  private final Access access;

  StatisticsResource(ProjectStatistics statistics, Access access) {
    this.statistics = statistics;
    this.access = access;
  }

  @GET
  public Statistics get(@PathParam("id") UUID projectId) {
    access.read(projectId);
    return statistics.of(projectId);
  }
}
