package org.laurel.evaluation;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.laurel.account.Role;
import org.laurel.sampling.Sampling;
import org.laurel.task.Task;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** One evaluation: what people say, and ending it. */
@Path("/api/evaluations/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class EvaluationResource {
  private final Audit audit;

  @Inject
  EvaluationResource(Audit audit) {
    this.audit = audit;
  }

  @GET
  public EvaluationView get(@RestPath UUID id) {
    return view(evaluation(id, LockModeType.NONE));
  }

  /** Asks nobody any more; what was judged stays. */
  @POST
  @Path("/cancel")
  @APIResponseSchema(value = EvaluationView.class, responseCode = "202")
  public RestResponse<EvaluationView> cancel(@RestPath UUID id) {
    Sampling evaluation = evaluation(id, LockModeType.PESSIMISTIC_WRITE);
    if (!evaluation.isOver()) {
      evaluation.cancel();
    }
    Task.closeOf(id);
    audit.record("evaluation.cancelled", "evaluation", id, Map.of());
    return RestResponse.status(RestResponse.Status.ACCEPTED, view(evaluation));
  }

  private static EvaluationView view(Sampling evaluation) {
    return EvaluationView.of(List.of(evaluation)).get(0);
  }

  private static Sampling evaluation(UUID id, LockModeType lock) {
    return Sampling.<Sampling>findByIdOptional(id, lock)
        .filter(sampling -> sampling.baselineId != null)
        .orElseThrow(() -> Problem.notFound("evaluation", id));
  }
}
