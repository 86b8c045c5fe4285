package org.laurel.demonstration;

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
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.project.GuidelinesVersion;
import org.laurel.project.Project;
import org.laurel.task.Annotating;
import org.laurel.task.AnnotationForm;
import org.laurel.web.Markdown;

/** Where annotators write. It only frames the work; prompts come and go through the API. */
@Path("/projects/{id}/demonstrations")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed(Role.ANNOTATOR)
@Blocking
public class WritingPage {

  /**
   * What the page needs to know before there is a prompt.
   *
   * @param wanted whether the project wants demonstrations at all
   * @param leaseMs how long a lease lasts, milliseconds
   * @param guidelines safe HTML; null if the project has none
   */
  record Desk(
      UUID projectId,
      String projectName,
      UUID accountId,
      boolean wanted,
      long leaseMs,
      @Nullable String guidelines,
      @Nullable Integer guidelinesVersion) {}

  /** The template of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance write(Desk desk);
  }

  private final Annotating annotating;
  private final CurrentAccount account;

  @Inject
  WritingPage(Annotating annotating, CurrentAccount account) {
    this.annotating = annotating;
    this.account = account;
  }

  @GET
  @Transactional
  public TemplateInstance write(@RestPath UUID id) {
    AnnotationForm form = annotating.requireMember(id, account.id());
    Project project = Project.get(id);
    Optional<GuidelinesVersion> guidelines = project.guidelines().filter(g -> !g.text.isBlank());
    return Templates.write(
        new Desk(
            id,
            project.name,
            account.id(),
            form.demonstrationsPerPrompt() > 0,
            form.lease().toMillis(),
            guidelines.map(g -> Markdown.html(g.text)).orElse(null),
            guidelines.map(g -> g.version).orElse(null)));
  }
}
