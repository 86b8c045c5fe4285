package org.laurel.dataset;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.EntityManager;
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
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.project.Project;

/** The formats in which a project's data can be taken away. */
@Path("/projects/{id}/export")
@RolesAllowed(Role.ADMINISTRATOR)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class ExportPage {

  /** The template of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance show(
        Project project,
        List<ExportFormat> formats,
        List<String> types,
        String votes,
        long aiVotes);
  }

  private final Access access;
  private final EntityManager database;

  ExportPage(Access access, EntityManager database) {
    this.access = access;
    this.database = database;
  }

  @GET
  @Transactional
  public TemplateInstance show(
      @PathParam("id") UUID id, @QueryParam("votes") @DefaultValue("people") String votes) {
    Project project = access.read(id);
    List<String> types = List.of(FileType.values()).stream().map(FileType::extension).toList();
    String whose = VotesOf.of(votes).orElse(VotesOf.PEOPLE).key();
    return Templates.show(project, List.of(ExportFormat.values()), types, whose, aiVotes(id));
  }

  private long aiVotes(UUID project) {
    return (Long)
        database
            .createNativeQuery("select count(*) from ai_vote where project_id = :p", Long.class)
            .setParameter("p", project)
            .getSingleResult();
  }
}
