package org.laurel.review;

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
import org.laurel.project.Access;
import org.laurel.project.Project;

/**
 * What people ranked in a project: the tasks with rankings, and one task with all that was said.
 */
@Path("/projects/{id}/rankings")
@RolesAllowed(Role.REVIEWER)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class ReviewPage {

  /** The templates of these pages. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance list(
        Project project,
        Filter filter,
        RankedTasks.Rows found,
        boolean first,
        List<RankedTasks.Person> people);

    /**
     * @param next the task that follows in the list; empty at its end
     * @param adjudicable whether the order that counts can be given now
     */
    static native TemplateInstance show(
        Project project, Filter filter, ReviewedTask task, String next, boolean adjudicable);
  }

  private final Access access;
  private final RankedTasks tasks;
  private final ReviewedTasks reviewed;

  @Inject
  ReviewPage(Access access, RankedTasks tasks, ReviewedTasks reviewed) {
    this.access = access;
    this.tasks = tasks;
    this.reviewed = reviewed;
  }

  @GET
  @Transactional
  public TemplateInstance list(
      @RestPath UUID id,
      @RestQuery @Nullable String only,
      @RestQuery @Nullable String order,
      @RestQuery @Nullable String annotator,
      @RestQuery @Nullable UUID after) {
    Project project = access.read(id);
    Filter filter = filter(id, only, order, annotator);
    return Templates.list(
        project, filter, tasks.find(filter, after), after == null, tasks.people(id));
  }

  /**
   * One task.
   *
   * @param only as in the list from which it is opened, and so on
   */
  @GET
  @Path("/{task}")
  @Transactional
  public TemplateInstance show(
      @RestPath UUID id,
      @RestPath UUID task,
      @RestQuery @Nullable String only,
      @RestQuery @Nullable String order,
      @RestQuery @Nullable String annotator) {
    Project project = access.read(id);
    Filter filter = filter(id, only, order, annotator);
    ReviewedTask shown = reviewed.get(id, task);
    return Templates.show(
        project,
        filter,
        shown,
        tasks.following(filter, task).map(filter::task).orElse(""),
        project.archivedAt == null && !shown.said().isEmpty());
  }

  /** What is no filter is none, as an empty field of the form is. */
  private static Filter filter(
      UUID project, @Nullable String only, @Nullable String order, @Nullable String annotator) {
    @Nullable UUID person = null;
    if (annotator != null && !annotator.isBlank()) {
      try {
        person = UUID.fromString(annotator);
      } catch (IllegalArgumentException e) {
        person = null;
      }
    }
    return new Filter(
        project, Only.of(only == null ? "" : only), "agreement".equals(order), person);
  }
}
