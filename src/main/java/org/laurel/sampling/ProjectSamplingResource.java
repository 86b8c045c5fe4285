package org.laurel.sampling;

import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.web.Audit;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Samplings of a project: how it gets completions to rank. */
@Path("/api/projects/{id}/samplings")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class ProjectSamplingResource {

  private final SamplingWorker worker;
  private final Access access;
  private final CurrentAccount account;
  private final Audit audit;

  ProjectSamplingResource(
      SamplingWorker worker, Access access, CurrentAccount account, Audit audit) {
    this.worker = worker;
    this.access = access;
    this.account = account;
    this.audit = audit;
  }

  /** Begins a sampling of every prompt that lacks completions by the policy. */
  @POST
  @APIResponseSchema(value = SamplingProgress.class, responseCode = "202")
  public RestResponse<SamplingProgress> begin(
      @PathParam("id") UUID projectId,
      @RequestBody(required = false) @Nullable @Valid SamplingRequest request) {
    SamplingRequest asked = request == null ? SamplingRequest.standard() : request;
    Project project = access.write(projectId);
    Integer overlap = asked.overlap();
    Integer priority = asked.priority();
    Sampling sampling = new Sampling();
    sampling.projectId = projectId;
    sampling.policyId = policy(asked).id;
    sampling.parameters = parameters(asked, project.completionsPerPrompt, projectId);
    sampling.seats = (short) (overlap == null ? project.overlap : overlap);
    sampling.priority = priority == null ? 0 : priority;
    sampling.createdBy = account.id();
    sampling.persistAndFlush();
    audit.record("sampling.begun", "sampling", sampling.id, sampling.parameters);
    worker.wakeAfterCommit();
    return RestResponse.status(RestResponse.Status.ACCEPTED, SamplingProgress.of(sampling));
  }

  /** The project's samplings in the order they were asked for. */
  @GET
  public Page<SamplingProgress> list(
      @PathParam("id") UUID projectId, @BeanParam @Valid Cursor cursor) {
    access.read(projectId);
    List<Sampling> found =
        Sampling.<Sampling>find(
                "projectId = ?1 and baselineId is null and id > ?2 order by id",
                projectId,
                cursor.after(
                    id ->
                        Sampling.count(
                                "id = ?1 and projectId = ?2 and baselineId is null", id, projectId)
                            > 0))
            .page(0, cursor.limit + 1)
            .list();
    return Page.of(found, cursor.limit, s -> s.id.toString()).map(SamplingProgress::of);
  }

  private static Map<String, Object> parameters(
      SamplingRequest asked, int perProject, UUID projectId) {
    Map<String, Object> parameters = asked.parameters(perProject);
    SamplingRequest.Best best = asked.bestOf();
    if (best != null) {
      BestOf.store(parameters, best.n(), rewardModel(best.rewardModel(), projectId));
    }
    return parameters;
  }

  private static RewardModelVersion rewardModel(@Nullable String named, UUID projectId) {
    if (named == null) {
      return RewardModelVersion.newestOf(projectId)
          .orElseThrow(
              () ->
                  Problem.invalid(
                          "The best of several needs a reward model; this project has none.")
                      .error("bestOf.rewardModel", "there is none yet"));
    }
    return RewardModelVersion.named(named)
        .orElseThrow(
            () ->
                Problem.invalid("There is no reward model " + named + ".")
                    .error("bestOf.rewardModel", "names no reward model"));
  }

  private static PolicyVersion policy(SamplingRequest asked) {
    String named = asked.policy();
    return PolicyVersion.named(named)
        .orElseThrow(
            () ->
                Problem.invalid(
                        named == null
                            ? "There is no policy to sample from yet."
                            : "There is no policy " + named + ".")
                    .error("policy", "names no policy"));
  }
}
