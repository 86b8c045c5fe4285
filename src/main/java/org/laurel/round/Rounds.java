package org.laurel.round;

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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.web.Audit;
import org.laurel.web.Page;

/** Rounds over HTTP: launched in a project, watched, cancelled, resumed. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class Rounds {
  private final Launch launch;
  private final Access access;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  Rounds(Launch launch, Access access, CurrentAccount account, Audit audit) {
    this.launch = launch;
    this.access = access;
    this.account = account;
    this.audit = audit;
  }

  /** Starts a round; a missing body means the default settings. */
  @POST
  @Path("/projects/{project}/rounds")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  public Response launch(UUID project, @Nullable RoundRequest request) {
    Project in = access.write(project);
    RoundRequest asked =
        request == null ? new RoundRequest(null, null, null, null, null, null) : request;
    Round round = launch.launch(in, asked, account.id());
    return Response.accepted(RoundView.of(round))
        .location(URI.create("/api/rounds/" + round.id))
        .build();
  }

  /** A project's rounds, newest first. */
  @GET
  @Path("/projects/{project}/rounds")
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public Page<RoundView> list(
      UUID project,
      @QueryParam("after") @Nullable UUID after,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(1000) int limit) {
    access.read(project);
    List<RoundView> found =
        Round.ofProject(project, after, limit + 1).stream().map(RoundView::of).toList();
    return Page.of(found, limit, view -> view.id().toString());
  }

  /** How a round stands. */
  @GET
  @Path("/rounds/{id}")
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public RoundView get(UUID id) {
    return RoundView.of(found(id));
  }

  /** Stops it; what was trained so far is kept, to go on from. */
  @POST
  @Path("/rounds/{id}/cancel")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  public Response cancel(UUID id) {
    Round round = found(id);
    round.cancel();
    audit.record("round.cancelled", "round", id, Map.of());
    return Response.accepted(RoundView.of(round)).build();
  }

  /** Goes on from the last checkpoint. */
  @POST
  @Path("/rounds/{id}/resume")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  public Response resume(UUID id) {
    Round round = found(id);
    round.resume();
    audit.record("round.resumed", "round", id, Map.of());
    return Response.accepted(RoundView.of(round)).build();
  }

  private Round found(UUID id) {
    Round round = Round.get(id);
    access.read(round.projectId);
    return round;
  }
}
