package org.laurel.round;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.web.Audit;

/** Rounds over HTTP: watched, cancelled, resumed. */
@Path("/api/rounds")
@Produces(MediaType.APPLICATION_JSON)
public class Rounds {
  private final Access access;
  private final Audit audit;

  @Inject
  Rounds(Access access, Audit audit) {
    this.access = access;
    this.audit = audit;
  }

  /** How a round stands. */
  @GET
  @Path("/{id}")
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public RoundView get(UUID id) {
    return RoundView.of(readable(Round.get(id)));
  }

  /** Stops it; what was trained so far is kept, to go on from. */
  @POST
  @Path("/{id}/cancel")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  @APIResponseSchema(value = RoundView.class, responseCode = "202")
  public RestResponse<RoundView> cancel(UUID id) {
    Round round = readable(Round.locked(id));
    round.cancel();
    audit.record("round.cancelled", "round", id, Map.of());
    return RestResponse.accepted(RoundView.of(round));
  }

  /** Goes on from the last checkpoint. */
  @POST
  @Path("/{id}/resume")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  @APIResponseSchema(value = RoundView.class, responseCode = "202")
  public RestResponse<RoundView> resume(UUID id) {
    Round round = readable(Round.locked(id));
    round.resume();
    audit.record("round.resumed", "round", id, Map.of());
    return RestResponse.accepted(RoundView.of(round));
  }

  private Round readable(Round round) {
    access.read(round.projectId);
    return round;
  }
}
