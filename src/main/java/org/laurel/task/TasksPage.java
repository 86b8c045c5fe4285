package org.laurel.task;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.web.Markdown;

/** The annotator's page. It only frames the work; tasks come and go through the API. */
@Path("/projects/{id}/tasks")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed(Role.ANNOTATOR)
public class TasksPage {

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance rank(Workroom room);

    private Templates() {}
  }

  private final EntityManager entityManager;
  private final Annotating annotating;
  private final Standings standings;
  private final CurrentAccount account;

  TasksPage(
      EntityManager entityManager,
      Annotating annotating,
      Standings standings,
      CurrentAccount account) {
    this.entityManager = entityManager;
    this.annotating = annotating;
    this.standings = standings;
    this.account = account;
  }

  @GET
  @Transactional
  public TemplateInstance rank(@PathParam("id") UUID projectId) {
    AnnotationForm form = annotating.requireMember(projectId, account.id());
    Tuple project =
        (Tuple)
            entityManager
                .createNativeQuery(
                    """
                    select p.name, g.text, g.version from project p
                      left join lateral (select text, version from guidelines_version
                        where project_id = p.id order by version desc limit 1) g on true
                     where p.id = :project
                    """,
                    Tuple.class)
                .setParameter("project", projectId)
                .getSingleResult();
    String guidelines = project.get("text", String.class);
    boolean none = guidelines == null || guidelines.isBlank();
    return Templates.rank(
        new Workroom(
            projectId,
            project.get("name", String.class),
            account.id(),
            form,
            none ? null : Markdown.html(guidelines),
            project.get("version", Integer.class),
            standings.of(projectId, account.id(), form)));
  }
}
