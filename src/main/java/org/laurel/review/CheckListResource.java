package org.laurel.review;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.web.Page;

/** A project's silent checks, and the way back for who failed them. */
@Path("/api/projects/{id}/checks")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
public class CheckListResource {
  private final SilentChecks checks;
  private final CheckedTasks tasks;
  private final Access access;

  @Inject
  CheckListResource(SilentChecks checks, CheckedTasks tasks, Access access) {
    this.checks = checks;
    this.tasks = tasks;
    this.access = access;
  }

  /** Those that most people fail first: a check that many fail may be a bad check. */
  @GET
  @Transactional
  public Page<CheckedTask> list(
      @RestPath UUID id,
      @RestQuery @DefaultValue("0") @Min(0) @Max(10_000_000) int after,
      @RestQuery @DefaultValue("50") @Min(1) @Max(1000) int limit) {
    access.read(id);
    List<CheckedTask> found = tasks.of(id).stream().skip(after).limit(limit + 1L).toList();
    return Page.of(found, limit, last -> String.valueOf(after + limit));
  }

  @POST
  @Path("/people/{annotator}/let-in")
  @Operation(
      summary = "Lets an annotator go on who failed checks",
      description = "What was failed before counts no more for the notice and the pause.")
  @APIResponse(responseCode = "204", description = "Let in again")
  public void letIn(@RestPath UUID id, @RestPath UUID annotator) {
    checks.letIn(id, annotator);
  }
}
