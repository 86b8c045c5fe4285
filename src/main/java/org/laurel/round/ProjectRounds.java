package org.laurel.round;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.web.Cursor;
import org.laurel.web.Page;

/** A project's rounds over HTTP: launched and listed. */
@Path("/api/projects/{project}/rounds")
@Produces(MediaType.APPLICATION_JSON)
public class ProjectRounds {
  private final Launch launch;
  private final Access access;
  private final CurrentAccount account;

  @Inject
  ProjectRounds(Launch launch, Access access, CurrentAccount account) {
    this.launch = launch;
    this.access = access;
    this.account = account;
  }

  /** Starts a round; a missing body means the default settings. */
  @POST
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  @APIResponseSchema(value = RoundView.class, responseCode = "202")
  public RestResponse<RoundView> launch(
      UUID project, @RequestBody(required = false) @Nullable RoundRequest request) {
    Project in = access.write(project);
    RoundRequest asked = request == null ? RoundRequest.DEFAULT : request;
    Round round = launch.launch(in, asked, account.id());
    return ResponseBuilder.accepted(RoundView.of(round))
        .location(URI.create("/api/rounds/" + round.id))
        .build();
  }

  /** A project's rounds, newest first. */
  @GET
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public Page<RoundView> list(UUID project, @BeanParam @Valid Cursor cursor) {
    access.read(project);
    UUID last = cursor.last(id -> Round.count("id = ?1 and projectId = ?2", id, project) > 0);
    List<RoundView> found =
        Round.ofProject(project, last, cursor.limit + 1).stream().map(RoundView::of).toList();
    return Page.of(found, cursor.limit, view -> view.id().toString());
  }
}
