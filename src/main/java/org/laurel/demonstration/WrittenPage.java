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
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.web.Page;

/** What people wrote in a project, for those who look after the work. */
@Path("/projects/{id}/demonstrations/all")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed(Role.REVIEWER)
@Blocking
public class WrittenPage {
  private static final int SHOWN = 20;

  /**
   * Which of them are listed.
   *
   * @param writer the id of an account; empty for everybody
   */
  record Shelf(UUID project, Choice choice, String writer) {
    /** A choice that can be made instead. */
    record Other(String label, String href, boolean current) {}

    public List<Other> others() {
      return List.of(Choice.values()).stream()
          .map(c -> new Other(c.label(), new Shelf(project, c, writer).href(), c == choice))
          .toList();
    }

    public String href() {
      return "/projects/%s/demonstrations/all?only=%s&writer=%s"
          .formatted(project, choice.key(), writer);
    }

    public String after(String last) {
      return href() + "&after=" + last;
    }
  }

  /** Somebody who wrote in a project. */
  record Writer(String id, String name) {}

  /** The template of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    /**
     * @param first whether the list begins here
     */
    static native TemplateInstance list(
        Project project,
        Shelf shelf,
        Page<ReadableDemonstration> found,
        boolean first,
        List<Writer> writers,
        WrittenFigures.DemonstrationCounts counts);
  }

  private final Access access;
  private final WrittenFigures figures;

  @Inject
  WrittenPage(Access access, WrittenFigures figures) {
    this.access = access;
    this.figures = figures;
  }

  /** What is no choice or no account is none, as an empty field of the form is. */
  @GET
  @Transactional
  public TemplateInstance list(
      @RestPath UUID id,
      @RestQuery @Nullable String only,
      @RestQuery @Nullable String writer,
      @RestQuery @Nullable UUID after) {
    Project project = access.read(id);
    Choice choice = Choice.of(only == null ? "" : only).orElse(Choice.ALL);
    List<Writer> writers = writers(id);
    @Nullable Writer by =
        writers.stream().filter(w -> w.id().equals(writer)).findFirst().orElse(null);
    List<Demonstration> found =
        Demonstration.newest(
            id, choice, by == null ? null : UUID.fromString(by.id()), after, SHOWN + 1);
    return Templates.list(
        project,
        new Shelf(id, choice, by == null ? "" : by.id()),
        Page.of(ReadableDemonstration.of(found), SHOWN, row -> row.id().toString()),
        after == null,
        writers,
        figures.of(id));
  }

  private static List<Writer> writers(UUID project) {
    return Account.<Account>list(
            "id in (select d.authorId from Demonstration d where d.origin = 'written'"
                + " and d.promptId in (select p.id from Prompt p where p.projectId = ?1))"
                + " order by email",
            project)
        .stream()
        .map(
            a -> new Writer(a.id.toString(), a.name == null || a.name.isBlank() ? a.email : a.name))
        .toList();
  }
}
