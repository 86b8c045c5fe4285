package org.laurel.ranking;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;

/** An annotator who cannot decide gives a task back. */
@Path("/api/tasks/{id}/skip")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
public class SkipResource {

  private final Skips skips;
  private final CurrentAccount account;

  SkipResource(Skips skips, CurrentAccount account) {
    this.skips = skips;
    this.account = account;
  }

  /**
   * Why a task is given back.
   *
   * @param reason in the annotator's words
   */
  public record Skip(@NotBlank @Size(max = 1000) String reason) {}

  @POST
  @Operation(
      summary = "Gives the task back; it is not offered to this annotator again",
      description =
          "So, too, where the ranking was sent back: it is set aside then, and unless the reviewer"
              + " said otherwise somebody else is asked. 409 for any other ranked task.")
  @APIResponse(responseCode = "204", description = "Given back")
  public void skip(@PathParam("id") UUID taskId, @NotNull @Valid Skip skip) {
    skips.skip(taskId, account.id(), skip.reason().strip());
  }
}
