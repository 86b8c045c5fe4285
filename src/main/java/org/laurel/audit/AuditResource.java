package org.laurel.audit;

import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.web.FewAtOnce;
import org.laurel.web.Page;

/** The audit over the API: in pages, and whole. */
@Path("/api/audit")
@RolesAllowed(Role.ADMINISTRATOR)
public class AuditResource {
  static final String LINES = "application/x-ndjson";

  private final FewAtOnce few = new FewAtOnce(2, "the log is being sent to others already");
  private final AuditLog log;
  private final RoutingContext exchange;

  @Inject
  AuditResource(AuditLog log, RoutingContext exchange) {
    this.log = log;
    this.exchange = exchange;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Who did what, newest first",
      description =
          "All of it, or by account (who did it), action, project, subject (kind/id), from and"
              + " until (days of UTC or instants).")
  public Page<AuditEntry> list(
      @BeanParam Sought sought,
      @QueryParam("after") @Nullable @Min(1) Long after,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(1000) int limit) {
    List<AuditEntry> found = log.find(sought, after, limit + 1);
    return Page.of(found, limit, entry -> Long.toString(entry.id()));
  }

  @GET
  @Path("/lines")
  @Produces(LINES)
  @Operation(summary = "The same as JSON lines, all that were asked for, as a file")
  @APIResponse(
      responseCode = "200",
      description = "The file",
      content = @Content(mediaType = LINES, schema = @Schema(type = SchemaType.STRING)))
  public Response lines(@BeanParam Sought sought) {
    sought.condition();
    few.admit(exchange);
    StreamingOutput file = out -> log.write(sought, out);
    return Response.ok(file)
        .type(LINES)
        .header("Content-Disposition", "attachment; filename=\"audit.jsonl\"")
        .build();
  }
}
