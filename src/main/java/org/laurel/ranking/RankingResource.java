package org.laurel.ranking;

import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.web.Problem;

/** The signed-in annotator's ranking of a task. */
@Path("/api/tasks/{id}/ranking")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
public class RankingResource {

  private final Rankings rankings;
  private final CurrentAccount account;

  RankingResource(Rankings rankings, CurrentAccount account) {
    this.rankings = rankings;
    this.account = account;
  }

  @PUT
  @Operation(
      summary = "Stores the ranking; again with something else makes a new version of it",
      description =
          "409 if the lease is not this annotator's or ran out: take it up again with POST"
              + " /api/tasks/{id}/lease. 422 names each thing that is wrong.")
  public StoredRanking submit(@PathParam("id") UUID taskId, @NotNull Submission submission) {
    return rankings.submit(taskId, account.id(), submission);
  }

  /** What this annotator said; 404 before they have ranked the task. */
  @GET
  @Transactional
  public StoredRanking get(@PathParam("id") UUID taskId) {
    Ranking ranking =
        Ranking.of(taskId, account.id())
            .orElseThrow(
                () -> new Problem(404, "Not found", "You have not ranked task " + taskId + "."));
    return StoredRanking.of(ranking, ranking.inForce());
  }
}
