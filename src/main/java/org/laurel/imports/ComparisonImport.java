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
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.project.Access;

/** Preferences from JSON lines, as in {@link PromptImport}. */
@Path("/api/projects/{id}/comparisons")
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
public class ComparisonImport {
  private final Access access;
  private final CurrentAccount current;
  private final Imports imports;

  @Inject
  ComparisonImport(Access access, CurrentAccount current, Imports imports) {
    this.access = access;
    this.current = current;
    this.imports = imports;
  }

  @POST
  @TransactionConfiguration(timeout = Imports.SECONDS)
  @Operation(
      summary = "Imports preferences in the format trl, hh-rlhf, sharegpt, alpaca or rankings",
      description = "Without format= it is told from the fields of each line.")
  public ImportReport read(
      @RestPath UUID id,
      @QueryParam("format") @Nullable String format,
      @QueryParam("partial") @DefaultValue("false") boolean partial,
      InputStream file)
      throws IOException {
    access.write(id);
    PreferenceFormat given =
        format == null || format.isBlank() ? null : PreferenceFormat.named(format);
    return imports.comparisons(id, current.id(), given, file, partial);
  }
}
