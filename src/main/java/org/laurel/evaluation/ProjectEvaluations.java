package org.laurel.evaluation;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
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
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.sampling.Sampling;
import org.laurel.sampling.SamplingWorker;
import org.laurel.web.Audit;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Evaluations of a project: begun and listed. */
@Path("/api/projects/{project}/evaluations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class ProjectEvaluations {
  private final Access access;
  private final SamplingWorker samplings;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  ProjectEvaluations(Access access, SamplingWorker samplings, CurrentAccount account, Audit audit) {
    this.access = access;
    this.samplings = samplings;
    this.account = account;
    this.audit = audit;
  }

  /** Lets two policies answer the same prompts, for people to judge blind. */
  @POST
  @APIResponseSchema(value = EvaluationView.class, responseCode = "202")
  public RestResponse<EvaluationView> begin(
      @RestPath UUID project, @NotNull @Valid EvaluationRequest request) {
    Project in = access.write(project);
    PolicyVersion policy = policy(request.policy(), "policy");
    PolicyVersion against = policy(request.against(), "against");
    if (policy.id.equals(against.id)) {
      throw Problem.invalid(policy.name + " would be held against itself.")
          .error("against", "names the same policy");
    }
    Integer overlap = request.overlap();
    Sampling evaluation = new Sampling();
    evaluation.projectId = project;
    evaluation.policyId = policy.id;
    evaluation.baselineId = against.id;
    evaluation.parameters = request.parameters();
    evaluation.seats = (short) (overlap == null ? in.overlap : overlap);
    evaluation.priority = request.priorityOrDefault();
    evaluation.createdBy = account.id();
    evaluation.persistAndFlush();
    audit.record(
        "evaluation.begun",
        "evaluation",
        evaluation.id,
        Map.of("policy", policy.name, "against", against.name));
    samplings.wakeAfterCommit();
    return RestResponse.status(
        RestResponse.Status.ACCEPTED, EvaluationView.of(List.of(evaluation)).get(0));
  }

  /** In the order they were asked for. */
  @GET
  public Page<EvaluationView> list(@RestPath UUID project, @BeanParam @Valid Cursor cursor) {
    access.read(project);
    List<Sampling> found =
        Sampling.<Sampling>find(
                "projectId = ?1 and baselineId is not null and id > ?2 order by id",
                project,
                cursor.after(
                    id ->
                        Sampling.count(
                                "id = ?1 and projectId = ?2 and baselineId is not null",
                                id,
                                project)
                            > 0))
            .page(0, cursor.limit + 1)
            .list();
    return Page.of(EvaluationView.of(found), cursor.limit, view -> view.id().toString());
  }

  /** The policies that people have compared in this project, the best first. */
  @GET
  @Path("/standings")
  public List<Standing> standings(@RestPath UUID project) {
    access.read(project);
    return Standing.of(EvaluationView.of(Sampling.evaluations(project)));
  }

  private static PolicyVersion policy(@Nullable String named, String field) {
    return PolicyVersion.named(named)
        .orElseThrow(
            () ->
                Problem.invalid(
                        named == null
                            ? "There is no policy to compare with yet."
                            : "There is no policy " + named + ".")
                    .error(field, "names no policy"));
  }
}
