package org.laurel.overview;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.laurel.web.Visitor;

/** The page after signing in: an annotator's work, an administrator's projects. */
@Path("/")
@Authenticated
public class Home {

  /** The templates of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance administrator(List<ProjectCards.Card> projects);

    static native TemplateInstance annotator(List<ProjectCards.Card> projects, String name);
  }

  private final ProjectCards cards;
  private final Visitor visitor;

  Home(ProjectCards cards, Visitor visitor) {
    this.cards = cards;
    this.visitor = visitor;
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  @Blocking
  @Transactional
  public TemplateInstance show() {
    List<ProjectCards.Card> projects = cards.of(visitor.getEmail());
    return visitor.isAdministrator()
        ? Templates.administrator(projects)
        : Templates.annotator(projects, visitor.getDisplayName());
  }
}
