package org.laurel.review;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.task.Annotating;
import org.laurel.task.AnnotationForm;
import org.laurel.web.Flash;

/** A project's silent checks, and who passed how many. */
@Path("/projects/{id}/checks")
@RolesAllowed(Role.REVIEWER)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class ChecksPage {
  private static final int SHOWN = 200;

  /** The templates of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    /**
     * @param checks those that most people fail first
     * @param more how many are not shown
     */
    static native TemplateInstance show(
        Project project,
        AnnotationForm form,
        List<CheckedPerson> people,
        List<CheckedTask> checks,
        int more);
  }

  private final Access access;
  private final Annotating annotating;
  private final CheckedTasks tasks;
  private final CheckedPeople people;
  private final SilentChecks checks;

  @Inject
  ChecksPage(
      Access access,
      Annotating annotating,
      CheckedTasks tasks,
      CheckedPeople people,
      SilentChecks checks) {
    this.access = access;
    this.annotating = annotating;
    this.tasks = tasks;
    this.people = people;
    this.checks = checks;
  }

  @GET
  @Transactional
  public TemplateInstance show(@RestPath UUID id) {
    Project project = access.read(id);
    AnnotationForm form = annotating.form(id);
    List<CheckedTask> all = tasks.of(id);
    return Templates.show(
        project,
        form,
        people.of(id, form),
        all.stream().limit(SHOWN).toList(),
        Math.max(0, all.size() - SHOWN));
  }

  @POST
  @Path("/people/{annotator}/let-in")
  public Response letIn(@RestPath UUID id, @RestPath UUID annotator) {
    Account letIn = checks.letIn(id, annotator);
    return Flash.redirect(
        "/projects/" + id + "/checks", letIn.email + " goes on, and the count starts anew");
  }
}
