package org.laurel.judge;

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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.web.Audit;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Judges at work in a project: begun and listed. */
@Path("/api/projects/{project}/judgings")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class ProjectJudgings {
  private final Access access;
  private final JudgeSettings settings;
  private final JudgingWorker worker;
  private final Pairs pairs;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  ProjectJudgings(
      Access access,
      JudgeSettings settings,
      JudgingWorker worker,
      Pairs pairs,
      CurrentAccount account,
      Audit audit) {
    this.access = access;
    this.settings = settings;
    this.worker = worker;
    this.pairs = pairs;
    this.account = account;
    this.audit = audit;
  }

  /** Lets a judge begin: first on pairs that people have ranked, then on those to vote on. */
  @POST
  @APIResponseSchema(value = JudgingView.class, responseCode = "202")
  public RestResponse<JudgingView> begin(
      @RestPath UUID project,
      @RequestBody(required = false) @Nullable @Valid JudgingRequest request) {
    access.write(project);
    Judging judging = judging(project, request);
    judging.createdBy = account.id();
    judging.rubricVersion = rubric(project).version;
    judging.total = pairs.plan(judging).pairs();
    judging.persistAndFlush();
    audit.record(
        "judging.begun",
        "judging",
        judging.id,
        Map.of("judge", judging.judge, "model", judging.model, "rubric", judging.rubricVersion));
    worker.wakeAfterCommit();
    return RestResponse.status(RestResponse.Status.ACCEPTED, JudgingView.of(judging));
  }

  /** How many questions the same request would ask, if it came to {@link #begin} now. */
  @POST
  @Path("/plan")
  public JudgingPlan plan(
      @RestPath UUID project,
      @RequestBody(required = false) @Nullable @Valid JudgingRequest request) {
    access.read(project);
    Judging judging = judging(project, request);
    // where there is none yet, the first one will be in force
    judging.rubricVersion = RubricVersion.inForce(project).map(rubric -> rubric.version).orElse(1);
    return pairs.plan(judging);
  }

  private Judging judging(UUID project, @Nullable JudgingRequest request) {
    JudgingRequest asked =
        request == null ? new JudgingRequest(null, null, null, null, null, null, null) : request;
    Judging judging = new Judging();
    judging.projectId = project;
    judging.parameters = asked.parameters();
    if (asked.byEndpoint()) {
      ofEndpoint(judging, asked);
    } else {
      ofPolicy(judging, asked);
    }
    return judging;
  }

  /** Newest first. */
  @GET
  public Page<JudgingView> list(@RestPath UUID project, @BeanParam @Valid Cursor cursor) {
    access.read(project);
    UUID last = cursor.last(id -> Judging.count("id = ?1 and projectId = ?2", id, project) > 0);
    List<JudgingView> found = JudgingView.of(Judging.ofProject(project, last, cursor.limit + 1));
    return Page.of(found, cursor.limit, view -> view.id().toString());
  }

  private void ofEndpoint(Judging judging, JudgingRequest asked) {
    JudgeEndpoint endpoint =
        settings
            .endpoint()
            .orElseThrow(
                () ->
                    Problem.invalid(
                            "This server knows no endpoint: its operator sets"
                                + " LAUREL_JUDGE_ENDPOINT.")
                        .error("judge", "no endpoint is set"));
    String named = asked.model() == null ? endpoint.model() : asked.model();
    if (named == null) {
      throw Problem.invalid("The endpoint's model is not named.")
          .error("model", "is missing, and LAUREL_JUDGE_MODEL is not set");
    }
    judging.judge = Judging.ENDPOINT;
    judging.endpoint = endpoint.address().toString();
    judging.model = named;
  }

  private static void ofPolicy(Judging judging, JudgingRequest asked) {
    String named = asked.policy();
    PolicyVersion policy =
        PolicyVersion.named(named)
            .orElseThrow(
                () ->
                    Problem.invalid(
                            named == null
                                ? "There is no policy to judge yet."
                                : "There is no policy " + named + ".")
                        .error("policy", "names no policy"));
    judging.judge = Judging.POLICY;
    judging.policyId = policy.id;
    judging.model = policy.name;
  }

  private RubricVersion rubric(UUID project) {
    return RubricVersion.inForce(project)
        .orElseGet(() -> RubricVersion.put(project, Rubric.STANDARD.text(), account.id()));
  }
}
