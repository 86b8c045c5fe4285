package org.laurel.demonstration;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.laurel.account.Role;
import org.laurel.prompt.Conversation;
import org.laurel.web.Markdown;

/** What a text will look like where answers are drawn. */
@Path("/api/markdown")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
public class PreviewResource {

  /**
   * What is being written.
   *
   * @param text Markdown
   */
  public record MarkdownText(@NotNull @Size(max = Conversation.LONGEST) String text) {}

  /**
   * How it looks.
   *
   * @param html safe to put into a page; formulas stay as they are written
   */
  public record DrawnText(String html) {}

  @POST
  @Operation(summary = "Draws Markdown as prompts and answers are drawn; keeps nothing")
  public DrawnText draw(@NotNull @Valid MarkdownText written) {
    return new DrawnText(Markdown.html(written.text()));
  }
}
