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
 * Prompts from JSON lines or a JSON array, streamed. A file is taken whole or not at all, unless
 * {@code partial=true} asks for its good lines.
 */
@Path("/api/projects/{id}/prompts")
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
public class PromptImport {
  private final Access access;
  private final CurrentAccount current;
  private final Imports imports;

  @Inject
  PromptImport(Access access, CurrentAccount current, Imports imports) {
    this.access = access;
    this.current = current;
    this.imports = imports;
  }

  @POST
  @TransactionConfiguration(timeout = Imports.SECONDS)
  @Operation(
      summary =
          "Imports prompts, one {\"prompt\": text or messages, \"metadata\"?, \"language\"?} a line,"
              + " or an array of them")
  public ImportReport read(
      @RestPath UUID id,
      @QueryParam("partial") @DefaultValue("false") boolean partial,
      InputStream file)
      throws IOException {
    access.write(id);
    return imports.prompts(id, current.id(), "import", file, partial);
  }
}
