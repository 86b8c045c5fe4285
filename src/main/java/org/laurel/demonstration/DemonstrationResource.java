package org.laurel.demonstration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.prompt.Prompt;
import org.laurel.task.Annotating;
import org.laurel.web.Precondition;
import org.laurel.web.Problem;

/** The signed-in annotator's demonstration of a prompt. */
@Path("/api/prompts/{id}/demonstration")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
public class DemonstrationResource {

  /** More than the longest text and its form hold. */
  private static final int DRAFT_LIMIT = 256 * 1024;

  private final WritingLeases leases;
  private final Demonstrations demonstrations;
  private final Annotating annotating;
  private final CurrentAccount account;

  DemonstrationResource(
      WritingLeases leases,
      Demonstrations demonstrations,
      Annotating annotating,
      CurrentAccount account) {
    this.leases = leases;
    this.demonstrations = demonstrations;
    this.annotating = annotating;
    this.account = account;
  }

  /**
   * The annotator's own view.
   *
   * @return also of a prompt that somebody else has by now, if this annotator began with it
   */
  @GET
  @Transactional
  @Operation(
      summary =
          "The prompt with what this annotator wrote or began to write; 404 if that is nothing")
  public LeasedPrompt get(
      @PathParam("id") UUID promptId, @QueryParam("render") @Nullable String render) {
    annotating.requireMember(Prompt.get(promptId).projectId, account.id());
    Optional<DemonstrationSeat> seat = DemonstrationSeat.of(promptId, account.id());
    if (seat.isEmpty() && Draft.of(promptId, account.id()).isEmpty()) {
      throw Problem.notFound("prompt", promptId);
    }
    return LeasedPrompt.of(promptId, account.id(), seat.orElse(null), "html".equals(render));
  }

  /**
   * What is written.
   *
   * @param text how the prompt should be answered, Markdown; at most 64 KiB
   * @param flags what is wrong with the prompt
   * @param elapsedMs time spent on it, milliseconds
   */
  public record WrittenText(
      @NotNull String text, @Nullable List<@Nullable String> flags, @Nullable Long elapsedMs) {}

  @PUT
  @Operation(
      summary = "Stores the demonstration; again with something else puts that in its place",
      description =
          "409 if the lease is not this annotator's or ran out: take it up again with POST"
              + " /api/prompts/{id}/demonstration/lease.")
  public StoredDemonstration submit(
      @PathParam("id") UUID promptId, @NotNull @Valid WrittenText written) {
    Wording wording = Wording.of(written.text(), written.flags(), written.elapsedMs());
    return StoredDemonstration.of(demonstrations.submit(promptId, account.id(), wording));
  }

  @POST
  @Path("/lease")
  @Transactional
  @Operation(
      summary =
          "Renews the lease of a prompt, takes it up again after it ran out, or takes back a skip")
  public LeasedPrompt lease(
      @PathParam("id") UUID promptId, @QueryParam("render") @Nullable String render) {
    DemonstrationSeat seat = leases.of(promptId, account.id());
    return LeasedPrompt.of(promptId, account.id(), seat, "html".equals(render));
  }

  /**
   * Why a prompt is given back.
   *
   * @param reason in the annotator's words
   */
  public record PromptSkip(@NotBlank @Size(max = 1000) String reason) {}

  /** Gives the prompt back; it is not offered to this annotator again. */
  @POST
  @Path("/skip")
  @APIResponse(responseCode = "204", description = "Given back")
  public void skip(@PathParam("id") UUID promptId, @NotNull @Valid PromptSkip skip) {
    leases.skip(promptId, account.id(), skip.reason().strip());
  }

  /** When the draft was stored and until when the prompt is the annotator's. */
  public record DraftKept(Instant draftSavedAt, @Nullable Instant leaseExpiresAt) {}

  @PUT
  @Path("/draft")
  @Operation(
      summary = "Keeps unsent work, which is a sign of life and renews the lease",
      description =
          "With If-Match and the draftSavedAt that it began from, in quotes, or with If-None-Match:"
              + " * where there was no draft, 412 if another window has kept something since.")
  public DraftKept draft(
      @PathParam("id") UUID promptId,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch,
      @NotNull ObjectNode work) {
    if (work.toString().length() > DRAFT_LIMIT) {
      throw Problem.invalid("A draft has at most " + DRAFT_LIMIT + " characters.");
    }
    Instant now = WritingLeases.now();
    Precondition begun = new Precondition(ifMatch, ifNoneMatch);
    return new DraftKept(now, leases.draft(promptId, account.id(), work, begun, now).orElse(null));
  }
}
