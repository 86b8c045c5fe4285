package org.laurel.review;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.ranking.Ranking;
import org.laurel.ranking.StoredRanking;

/** Whether a ranking counts. Reviewers decide: everything can be taken back, and is audited. */
@Path("/api/rankings/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
public class ReviewResource {
  private final Reviews reviews;

  @Inject
  ReviewResource(Reviews reviews) {
    this.reviews = reviews;
  }

  /**
   * What is not to count.
   *
   * @param reason kept in the audit
   * @param version that was looked at; 409 if there is a newer one
   * @param askAgain whether somebody else is asked to rank the task instead; no if absent
   */
  public record RankingSetAside(
      @NotBlank @Size(max = Ranking.NOTE_LIMIT) String reason,
      @Nullable Integer version,
      @Nullable Boolean askAgain) {}

  /**
   * A decision on a ranking.
   *
   * @param reason kept in the audit
   * @param version that was looked at; 409 if there is a newer one
   */
  public record RankingDecision(
      @NotBlank @Size(max = Ranking.NOTE_LIMIT) String reason, @Nullable Integer version) {}

  @POST
  @Path("/set-aside")
  @Operation(
      summary = "Sets a ranking aside: until it is restored it does not count",
      description =
          "Not in statistics, comparisons, evaluations, rounds to come, nor exports but for"
              + " rankings. Snapshots that hold it keep it. With askAgain one more person is asked to"
              + " rank the task, until the ranking is restored or that person has begun.")
  public StoredRanking setAside(@RestPath UUID id, @NotNull @Valid RankingSetAside asked) {
    return reviews.setAside(
        id, asked.reason().strip(), asked.version(), Boolean.TRUE.equals(asked.askAgain()));
  }

  /**
   * What the annotator is to think of.
   *
   * @param note shown above the task
   * @param version that was looked at; 409 if there is a newer one
   * @param askAgain whether somebody else is asked to rank the task if the annotator skips it; yes
   *     if absent
   */
  public record RankingReturn(
      @NotBlank @Size(max = Ranking.NOTE_LIMIT) String note,
      @Nullable Integer version,
      @Nullable Boolean askAgain) {}

  @POST
  @Path("/return")
  @Operation(
      summary = "Sends a ranking back to its annotator with a note",
      description =
          "The annotator gets the task before all others. Until the ranking is sent again, changed"
              + " or not, it does not count. The annotator may skip the task, too: then the ranking"
              + " is set aside.")
  public StoredRanking sendBack(@RestPath UUID id, @NotNull @Valid RankingReturn back) {
    return reviews.sendBack(
        id, back.note().strip(), back.version(), !Boolean.FALSE.equals(back.askAgain()));
  }

  @POST
  @Path("/restore")
  @Operation(summary = "Lets a ranking count again that was set aside or sent back")
  public StoredRanking restore(@RestPath UUID id, @NotNull @Valid RankingDecision decision) {
    return reviews.bringBack(id, decision.reason().strip(), decision.version());
  }
}
