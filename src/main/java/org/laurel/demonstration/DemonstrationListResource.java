package org.laurel.demonstration;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** What everybody wrote in a project, for those who look after the work. */
@Path("/api/projects/{id}/demonstrations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
@Transactional
public class DemonstrationListResource {
  private final Access access;
  private final WrittenFigures figures;

  @Inject
  DemonstrationListResource(Access access, WrittenFigures figures) {
    this.access = access;
    this.figures = figures;
  }

  @GET
  @Operation(
      summary = "The project's demonstrations in force, newest first, those set aside too",
      description =
          "only= is all, written, imported, flagged or set-aside; writer= the id of an account.")
  public Page<ReadableDemonstration> list(
      @RestPath UUID id,
      @QueryParam("only") @Nullable String only,
      @QueryParam("writer") @Nullable UUID writer,
      @BeanParam @Valid Cursor cursor) {
    access.read(id);
    UUID last =
        cursor.last(
            one ->
                Demonstration.count(
                        "id = ?1 and promptId in (select p.id from Prompt p where p.projectId = ?2)",
                        one,
                        id)
                    > 0);
    List<Demonstration> found =
        Demonstration.newest(id, choice(only), writer, last, cursor.limit + 1);
    return Page.of(ReadableDemonstration.of(found), cursor.limit, row -> row.id().toString());
  }

  /** How many there are, and how many prompts want more. */
  @GET
  @Path("/counts")
  public WrittenFigures.DemonstrationCounts counts(@RestPath UUID id) {
    access.read(id);
    return figures.of(id);
  }

  private static Choice choice(@Nullable String only) {
    if (only == null) {
      return Choice.ALL;
    }
    return Choice.of(only)
        .orElseThrow(
            () ->
                Problem.invalid("there are no demonstrations '" + only + "'")
                    .error(
                        "only",
                        "is one of "
                            + Arrays.stream(Choice.values())
                                .map(Choice::key)
                                .collect(Collectors.joining(", "))));
  }
}
