package org.laurel.overview;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.demonstration.WrittenFigures;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.project.Settings;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.web.Problem;

/**
 * Where a project stands, and for administrators what can be done about it. Its parts refresh
 * themselves by htmx.
 */
@Path("/projects/{id}")
@RolesAllowed(Role.REVIEWER)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class ProjectPage {

  /** The templates of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance show(
        ProjectFacts.Head project,
        Loop loop,
        Loop.Facts facts,
        Figures figures,
        PromptTable.Rows prompts,
        String search,
        List<SamplingList.Row> samplings,
        boolean sampling,
        List<SamplingList.Policy> policies,
        List<SamplingList.RewardModel> rewardModels,
        WrittenFigures.DemonstrationCounts written);

    static native TemplateInstance prompts(UUID projectId, PromptTable.Rows prompts, String search);

    static native TemplateInstance samplings(
        UUID projectId, List<SamplingList.Row> samplings, boolean sampling);

    static native TemplateInstance guidelines(
        ProjectFacts.Head project, List<ProjectFacts.Guidelines> versions, Settings settings);
  }

  private final Access access;
  private final ProjectFacts facts;
  private final ProjectStatistics statistics;
  private final PromptTable prompts;
  private final SamplingList samplings;
  private final WrittenFigures written;

  ProjectPage(
      Access access,
      ProjectFacts facts,
      ProjectStatistics statistics,
      PromptTable prompts,
      SamplingList samplings,
      WrittenFigures written) {
    this.access = access;
    this.facts = facts;
    this.statistics = statistics;
    this.prompts = prompts;
    this.samplings = samplings;
    this.written = written;
  }

  /**
   * @param counted wait for figures of all rankings, however many; otherwise the page comes at once
   *     and asks for them itself
   */
  @GET
  public TemplateInstance show(
      @PathParam("id") UUID id, @QueryParam("counted") @DefaultValue("false") boolean counted) {
    ProjectFacts.Head project = project(id);
    ProjectStatistics.Latest known = counted ? statistics.current(id) : statistics.latest(id);
    Loop.Facts counts = facts.loop(id, known.statistics().counts());
    List<SamplingList.Row> latest = samplings.latest(id);
    return Templates.show(
        project,
        Loop.of(counts),
        counts,
        Figures.of(known),
        prompts.find(id, "", null),
        "",
        latest,
        active(latest),
        samplings.policies(id),
        samplings.rewardModels(id),
        written.of(id));
  }

  @GET
  @Path("/prompts")
  @Transactional
  public TemplateInstance prompts(
      @PathParam("id") UUID id,
      @QueryParam("search") @DefaultValue("") String search,
      @QueryParam("after") @Nullable UUID after) {
    project(id);
    return Templates.prompts(id, prompts.find(id, search.strip(), after), search.strip());
  }

  @GET
  @Path("/samplings")
  @Transactional
  public TemplateInstance samplings(@PathParam("id") UUID id) {
    project(id);
    List<SamplingList.Row> latest = samplings.latest(id);
    return Templates.samplings(id, latest, active(latest));
  }

  @GET
  @Path("/guidelines")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Transactional
  public TemplateInstance guidelines(@PathParam("id") UUID id) {
    return Templates.guidelines(project(id), facts.guidelines(id), Project.get(id).settings);
  }

  private static boolean active(List<SamplingList.Row> latest) {
    return latest.stream().anyMatch(SamplingList.Row::active);
  }

  private ProjectFacts.Head project(UUID id) {
    access.read(id);
    return facts.head(id).orElseThrow(() -> Problem.notFound("project", id));
  }
}
