package org.laurel.review;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.ranking.Submission;

/** What counts for a task where people differ: a reviewer settles it. */
@Path("/api/tasks/{id}/adjudication")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
public class AdjudicationResource {
  private final Adjudications adjudications;

  @Inject
  AdjudicationResource(Adjudications adjudications) {
    this.adjudications = adjudications;
  }

  /**
   * An order as in a ranking.
   *
   * @param groups completion ids, best group first; the ids of one group are tied
   * @param strength how much better the best group is than the next: 1 negligibly, 2 slightly, 3
   *     better, 4 significantly
   * @param unrankable "none of these can be ranked"; then there are no groups, and the task says
   *     nothing
   */
  public record SettledOrder(
      @Nullable List<@Nullable List<@Nullable String>> groups,
      @Nullable Integer strength,
      @Nullable Boolean unrankable) {

    Submission submission() {
      return new Submission(groups, null, null, strength, null, null, unrankable);
    }
  }

  /**
   * The order that is to count.
   *
   * @param reason kept beside it
   * @param version of the adjudication that was looked at, 0 if there was none; 409 if another is
   *     in force
   */
  public record AdjudicatedOrder(
      @NotNull SettledOrder ranking,
      @Nullable @Size(max = Adjudication.REASON_LIMIT) String reason,
      @Nullable Integer version) {}

  /** What counts in place of people's rankings; 404 where these do. */
  @GET
  public StoredAdjudication get(@RestPath UUID id) {
    return adjudications.get(id);
  }

  @PUT
  @Operation(
      summary = "Gives the order that counts for a task; again with something else replaces it",
      description =
          "People's rankings stay as they are, and so do the figures on how far people agree. For"
              + " rounds to come, the instant fit, evaluations, judges' calibration and exports of"
              + " comparisons this order counts in their place. Snapshots keep what they hold."
              + " 409 where nobody has ranked the task.")
  public StoredAdjudication give(@RestPath UUID id, @NotNull @Valid AdjudicatedOrder given) {
    String reason = given.reason();
    return adjudications.give(
        id,
        given.ranking().submission(),
        reason == null || reason.isBlank() ? null : reason.strip(),
        given.version());
  }

  /**
   * Lets people's rankings count again.
   *
   * @param version of the adjudication that was looked at; 409 if another is in force
   */
  @DELETE
  @APIResponse(responseCode = "204", description = "Taken back")
  public void withdraw(@RestPath UUID id, @RestQuery @Nullable Integer version) {
    adjudications.withdraw(id, version);
  }
}
