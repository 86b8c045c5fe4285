package org.laurel.evaluation;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.sampling.Sampling;

/** A project's evaluations for people: what was found, and the form that begins one. */
@Path("/projects/{id}/evaluations")
@RolesAllowed(Role.ADMINISTRATOR)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class EvaluationsPage {

  /** The templates of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    /**
     * @param policy id of the one that the form begins with; empty if none is asked for
     */
    static native TemplateInstance show(
        Project project, Found found, List<PolicyVersion> policies, String served, String policy);

    static native TemplateInstance evaluations(Project project, Found found, String served);
  }

  /** What was found so far, newest first, and how the policies stand. */
  public record Found(List<Row> evaluations, List<Place> standings) {
    static Found of(UUID project) {
      List<EvaluationView> evaluations = EvaluationView.of(Sampling.evaluations(project));
      return new Found(
          evaluations.stream().map(Row::of).toList(),
          Standing.of(evaluations).stream().map(Place::of).toList());
    }

    /** Whether the policies still answer, which takes minutes; people take their time. */
    public boolean answering() {
      return evaluations.stream().anyMatch(row -> row.view().finishedAt() == null);
    }

    public boolean active() {
      return evaluations.stream().anyMatch(row -> row.view().active());
    }
  }

  /** An evaluation with its figures in percent. */
  public record Row(EvaluationView view, int rate, int low, int high) {
    static Row of(EvaluationView view) {
      return new Row(view, percent(view.winRate()), percent(view.low()), percent(view.high()));
    }

    public int answered() {
      return view.total() == 0 ? 0 : (int) (100 * view.done() / view.total());
    }

    public int width() {
      return Math.max(1, high - low);
    }

    private static int percent(@Nullable Double share) {
      return share == null ? 0 : (int) Math.round(100 * share);
    }
  }

  /** A policy's place among the others. */
  public record Place(String policy, UUID id, long elo, long pairs) {
    static Place of(Standing standing) {
      return new Place(
          standing.policy().name(),
          standing.policy().id(),
          Math.round(standing.elo()),
          standing.pairs());
    }
  }

  private final Access access;

  @Inject
  EvaluationsPage(Access access) {
    this.access = access;
  }

  @GET
  @Transactional
  public TemplateInstance show(@RestPath UUID id, @RestQuery @Nullable UUID policy) {
    Project project = access.read(id);
    return Templates.show(
        project,
        Found.of(id),
        PolicyVersion.usableIn(id),
        served(),
        policy == null ? "" : policy.toString());
  }

  @GET
  @Path("/found")
  @Transactional
  public TemplateInstance evaluations(@RestPath UUID id) {
    return Templates.evaluations(access.read(id), Found.of(id), served());
  }

  private static String served() {
    return PolicyVersion.serving().map(policy -> policy.id.toString()).orElse("");
  }
}
