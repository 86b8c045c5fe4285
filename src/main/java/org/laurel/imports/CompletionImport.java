package org.laurel.imports;

import io.quarkus.narayana.jta.runtime.TransactionConfiguration;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.imports.NewTaskRows.Queueing;
import org.laurel.project.Access;
import org.laurel.project.Project;

/** Completions by any models, to be ranked here, from JSON lines as in {@link PromptImport}. */
@Path("/api/projects/{id}/completions")
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
public class CompletionImport {
  private final Access access;
  private final CurrentAccount current;
  private final Imports imports;

  @Inject
  CompletionImport(Access access, CurrentAccount current, Imports imports) {
    this.access = access;
    this.current = current;
    this.imports = imports;
  }

  @POST
  @TransactionConfiguration(timeout = Imports.SECONDS)
  @Operation(
      summary =
          "Opens a task for each line: {\"prompt\": text or messages, \"completions\": [2 to 9"
              + " texts or {\"text\", \"model\"?, \"metadata\"?}], \"metadata\"?, \"gold\"?}",
      description =
          "Each task wants as many rankings as overlap= says, or else the project. Tasks of a higher"
              + " priority= are handed out first. The same prompt with the same texts again is a"
              + " duplicate. Annotators are not told who wrote a completion. With gold, the right order"
              + " as groups of places from 0 (or ids), the line is a silent check: it wants no"
              + " rankings, and comes to annotators among their other tasks.")
  public ImportReport read(
      @RestPath UUID id,
      @QueryParam("partial") @DefaultValue("false") boolean partial,
      @QueryParam("overlap") @Nullable @Min(1) @Max(20) Integer overlap,
      @QueryParam("priority") @DefaultValue("0") @Min(-1000) @Max(1000) int priority,
      InputStream file)
      throws IOException {
    Project project = access.write(id);
    int seats = overlap == null ? project.overlap : overlap;
    return imports.completions(id, current.id(), new Queueing(seats, priority), file, partial);
  }
}
