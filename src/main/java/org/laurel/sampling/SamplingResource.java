package org.laurel.sampling;

import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;
import org.laurel.account.Role;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** One sampling: how far it is, and stopping it. */
@Path("/api/samplings/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class SamplingResource {

  private final Audit audit;

  SamplingResource(Audit audit) {
    this.audit = audit;
  }

  @GET
  public SamplingProgress get(@PathParam("id") UUID id) {
    return SamplingProgress.of(sampling(id, LockModeType.NONE));
  }

  /** Asks a sampling to stop; what it has sampled stays. */
  @POST
  @Path("/cancel")
  @APIResponseSchema(value = SamplingProgress.class, responseCode = "202")
  public RestResponse<SamplingProgress> cancel(@PathParam("id") UUID id) {
    // locked, so that the job's own progress is not written over
    Sampling sampling = sampling(id, LockModeType.PESSIMISTIC_WRITE);
    if (!sampling.isOver()) {
      sampling.cancel();
      audit.record("sampling.cancelled", "sampling", id, Map.of());
    }
    return RestResponse.status(RestResponse.Status.ACCEPTED, SamplingProgress.of(sampling));
  }

  private static Sampling sampling(UUID id, LockModeType lock) {
    return Sampling.<Sampling>findByIdOptional(id, lock)
        .orElseThrow(() -> Problem.notFound("sampling", id));
  }
}
