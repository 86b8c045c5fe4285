package org.laurel.dataset;

import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.web.FewAtOnce;
import org.laurel.web.Problem;

/** A project's data as a file that other trainers read. */
@Path("/api/projects/{project}/export")
public class ExportResource {
  static final int AT_ONCE = 8;

  private final FewAtOnce few = new FewAtOnce(AT_ONCE, AT_ONCE + " exports are being sent already");
  private final Exports exports;
  private final Access access;
  private final RoutingContext exchange;

  @Inject
  ExportResource(Exports exports, Access access, RoutingContext exchange) {
    this.exports = exports;
    this.access = access;
    this.exchange = exchange;
  }

  /**
   * Streams the file.
   *
   * @param format see {@link ExportFormat}
   * @param as jsonl, csv or parquet
   * @param votes people, ai (of approved judges) or both
   */
  @GET
  @RolesAllowed(Role.REVIEWER)
  @APIResponse(
      responseCode = "200",
      description = "The file",
      content = {
        @Content(mediaType = "application/x-ndjson", schema = @Schema(type = SchemaType.STRING)),
        @Content(mediaType = "text/csv", schema = @Schema(type = SchemaType.STRING)),
        @Content(
            mediaType = "application/vnd.apache.parquet",
            schema = @Schema(type = SchemaType.STRING, format = "binary"))
      })
  public Response export(
      UUID project,
      @QueryParam("format") @DefaultValue("rankings") String format,
      @QueryParam("as") @DefaultValue("jsonl") String as,
      @QueryParam("votes") @DefaultValue("people") String votes) {
    Project in = access.read(project);
    ExportFormat rows =
        ExportFormat.of(format)
            .orElseThrow(
                () ->
                    unknown(
                        "format",
                        format,
                        Arrays.stream(ExportFormat.values())
                            .map(f -> f.key)
                            .collect(Collectors.joining(", "))));
    FileType type =
        FileType.of(as)
            .orElseThrow(
                () ->
                    unknown(
                        "as",
                        as,
                        Arrays.stream(FileType.values())
                            .map(FileType::extension)
                            .collect(Collectors.joining(", "))));
    VotesOf whose =
        VotesOf.of(votes).orElseThrow(() -> unknown("votes", votes, "people, ai, both"));
    few.admit(exchange);
    StreamingOutput file = out -> exports.write(in.id, rows, whose, type, out);
    String name =
        in.name.replaceAll("[^A-Za-z0-9._-]+", "-") + "-" + rows.key + "." + type.extension();
    return Response.ok(file)
        .type(type.mediaType)
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .build();
  }

  private static Problem unknown(String parameter, String value, String known) {
    return Problem.invalid("there is no " + parameter + " '" + value + "'")
        .error(parameter, "is one of " + known);
  }
}
