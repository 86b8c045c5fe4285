package org.laurel.imports;

import io.quarkus.narayana.jta.runtime.TransactionConfiguration;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.project.Access;

/**
 * Thumbs up or down on single completions, one or many, from JSON lines as in {@link PromptImport}.
 */
@Path("/api/projects/{id}/thumbs")
@RolesAllowed(Role.ADMINISTRATOR)
@Consumes({
  FileTypes.NDJSON,
  FileTypes.NDJSON_TOO,
  FileTypes.JSON_LINES,
  FileTypes.JSON,
  FileTypes.TEXT,
  FileTypes.BYTES
})
@Transactional(rollbackOn = Exception.class)
public class ThumbImport {
  private final Access access;
  private final CurrentAccount current;
  private final Imports imports;

  @Inject
  ThumbImport(Access access, CurrentAccount current, Imports imports) {
    this.access = access;
    this.current = current;
    this.imports = imports;
  }

  @POST
  @TransactionConfiguration(timeout = Imports.SECONDS)
  @Operation(
      summary = "Takes thumbs, one {\"prompt\", \"completion\", \"label\": true or false} a line",
      description =
          "TRL's unpaired preference rows, or {\"messages\", \"label\"}. What KTO learns from. A person has one thumb on a text:"
              + " the contrary one of a later line takes its place.")
  public ImportReport read(
      @RestPath UUID id,
      @QueryParam("partial") @DefaultValue("false") boolean partial,
      InputStream file)
      throws IOException {
    access.write(id);
    return imports.thumbs(id, current.id(), file, partial);
  }
}
